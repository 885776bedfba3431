// Where a number is in a function's table: 64 segments, each 2^-BITS wide, of which each has 2^24 places.
//
//   clk        rising edge; a new number every cycle
//   a          FP32 in cycle t; a subnormal one that is flushed is the zero of its sign already
//   bits       of the table: the logarithm of one over a segment's width, 0 to 7
//   periodic   the table begins at 0 and repeats; else it begins 32 segments below 0
//   rest       in cycle t + LATENCY: how far a, rounded down to a place, is into its segment, FP32; 7fc00000 for what is no number, 0 beyond the table
//   segment    of the table; 0 beyond it
//   whole      of a periodic table: how many tables a is above 0, from -256 to 256
//   beyond     of another one: below its beginning (1), at or above its end (0)
//
// Registers stand where the logic is cut into about equal parts; with OPEN the last part has none at its end: whoever takes the outputs has it.

`default_nettype none

module vector_split #(
    parameter LATENCY = 7,
    parameter OPEN    = 1
) (
    input  wire        clk,
    input  wire [31:0] a,
    input  wire [ 2:0] bits,
    input  wire        periodic,
    output wire [31:0] rest,
    output wire [ 5:0] segment,
    output wire [ 9:0] whole,
    output wire [ 1:0] beyond
);

  // Where the cuts are, in hundredths of the way.
  localparam PARTS = LATENCY + OPEN;
  localparam P1 = 20;
  localparam P2 = 40;
  localparam P3 = 60;
  localparam P4 = 80;
  localparam D1 = PARTS * P1 / 100;
  localparam D2 = PARTS * P2 / 100 - PARTS * P1 / 100;
  localparam D3 = PARTS * P3 / 100 - PARTS * P2 / 100;
  localparam D4 = PARTS * P4 / 100 - PARTS * P3 / 100;
  localparam D5 = LATENCY - PARTS * P4 / 100;

  // 1. In places a is m * 2^(e - 126 + bits): shifted right from the 14 places above, at which 64 * 256 segments begin.
  wire tiny = ~|a[30:23];
  wire [8:0] right0 = 9'd140 - {6'd0, bits} - {1'b0, a[30:24], a[23] | tiny};
  wire nan0 = &a[30:23] & |a[22:0];

  wire sign1, nan1, periodic1;
  wire [2:0] bits1;
  wire [8:0] right;
  wire [23:0] m;
  fp_delay #(.WIDTH(39), .DEPTH(D1)) cut1 (
      .clk(clk), .d({periodic, bits, a[31], nan0, right0, ~tiny, a[22:0]}), .q({periodic1, bits1, sign1, nan1, right, m})
  );

  // 2. Shift. What is lost counts for negative numbers, which are rounded down, too.
  wire [75:0] wide = {m, 52'd0} >> right[5:0];
  wire far = |right[7:6] | &right[5:4];
  wire big1 = right[8];

  wire sign2, nan2, big2, lost, periodic2;
  wire [2:0] bits2;
  wire [37:0] size;
  fp_delay #(.WIDTH(46), .DEPTH(D2)) cut2 (
      .clk(clk), .d({periodic1, bits1, sign1, nan1, big1, far ? |m : |wide[37:0], wide[75:38] & {38{~far}}}), .q({periodic2, bits2, sign2, nan2, big2, lost, size})
  );

  // 3. The number of places, rounded down.
  wire [38:0] places2 = ({1'b0, size} ^ {39{sign2}}) + {38'd0, sign2 & ~lost};

  wire sign3, nan3, big3, periodic3;
  wire [2:0] bits3;
  wire [38:0] places;
  fp_delay #(.WIDTH(46), .DEPTH(D3)) cut3 (
      .clk(clk), .d({periodic2, bits2, sign2, nan2, big2, places2}), .q({periodic3, bits3, sign3, nan3, big3, places})
  );

  // 4. The segment, and leading zeros of what is left.
  wire low = ~periodic3 & ~nan3 & (big3 ? sign3 : places[38] & ~&places[37:29]);
  wire high = ~periodic3 & ~nan3 & (big3 ? ~sign3 : ~places[38] & |places[37:29]);
  wire [4:0] n3;
  fp_zeros #(.WIDTH(24), .BITS(5)) count (.x(places[23:0]), .n(n3));
  wire in = ~(nan3 | big3 | low | high);
  wire [9:0] whole3 = nan3 ? 10'd0 : big3 ? {sign3, 1'b1, 8'd0} : {places[38], places[38:30]};

  wire nan4, none4;
  wire [1:0] beyond4;
  wire [2:0] bits4;
  wire [9:0] whole4;
  wire [5:0] segment4;
  wire [4:0] n;
  wire [23:0] left;
  fp_delay #(.WIDTH(52), .DEPTH(D4)) cut4 (
      .clk(clk), .d({bits3, nan3, ~in | ~|places[23:0], low, high, whole3, {~periodic3 ^ places[29], places[28:24]} & {6{in}}, n3, places[23:0]}),
      .q({bits4, nan4, none4, beyond4, whole4, segment4, n, left})
  );

  // 5. Normalise.
  /* verilator lint_off UNUSED */
  wire [23:0] up = left << n;  // the highest bit is implied
  /* verilator lint_on UNUSED */
  wire [7:0] exponent = 8'd126 - {5'd0, bits4} - {3'd0, n};
  fp_delay #(.WIDTH(50), .DEPTH(D5)) cut5 (
      .clk(clk), .d({nan4 ? 32'h7fc00000 : none4 ? 32'd0 : {1'b0, exponent, up[22:0]}, segment4, whole4, beyond4}), .q({rest, segment, whole, beyond})
  );

endmodule

`default_nettype wire
