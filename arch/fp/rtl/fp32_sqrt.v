// Square root of an FP32 number, rounded to nearest.
//
//   clk   rising edge; a new number every cycle
//   a     the number in cycle t
//   y     its root in cycle t + LATENCY
//
// NaNs, and roots of numbers below zero, are 7fc00000; the root of -0 is -0. FLUSH: a subnormal number is the zero of its sign. No root is subnormal.
//
// A row makes one bit of the root: of what is left it takes twice the root so far and one, at the place of the bit; if that leaves less than
// nothing, the next row puts back what it should not have taken. 25 rows make 24 bits and a guard bit. Registers stand between rows, evenly; with OPEN the last part has none at its end: whoever
// takes y has it.

`default_nettype none

module fp32_sqrt #(
    parameter LATENCY = 14,
    parameter FLUSH   = 1,
    parameter OPEN    = 0
) (
    input  wire        clk,
    input  wire [31:0] a,
    output wire [31:0] y
);

  // Where the cuts are, in tenths of a row.
  localparam ROWS = 25;
  localparam UNPACKED = 14;
  localparam ROOTED = UNPACKED + 10 * ROWS;
  localparam MOVED = ROOTED + 18;
  localparam ROUNDED = MOVED + 13;
  localparam WAY = ROUNDED + 5;
  localparam PARTS = LATENCY + OPEN;
  localparam D0 = PARTS * UNPACKED / WAY;
  localparam D26 = PARTS * MOVED / WAY - PARTS * ROOTED / WAY;
  localparam D27 = PARTS * ROUNDED / WAY - PARTS * MOVED / WAY;
  localparam D28 = LATENCY - PARTS * ROUNDED / WAY;

  // Unpack. A subnormal number is normalised, its exponent falling below 1; then the mantissa is doubled where the exponent is odd, the bias
  // being odd, where the field is even.
  wire za = ~|a[30:23];
  wire nothing = za & (FLUSH != 0 | ~|a[22:0]);
  wire [9:0] e;
  wire [23:0] m;
  generate
    if (FLUSH != 0) begin : normal
      assign e = {2'd0, a[30:23]};
      assign m = {1'b1, a[22:0]};
    end else begin : subnormal
      wire [4:0] n;
      fp_zeros #(.WIDTH(24), .BITS(5)) count (.x({~za, a[22:0]}), .n(n));
      assign e = {2'd0, a[30:24], a[23] | za} - {5'd0, n};
      assign m = {~za, a[22:0]} << n;
    end
  endgenerate
  wire [1:0] special = (&a[30:23] & |a[22:0]) | (a[31] & ~nothing) ? 2'd3 : &a[30:23] ? 2'd2 : nothing ? 2'd1 : 2'd0;
  /* verilator lint_off UNUSED */
  wire [9:0] twice = e + 10'd127;  // half the exponent, biased anew, is (e-127)/2 + 127, rounded down
  /* verilator lint_on UNUSED */

  // What goes from row to row: sign, special case, exponent, pairs of bits to come, what is left, and the root so far, inverted. A row takes four times the root and 1
  // off what is left, or puts four times the root and 3 on if that is negative: so nothing is chosen, and the signs are those of a root that restores.
  localparam BITS = 25;            // to come; then come zeros
  localparam LEFT = 28;
  localparam WIDTH = 12 + BITS + LEFT + ROWS;
  wire [WIDTH-1:0] first;
  fp_delay #(.WIDTH(12 + BITS), .DEPTH(D0)) cut (
      .clk(clk), .d({a[31], special, twice[9:1], e[0] ? {1'b0, m} : {m, 1'b0}}), .q(first[WIDTH-1-:12+BITS])
  );
  assign first[LEFT+ROWS-1:0] = {{LEFT{1'b0}}, {ROWS{1'b1}}};

  genvar k;
  generate
    for (k = 0; k < ROWS; k = k + 1) begin : row
      /* verilator lint_off UNUSED */
      wire [WIDTH-1:0] in;  // what is left is at most twice the root: its highest bits are 0
      /* verilator lint_on UNUSED */
      wire [WIDTH-1:0] out;
      if (k == 0) begin : from
        assign in = first;
      end else begin : from
        assign in = row[k-1].out;
      end
      wire [BITS-1:0] come = in[LEFT+ROWS+:BITS];
      wire negative = in[ROWS+LEFT-1];
      wire [LEFT-1:0] less = {in[ROWS+:LEFT-2], come[BITS-1-:2]} + {~negative, in[ROWS-1:0] ^ {ROWS{negative}}, 2'b11};
      fp_delay #(.WIDTH(WIDTH), .DEPTH(PARTS * (UNPACKED + 10 * k + 10) / WAY - PARTS * (UNPACKED + 10 * k) / WAY)) cut (
          .clk(clk), .d({in[WIDTH-1-:12], come[BITS-3:0], 2'b00, less, in[ROWS-2:0], less[LEFT-1]}), .q(out)
      );
    end
  endgenerate

  wire [WIDTH-1:0] last = row[ROWS-1].out;
  wire [LEFT-1:0] left = last[ROWS+:LEFT];
  wire [LEFT-1:0] back = {{(LEFT - ROWS - 1) {1'b0}}, ~last[ROWS-1:0], 1'b1};
  /* verilator lint_off UNUSED */  // the highest bit is carried out
  wire [LEFT:0] carries = {left | back, 1'b0};
  /* verilator lint_on UNUSED */
  wire rest = left[LEFT-1] ? (left ^ back) != carries[LEFT-1:0] : |left;  // of what is negative: whether what goes back on makes it 0, without adding
  fp32_round #(.FLUSH(FLUSH), .SHIFTED(D26), .ROUNDED(D27), .PACKED(D28)) round (
      .clk(clk), .sign(last[WIDTH-1]), .special(last[WIDTH-2-:2]), .exponent({1'b0, last[WIDTH-4-:9]}), .man({~last[ROWS-1:0], rest}), .y(y)
  );

endmodule

`default_nettype wire
