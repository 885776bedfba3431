// FP32 x FP32 = FP32, rounded to nearest, ties to even.
//
//   clk   rising edge; a new pair every cycle
//   a, b  operands in cycle t
//   y     their product in cycle t + LATENCY
//
// NaNs, and the product of zero and infinity, are 7fc00000. FLUSH: subnormal operands, and results that are subnormal after rounding, are
// zeros of their sign.
//
// Registers stand where the logic is cut into about equal parts; with OPEN the last part has none at its end: whoever takes y has it. The
// product of 24 x 24 bits is made of one of 24 x 17 and one of 24 x 7, as multipliers of 27 x 18 bits take them. Of three registers the first stands
// behind the sum of the two, or with BEHIND right behind the multipliers, for whoever has something in front of them.

`default_nettype none

module fp32_mul #(
    parameter LATENCY = 4,
    parameter FLUSH   = 1,
    parameter OPEN    = 0,
    parameter BEHIND  = 0
) (
    input  wire        clk,
    input  wire [31:0] a,
    input  wire [31:0] b,
    output wire [31:0] y
);

  // Where the cuts are, in hundredths of the way.
  localparam PARTS = LATENCY + OPEN;
  localparam P1 = FLUSH != 0 ? 0 : 8;
  localparam P2 = FLUSH == 0 ? 25 : BEHIND != 0 ? 34 : 30;
  localparam P3 = FLUSH != 0 ? 52 : 38;
  localparam P4 = FLUSH != 0 ? 52 : 57;
  localparam P5 = FLUSH != 0 ? 62 : 68;
  localparam P6 = FLUSH != 0 ? 72 : 84;
  localparam P7 = FLUSH != 0 ? 92 : 95;
  localparam D1 = PARTS * P1 / 100;
  localparam D2 = PARTS * P2 / 100 - PARTS * P1 / 100;
  localparam D3 = PARTS * P3 / 100 - PARTS * P2 / 100;
  localparam D4 = PARTS * P4 / 100 - PARTS * P3 / 100;
  localparam D5 = PARTS * P5 / 100 - PARTS * P4 / 100;
  localparam D6 = PARTS * P6 / 100 - PARTS * P5 / 100;
  localparam D7 = PARTS * P7 / 100 - PARTS * P6 / 100;
  localparam D8 = LATENCY - PARTS * P7 / 100;

  // 1. Unpack. A subnormal number's exponent counts as 1. What is flushed is multiplied too, and zero said beside it, so that nothing is in front
  // of the multipliers.
  wire za = ~|a[30:23];
  wire zb = ~|b[30:23];
  wire nothing_a = za & (FLUSH != 0 | ~|a[22:0]);
  wire nothing_b = zb & (FLUSH != 0 | ~|b[22:0]);
  wire [23:0] ma0 = {FLUSH != 0 | ~za, a[22:0]};
  wire [23:0] mb0 = {FLUSH != 0 | ~zb, b[22:0]};
  // The exponent of the product's highest bit, which weighs 2.
  wire [9:0] e0 = {2'd0, a[30:24], a[23] | za} + {2'd0, b[30:24], b[23] | zb} - 10'd126;
  wire nan0 = (&a[30:23] & (|a[22:0] | nothing_b)) | (&b[30:23] & (|b[22:0] | nothing_a));
  wire inf0 = &a[30:23] | &b[30:23];
  wire zero0 = nothing_a | nothing_b;
  wire [1:0] special0 = nan0 ? 2'd3 : inf0 ? 2'd2 : zero0 ? 2'd1 : 2'd0;

  wire [23:0] ma, mb;
  wire [9:0] e1;
  wire sign1;
  wire [1:0] special1;
  fp_delay #(.WIDTH(61), .DEPTH(D1)) cut1 (.clk(clk), .d({a[31] ^ b[31], special0, e0, ma0, mb0}), .q({sign1, special1, e1, ma, mb}));

  // 2. Multiply.
  wire [40:0] low2 = {17'd0, ma} * {24'd0, mb[16:0]};
  wire [30:0] high2 = {7'd0, ma} * {24'd0, mb[23:17]};

  wire [40:0] low;
  wire [30:0] high;
  wire [9:0] e2;
  wire sign2;
  wire [1:0] special2;
  fp_delay #(.WIDTH(85), .DEPTH(D2)) cut2 (.clk(clk), .d({sign1, special1, e1, low2, high2}), .q({sign2, special2, e2, low, high}));

  // 3. Add the two.
  wire [30:0] sum3 = high + {7'd0, low[40:17]};

  wire [47:0] p;
  wire [9:0] e3;
  wire sign3;
  wire [1:0] special3;
  fp_delay #(.WIDTH(61), .DEPTH(D3)) cut3 (.clk(clk), .d({sign2, special2, e2, sum3, low[16:0]}), .q({sign3, special3, e3, p}));

  // 4. Count leading zeros: one at most without subnormals.
  wire [5:0] n;
  generate
    if (FLUSH != 0) begin : normal
      assign n = {5'd0, ~p[47]};
    end else begin : subnormal
      fp_zeros #(.WIDTH(48), .BITS(6)) count (.x(p), .n(n));
    end
  endgenerate

  wire [47:0] q;
  wire [5:0] shift;
  wire [9:0] e4;
  wire sign4;
  wire [1:0] special4;
  fp_delay #(.WIDTH(67), .DEPTH(D4)) cut4 (.clk(clk), .d({sign3, special3, e3, n, p}), .q({sign4, special4, e4, shift, q}));

  // 5. Normalise; then round.
  wire [47:0] m = q << shift;
  // Behind the sum, one less is there before it is known whether it is wanted.
  wire [9:0] moved = FLUSH == 0 || BEHIND == 0 ? e4 - {4'd0, shift} : shift[0] ? e4 - 10'd1 : e4;

  wire [25:0] man;
  wire [9:0] e5;
  wire sign5;
  wire [1:0] special5;
  fp_delay #(.WIDTH(39), .DEPTH(D5)) cut5 (
      .clk(clk), .d({sign4, special4, moved, m[47:23], |m[22:0]}), .q({sign5, special5, e5, man})
  );

  fp32_round #(.FLUSH(FLUSH), .SHIFTED(D6), .ROUNDED(D7), .PACKED(D8)) round (
      .clk(clk), .sign(sign5), .special(special5), .exponent(e5), .man(man), .y(y)
  );

endmodule

`default_nettype wire
