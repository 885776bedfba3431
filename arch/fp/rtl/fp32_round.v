// The last part of an FP32 operator: a number of any exponent to the nearest FP32 number, ties to even.
//
//   clk      rising edge; a new number every cycle
//   sign     of the number, in cycle t, as all others
//   special  00 the number is (-1)**sign * 1.man * 2**(exponent-127); 01 zero, 10 infinity, 11 NaN
//   exponent with its bias, as a two's complement number
//   man      1, 23 bits of fraction, a guard bit, and one that says whether there is anything behind it
//   y        in cycle t + SHIFTED + ROUNDED + PACKED
//
// Registers: SHIFTED after a subnormal number is shifted to its place, ROUNDED after rounding, PACKED at the end. FLUSH: what is subnormal
// after rounding, at the step of subnormal numbers as IEEE 754 rounds, is the zero of its sign.

`default_nettype none

module fp32_round #(
    parameter FLUSH   = 1,
    parameter SHIFTED = 0,
    parameter ROUNDED = 0,
    parameter PACKED  = 1
) (
    // Without registers there is nothing to clock.
    /* verilator lint_off UNUSED */
    input  wire        clk,
    /* verilator lint_on UNUSED */
    input  wire        sign,
    input  wire [ 1:0] special,
    input  wire [ 9:0] exponent,
    input  wire [25:0] man,
    output wire [31:0] y
);

  // Shift what is below the normal numbers; exponent 0 in the word stands for 1 without the leading bit.
  wire low = exponent[9] | ~|exponent;
  wire [8:0] e0 = low ? 9'd0 : exponent[8:0];
  wire [8:0] e1;
  wire [24:0] moved, m;
  wire tiny;
  generate
    if (FLUSH != 0) begin : flush
      // The one number below that rounds up to the smallest normal one: at half the exponent, 24 ones.
      assign tiny  = low & ~(~|exponent & &man[25:2]);
      assign moved = low ? 25'h1ffffff : man[24:0];
    end else begin : gradual
      wire [9:0] by = 10'd1 - exponent;
      wire [4:0] shift = |by[9:5] ? 5'd31 : by[4:0];
      /* verilator lint_off UNUSED */
      wire [25:0] right = man >> shift;  // by at least one
      /* verilator lint_on UNUSED */
      wire lost = |(man & ~(26'h3ffffff << shift));
      assign tiny  = 1'b0;
      assign moved = low ? {right[24:1], right[0] | lost} : man[24:0];
    end
  endgenerate

  wire sign1;
  wire [1:0] special1;
  fp_delay #(.WIDTH(37), .DEPTH(SHIFTED)) cut1 (
      .clk(clk), .d({sign, special == 2'd0 & tiny ? 2'd1 : special, e0, moved}), .q({sign1, special1, e1, m})
  );

  // Round. A carry out of the fraction is one exponent more.
  wire [31:0] rounded = {e1, m[24:2]} + {31'd0, m[1] & (m[0] | m[2])};

  wire sign2;
  wire [1:0] special2;
  wire [31:0] r;
  fp_delay #(.WIDTH(35), .DEPTH(ROUNDED)) cut2 (.clk(clk), .d({sign1, special1, rounded}), .q({sign2, special2, r}));

  // Pack.
  reg [31:0] word;
  always @*
    if (&special2) word = 32'h7fc00000;
    else if (special2[1] | (~special2[0] & (r[31] | &r[30:23]))) word = {sign2, 8'hff, 23'd0};
    else if (special2[0]) word = {sign2, 31'd0};
    else word = {sign2, r[30:0]};

  fp_delay #(.WIDTH(32), .DEPTH(PACKED)) cut3 (.clk(clk), .d(word), .q(y));

endmodule

`default_nettype wire
