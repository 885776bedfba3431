// FP16 x FP16 = FP32, which is exact.
//
//   clk   rising edge; a new pair every cycle
//   a, b  operands in cycle t
//   y     their product in cycle t + LATENCY
//
// NaNs are made 7fc00000. FLUSH: a subnormal operand is the zero of its sign. The product of two subnormals is a normal FP32 number, so
// nothing is rounded, and nothing underflows or overflows.
//
// Registers stand where the logic is cut into about equal parts, two after the product first of all, where a DSP slice has its own; with
// OPEN the last part has none at its end: whoever takes y has it.

`default_nettype none

module fp16_mul #(
    parameter LATENCY = 2,
    parameter FLUSH   = 1,
    parameter OPEN    = 0
) (
    input  wire        clk,
    input  wire [15:0] a,
    input  wire [15:0] b,
    output wire [31:0] y
);

  // Where the cuts are, in hundredths of the way.
  localparam PARTS = LATENCY + OPEN;
  localparam P1 = FLUSH != 0 ? 0 : 15;
  localparam P2 = 60;
  localparam P3 = FLUSH != 0 ? 60 : 80;
  localparam D1 = PARTS * P1 / 100;
  localparam D2 = PARTS * P2 / 100 - PARTS * P1 / 100;
  localparam D3 = PARTS * P3 / 100 - PARTS * P2 / 100;
  localparam D4 = LATENCY - PARTS * P3 / 100;

  // Unpack. What is flushed is multiplied too, and zero said beside it, so that nothing is in front of the multiplier.
  wire za = ~|a[14:10];
  wire zb = ~|b[14:10];
  wire nothing_a = za & (FLUSH != 0 | ~|a[9:0]);
  wire nothing_b = zb & (FLUSH != 0 | ~|b[9:0]);
  wire [10:0] ma0 = {FLUSH != 0 | ~za, a[9:0]};
  wire [10:0] mb0 = {FLUSH != 0 | ~zb, b[9:0]};
  // The exponent of the product's highest bit: each of a and b at least 1, biases 15 and 127, one for the bit left of the point.
  wire [7:0] e0 = {3'd0, a[14:11], a[10] | za} + {3'd0, b[14:11], b[10] | zb} + 8'd98;
  wire nan0 = (&a[14:10] & (|a[9:0] | nothing_b)) | (&b[14:10] & (|b[9:0] | nothing_a));
  wire inf0 = &a[14:10] | &b[14:10];
  wire zero0 = nothing_a | nothing_b;
  wire sign0 = a[15] ^ b[15];

  wire [10:0] ma, mb;
  wire [7:0] e1;
  wire nan1, inf1, zero1, sign1;
  fp_delay #(.WIDTH(34), .DEPTH(D1)) cut1 (.clk(clk), .d({nan0, inf0, zero0, sign0, e0, ma0, mb0}), .q({nan1, inf1, zero1, sign1, e1, ma, mb}));

  // Multiply.
  wire [21:0] product = {11'd0, ma} * {11'd0, mb};

  wire [21:0] p;
  wire [7:0] e2;
  wire nan2, inf2, zero2, sign2;
  fp_delay #(.WIDTH(34), .DEPTH(D2)) cut2 (.clk(clk), .d({nan1, inf1, zero1, sign1, e1, product}), .q({nan2, inf2, zero2, sign2, e2, p}));

  // Count leading zeros: one at most without subnormals.
  wire [4:0] n;
  generate
    if (FLUSH != 0) begin : normal
      assign n = {4'd0, ~p[21]};
    end else begin : subnormal
      fp_zeros #(.WIDTH(22), .BITS(5)) count (.x(p), .n(n));
    end
  endgenerate

  wire [21:0] q;
  wire [7:0] e3;
  wire [4:0] shift;
  wire nan3, inf3, zero3, sign3;
  fp_delay #(.WIDTH(39), .DEPTH(D3)) cut3 (
      .clk(clk), .d({nan2, inf2, zero2, sign2, e2, n, p}), .q({nan3, inf3, zero3, sign3, e3, shift, q})
  );

  // Normalise and pack.
  wire [7:0] e = e3 - {3'd0, shift};
  /* verilator lint_off UNUSED */
  wire [21:0] m = q << shift;  // the highest bit is implied
  /* verilator lint_on UNUSED */
  reg [31:0] word;
  always @*
    if (nan3) word = 32'h7fc00000;
    else if (inf3) word = {sign3, 8'hff, 23'd0};
    else if (zero3) word = {sign3, 31'd0};
    else word = {sign3, e, m[20:0], 2'b00};

  fp_delay #(.WIDTH(32), .DEPTH(D4)) cut4 (.clk(clk), .d(word), .q(y));

endmodule

`default_nettype wire
