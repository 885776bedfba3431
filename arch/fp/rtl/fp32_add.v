// FP32 + FP32 = FP32, rounded to nearest, ties to even.
//
//   clk   rising edge; a new pair every cycle
//   a, b  operands in cycle t; for a difference the caller turns the sign of b
//   y     their sum in cycle t + LATENCY
//
// NaNs, and the sum of infinities of two signs, are 7fc00000. A sum of x and -x is +0. FLUSH: subnormal operands and results are zeros of
// their sign.
//
// Registers stand where the logic is cut into about equal parts; with OPEN the last part has none at its end: whoever takes y has it.

`default_nettype none

module fp32_add #(
    parameter LATENCY = 4,
    parameter FLUSH   = 1,
    parameter OPEN    = 0
) (
    input  wire        clk,
    input  wire [31:0] a,
    input  wire [31:0] b,
    output wire [31:0] y
);

  // Where the cuts are, in hundredths of the way.
  localparam PARTS = LATENCY + OPEN;
  localparam P1 = 10;
  localparam P2 = 18;
  localparam P3 = 28;
  localparam P4 = 37;
  localparam P5 = 50;
  localparam P6 = 67;
  localparam P7 = FLUSH != 0 ? 76 : 80;
  localparam P8 = FLUSH != 0 ? 84 : 87;
  localparam P9 = 95;
  localparam D1 = PARTS * P1 / 100;
  localparam D2 = PARTS * P2 / 100 - PARTS * P1 / 100;
  localparam D3 = PARTS * P3 / 100 - PARTS * P2 / 100;
  localparam D4 = PARTS * P4 / 100 - PARTS * P3 / 100;
  localparam D5 = PARTS * P5 / 100 - PARTS * P4 / 100;
  localparam D6 = PARTS * P6 / 100 - PARTS * P5 / 100;
  localparam D7 = PARTS * P7 / 100 - PARTS * P6 / 100;
  localparam D8 = PARTS * P8 / 100 - PARTS * P7 / 100;
  localparam D9 = PARTS * P9 / 100 - PARTS * P8 / 100;
  localparam D10 = LATENCY - PARTS * P9 / 100;

  // 1. Compare. A subnormal number's exponent counts as 1; of two that are flushed either may be called the larger.
  wire za = ~|a[30:23];
  wire zb = ~|b[30:23];
  wire [7:0] ea = {a[30:24], a[23] | (FLUSH == 0 && za)};
  wire [7:0] eb = {b[30:24], b[23] | (FLUSH == 0 && zb)};
  wire less0 = a[30:0] < b[30:0];
  wire [7:0] ab0 = ea - eb;
  wire [7:0] ba0 = eb - ea;
  wire nan0 = (&a[30:23] & |a[22:0]) | (&b[30:23] & |b[22:0]) | (&a[30:23] & &b[30:23] & (a[31] ^ b[31]));

  wire less, nan1, za1, zb1, sa, sb;
  wire [7:0] ab, ba;
  wire [30:0] wa, wb;
  fp_delay #(.WIDTH(84), .DEPTH(D1)) cut1 (
      .clk(clk), .d({less0, nan0, za, zb, ab0, ba0, a, b}), .q({less, nan1, za1, zb1, ab, ba, sa, wa, sb, wb})
  );

  // 2. Order by magnitude.
  wire [30:0] wl = less ? wb : wa;
  wire [22:0] ws = less ? wa[22:0] : wb[22:0];
  wire [ 7:0] d2 = less ? ba : ab;
  wire        s2 = less ? sb : sa;
  wire        zl = less ? zb1 : za1;
  wire        zs = less ? za1 : zb1;
  wire [23:0] l2 = {~zl, FLUSH != 0 && zl ? 23'd0 : wl[22:0]};
  wire [23:0] m2 = {~zs, FLUSH != 0 && zs ? 23'd0 : ws};

  wire s3, sub3, nan3;
  wire [7:0] e3, d;
  wire [23:0] l3, m;
  fp_delay #(.WIDTH(67), .DEPTH(D2)) cut2 (.clk(clk), .d({s2, sa ^ sb, nan1, wl[30:23], d2, l2, m2}), .q({s3, sub3, nan3, e3, d, l3, m}));

  // 3. Align by eights. What falls off is kept as one sticky bit.
  wire [25:0] wide = {m, 2'b00};
  reg [25:0] coarse;
  reg lost;
  always @* begin
    case (d[4:3])
      2'd0: begin coarse = wide; lost = 1'b0; end
      2'd1: begin coarse = {8'd0, wide[25:8]}; lost = |wide[7:0]; end
      2'd2: begin coarse = {16'd0, wide[25:16]}; lost = |wide[15:0]; end
      default: begin coarse = {24'd0, wide[25:24]}; lost = |wide[23:0]; end
    endcase
    if (|d[7:5]) begin
      coarse = 26'd0;
      lost   = |m;
    end
  end

  wire s4, sub4, nan4, sticky4;
  wire [7:0] e4;
  wire [2:0] f;
  wire [23:0] l4;
  wire [25:0] c;
  fp_delay #(.WIDTH(65), .DEPTH(D3)) cut3 (
      .clk(clk), .d({s3, sub3, nan3, lost, e3, d[2:0], l3, coarse}), .q({s4, sub4, nan4, sticky4, e4, f, l4, c})
  );

  // 4. Align by ones.
  wire [25:0] fine = c >> f;
  wire [ 6:0] off = c[6:0] & ~(7'h7f << f);

  wire s5, sub5, nan5, sticky5;
  wire [7:0] e5;
  wire [23:0] l5;
  wire [25:0] little;
  fp_delay #(.WIDTH(62), .DEPTH(D4)) cut4 (
      .clk(clk), .d({s4, sub4, nan4, sticky4 | |off, e4, l4, fine}), .q({s5, sub5, nan5, sticky5, e5, l5, little})
  );

  // 5. Add. The difference is not negative.
  wire [27:0] big = {1'b0, l5, 3'b000};
  wire [27:0] other = {1'b0, little, sticky5};
  wire [27:0] sum5 = sub5 ? big - other : big + other;

  wire s6, sub6, nan6;
  wire [7:0] e6;
  wire [27:0] sum6;
  fp_delay #(.WIDTH(39), .DEPTH(D5)) cut5 (.clk(clk), .d({s5, sub5, nan5, e5, sum5}), .q({s6, sub6, nan6, e6, sum6}));

  // 6. Count leading zeros.
  wire [4:0] n6;
  fp_zeros #(.WIDTH(28), .BITS(5)) count (.x(sum6), .n(n6));

  wire s7, nan7, inf7, none7;
  wire [7:0] e7;
  wire [4:0] n;
  wire [27:0] sum7;
  fp_delay #(.WIDTH(45), .DEPTH(D6)) cut6 (
      .clk(clk), .d({s6 & ~(~|sum6 & sub6), nan6, &e6, ~|sum6, e6, n6, sum6}), .q({s7, nan7, inf7, none7, e7, n, sum7})
  );

  // 7. Normalise by eights. Bit 27 weighs one exponent more than the larger operand's leading bit; a subnormal sum stays at exponent 1.
  wire [7:0] top = {e7[7:1], e7[0] | (FLUSH == 0 && ~|e7)};
  wire low = {3'd0, n} > top;
  wire [4:0] shift7 = FLUSH == 0 && low ? top[4:0] : n;
  wire [8:0] exp7 = low ? 9'd0 : {1'b0, top} + 9'd1 - {4'd0, n};
  wire zero7 = none7 | (FLUSH != 0 && low);
  wire [27:0] up7 = sum7 << {shift7[4:3], 3'b000};

  wire s8, nan8, inf8, zero8;
  wire [8:0] exp8;
  wire [2:0] shift8;
  wire [27:0] sum8;
  fp_delay #(.WIDTH(44), .DEPTH(D7)) cut7 (
      .clk(clk), .d({s7, nan7, inf7, zero7, exp7, shift7[2:0], up7}), .q({s8, nan8, inf8, zero8, exp8, shift8, sum8})
  );

  // 8. Normalise by ones.
  /* verilator lint_off UNUSED */
  wire [27:0] up8 = sum8 << shift8;  // the highest bit is implied
  /* verilator lint_on UNUSED */

  wire s9, nan9, inf9, zero9, guard, rest;
  wire [8:0] exp9;
  wire [22:0] frac9;
  fp_delay #(.WIDTH(38), .DEPTH(D8)) cut8 (
      .clk(clk), .d({s8, nan8, inf8, zero8, exp8, up8[26:4], up8[3], |up8[2:0]}), .q({s9, nan9, inf9, zero9, exp9, frac9, guard, rest})
  );

  // 9. Round. A carry out of the fraction is one exponent more.
  wire [31:0] rounded = {exp9, frac9} + {31'd0, guard & (rest | frac9[0])};

  wire s10, nan10, inf10, zero10;
  wire [31:0] r;
  fp_delay #(.WIDTH(36), .DEPTH(D9)) cut9 (.clk(clk), .d({s9, nan9, inf9, zero9, rounded}), .q({s10, nan10, inf10, zero10, r}));

  // 10. Pack.
  reg [31:0] word;
  always @*
    if (nan10) word = 32'h7fc00000;
    else if (inf10 | r[31] | &r[30:23]) word = {s10, 8'hff, 23'd0};
    else if (zero10) word = {s10, 31'd0};
    else word = {s10, r[30:0]};

  fp_delay #(.WIDTH(32), .DEPTH(D10)) cut10 (.clk(clk), .d(word), .q(y));

endmodule

`default_nettype wire
