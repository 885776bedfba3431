// FP32 as FP16, rounded to nearest, ties to even.
//
//   clk   rising edge; a new number every cycle
//   a     the number in cycle t
//   y     the nearest FP16 number in cycle t + LATENCY
//
// From 65520 on numbers become infinities. NaNs are made 7e00. FLUSH: a result that is subnormal after rounding is the zero of its sign.
// Every subnormal FP32 number is below half of the smallest FP16 number, and so becomes zero in either case.
//
// Registers stand where the logic is cut into about equal parts; with OPEN the last part has none at its end: whoever takes y has it.

`default_nettype none

module fp32_to_fp16 #(
    parameter LATENCY = 2,
    parameter FLUSH   = 1,
    parameter OPEN    = 0
) (
    // Without registers there is nothing to clock.
    /* verilator lint_off UNUSED */
    input  wire        clk,
    /* verilator lint_on UNUSED */
    input  wire [31:0] a,
    output wire [15:0] y
);

  localparam PARTS = LATENCY + OPEN;
  localparam D1 = PARTS * 25 / 100;
  localparam D2 = PARTS * 55 / 100 - PARTS * 25 / 100;
  localparam D3 = LATENCY - PARTS * 55 / 100;

  // Unpack. Exponent 113 here is 1 there: what is below is shifted right, to nothing after 12 bits.
  wire [7:0] ea = a[30:23];
  wire normal0 = ea > 8'd112;
  wire [7:0] below = 8'd113 - ea;
  wire [3:0] shift0 = normal0 ? 4'd0 : below > 8'd12 ? 4'd12 : below[3:0];
  wire [4:0] e0 = normal0 ? {~ea[4], ea[3:0]} : 5'd0;  // less 112
  wire nan0 = &ea & |a[22:0];
  wire over0 = ea > 8'd142;

  wire sign1, nan1, over1;
  wire [4:0] e1;
  wire [3:0] shift;
  wire [22:0] f;
  fp_delay #(.WIDTH(35), .DEPTH(D1)) cut1 (.clk(clk), .d({a[31], nan0, over0, e0, shift0, a[22:0]}), .q({sign1, nan1, over1, e1, shift, f}));

  // Align. Ten bits of fraction, a guard bit, and one for all others.
  /* verilator lint_off UNUSED */
  wire [35:0] m = {1'b1, f, 12'd0} >> shift;  // a normal number's highest bit is implied
  /* verilator lint_on UNUSED */

  wire sign2, nan2, over2, guard, rest;
  wire [4:0] e2;
  wire [9:0] kept;
  fp_delay #(.WIDTH(20), .DEPTH(D2)) cut2 (
      .clk(clk), .d({sign1, nan1, over1, e1, m[34:25], m[24], |m[23:0]}), .q({sign2, nan2, over2, e2, kept, guard, rest})
  );

  // Round and pack. A carry out of the fraction is one exponent more, up to infinity's.
  wire [14:0] r = {e2, kept} + {14'd0, guard & (rest | kept[0])};
  reg [15:0] word;
  always @*
    if (nan2) word = 16'h7e00;
    else if (over2) word = {sign2, 5'h1f, 10'd0};
    else if (FLUSH != 0 && ~|r[14:10]) word = {sign2, 15'd0};
    else word = {sign2, r};

  fp_delay #(.WIDTH(16), .DEPTH(D3)) cut3 (.clk(clk), .d(word), .q(y));

endmodule

`default_nettype wire
