// FP32 / FP32 = FP32, rounded to nearest, ties to even.
//
//   clk   rising edge; a new pair every cycle
//   a, b  operands in cycle t
//   y     a / b in cycle t + LATENCY
//
// NaNs, zero by zero and infinity by infinity are 7fc00000; any other number by zero is infinite. FLUSH: subnormal operands, and results that
// are subnormal after rounding, are zeros of their sign.
//
// A row makes one bit of the quotient: it subtracts the divisor if that leaves no less than nothing. 26 rows make 24 bits, one more if
// the first is 0, and a guard bit. Registers stand between rows, evenly; with
// OPEN the last part has none at its end: whoever takes y has it.

`default_nettype none

module fp32_div #(
    parameter LATENCY = 14,
    parameter FLUSH   = 1,
    parameter OPEN    = 0
) (
    input  wire        clk,
    input  wire [31:0] a,
    input  wire [31:0] b,
    output wire [31:0] y
);

  // Where the cuts are, in tenths of a row.
  localparam ROWS = 26;
  localparam UNPACKED = 13;
  localparam DIVIDED = UNPACKED + 10 * ROWS;
  localparam NORMAL = DIVIDED + 5;
  localparam MOVED = NORMAL + 7;
  localparam ROUNDED = MOVED + 11;
  localparam WAY = ROUNDED + 4;
  localparam PARTS = LATENCY + OPEN;
  localparam D0 = PARTS * UNPACKED / WAY;
  localparam D27 = PARTS * NORMAL / WAY - PARTS * DIVIDED / WAY;
  localparam D28 = PARTS * MOVED / WAY - PARTS * NORMAL / WAY;
  localparam D29 = PARTS * ROUNDED / WAY - PARTS * MOVED / WAY;
  localparam D30 = LATENCY - PARTS * ROUNDED / WAY;

  // Unpack. A subnormal number is normalised, its exponent falling below 1.
  wire za = ~|a[30:23];
  wire zb = ~|b[30:23];
  wire nothing_a = za & (FLUSH != 0 | ~|a[22:0]);
  wire nothing_b = zb & (FLUSH != 0 | ~|b[22:0]);
  wire [9:0] ea, eb;
  wire [23:0] ma, mb;
  generate
    if (FLUSH != 0) begin : normal
      assign ea = {2'd0, a[30:23]};
      assign eb = {2'd0, b[30:23]};
      assign ma = {1'b1, a[22:0]};
      assign mb = {1'b1, b[22:0]};
    end else begin : subnormal
      wire [4:0] na, nb;
      fp_zeros #(.WIDTH(24), .BITS(5)) count_a (.x({~za, a[22:0]}), .n(na));
      fp_zeros #(.WIDTH(24), .BITS(5)) count_b (.x({~zb, b[22:0]}), .n(nb));
      assign ea = {2'd0, a[30:24], a[23] | za} - {5'd0, na};
      assign eb = {2'd0, b[30:24], b[23] | zb} - {5'd0, nb};
      assign ma = {~za, a[22:0]} << na;
      assign mb = {~zb, b[22:0]} << nb;
    end
  endgenerate
  wire nan_a = &a[30:23] & |a[22:0];
  wire nan_b = &b[30:23] & |b[22:0];
  wire bad = nan_a | nan_b | (nothing_a & nothing_b) | (&a[30:23] & &b[30:23]);
  wire [1:0] special = bad ? 2'd3 : &a[30:23] | nothing_b ? 2'd2 : &b[30:23] | nothing_a ? 2'd1 : 2'd0;

  // What goes from row to row: sign, special case, exponent, divisor, what is left, and the bits of the quotient so far, inverted.
  localparam FIXED = 13 + 24;
  localparam WIDTH = FIXED + 25 + ROWS;
  wire [WIDTH-1:0] first;
  fp_delay #(.WIDTH(FIXED + 25), .DEPTH(D0)) cut (
      .clk(clk), .d({a[31] ^ b[31], special, ea - eb + 10'd127, mb, 1'b0, ma}), .q(first[WIDTH-1:ROWS])
  );
  assign first[ROWS-1:0] = {ROWS{1'b0}};

  genvar k;
  generate
    for (k = 0; k < ROWS; k = k + 1) begin : row
      /* verilator lint_off UNUSED */
      wire [WIDTH-1:0] in;  // the highest bit of the quotient is not there yet
      /* verilator lint_on UNUSED */
      wire [WIDTH-1:0] out;
      if (k == 0) begin : from
        assign in = first;
      end else begin : from
        assign in = row[k-1].out;
      end
      wire [24:0] left = in[ROWS+:25];
      wire [25:0] less = {1'b0, left} - {2'b00, in[ROWS+25+:24]};
      /* verilator lint_off UNUSED */
      wire [24:0] kept = less[25] ? left : less[24:0];  // smaller than the divisor
      /* verilator lint_on UNUSED */
      fp_delay #(.WIDTH(WIDTH), .DEPTH(PARTS * (UNPACKED + 10 * k + 10) / WAY - PARTS * (UNPACKED + 10 * k) / WAY)) cut (
          .clk(clk), .d({in[WIDTH-1:ROWS+25], kept[23:0], 1'b0, in[ROWS-2:0], less[25]}), .q(out)
      );
    end
  endgenerate

  // Normalise: a quotient below 1 has a leading 0.
  wire [WIDTH-1:0] last = row[ROWS-1].out;
  wire sign = last[WIDTH-1];
  wire [9:0] exponent = last[WIDTH-4-:10];
  wire [25:0] q = ~last[ROWS-1:0];
  wire rest = |last[ROWS+:25];
  wire [25:0] man = q[25] ? {q[25:1], q[0] | rest} : {q[24:0], rest};

  wire sign1;
  wire [1:0] special1;
  wire [9:0] exponent1;
  wire [25:0] man1;
  fp_delay #(.WIDTH(39), .DEPTH(D27)) cut_normal (
      .clk(clk), .d({sign, last[WIDTH-2-:2], exponent - {9'd0, ~q[25]}, man}), .q({sign1, special1, exponent1, man1})
  );
  fp32_round #(.FLUSH(FLUSH), .SHIFTED(D28), .ROUNDED(D29), .PACKED(D30)) round (
      .clk(clk), .sign(sign1), .special(special1), .exponent(exponent1), .man(man1), .y(y)
  );

endmodule

`default_nettype wire
