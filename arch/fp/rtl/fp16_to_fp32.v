// FP16 as FP32, which is exact.
//
//   clk   rising edge; a new number every cycle
//   a     the number in cycle t
//   y     the same in cycle t + LATENCY
//
// NaNs are made 7fc00000. FLUSH: a subnormal number becomes the zero of its sign. No number becomes subnormal.
//
// Registers stand where the logic is cut into about equal parts; with OPEN the last part has none at its end: whoever takes y has it.

`default_nettype none

module fp16_to_fp32 #(
    parameter LATENCY = 1,
    parameter FLUSH   = 1,
    parameter OPEN    = 0
) (
    // Without registers there is nothing to clock.
    /* verilator lint_off UNUSED */
    input  wire        clk,
    /* verilator lint_on UNUSED */
    input  wire [15:0] a,
    output wire [31:0] y
);

  localparam PARTS = LATENCY + OPEN;
  localparam D1 = PARTS * 50 / 100;
  localparam D2 = LATENCY - PARTS * 50 / 100;

  // Count leading zeros of a subnormal number's fraction; a normal number has its exponent, rebiased from 15 to 127.
  wire low = ~|a[14:10];
  wire none = ~|a[9:0];
  wire [3:0] n;
  generate
    if (FLUSH != 0) begin : normal
      assign n = 4'd0;
    end else begin : subnormal
      fp_zeros #(.WIDTH(10), .BITS(4)) count (.x(a[9:0]), .n(n));
    end
  endgenerate
  wire [3:0] shift0 = low ? n + 4'd1 : 4'd0;
  wire [7:0] e0 = {3'd0, a[14:11], a[10] | low} + 8'd112 - {4'd0, shift0};

  wire sign, nan, inf, zero;
  wire [7:0] e;
  wire [3:0] shift;
  wire [9:0] f;
  fp_delay #(.WIDTH(26), .DEPTH(D1)) cut1 (
      .clk(clk), .d({a[15], &a[14:10] & ~none, &a[14:10], low & (none | FLUSH != 0), e0, shift0, a[9:0]}), .q({sign, nan, inf, zero, e, shift, f})
  );

  wire [9:0] m = f << shift;
  reg [31:0] word;
  always @*
    if (nan) word = 32'h7fc00000;
    else if (inf) word = {sign, 8'hff, 23'd0};
    else if (zero) word = {sign, 31'd0};
    else word = {sign, e, m, 13'd0};

  fp_delay #(.WIDTH(32), .DEPTH(D2)) cut2 (.clk(clk), .d(word), .q(y));

endmodule

`default_nettype wire
