// What lanes, and the work once a row, compute: a * b + c, rounded in between, or one of a and c. One adder does all of it: what passes is multiplied by one and has -0 added,
// which changes no number, and of two numbers that are compared one is replaced by -0 before it is added to the other.
//
//   clk      rising edge; new operands every cycle
//   a, b, c  in cycle t; where a is passed or compared b is 1
//   mode     in cycle t: 0 a * b + c, 1 the larger of a and c, 2 a between 0 and c, 3 c where `outside`, else a
//   x        a * b in cycle t + MUL, registered
//   y        in cycle t + MUL + ADD - 1, for whoever has the last register
//   above    then: of mode 1 a is larger, of mode 2 it is between
//
// The comparison is done beside the multiplier. Zeros of both signs are equal, and what is no number is not larger, and nothing is larger than it.

`default_nettype none

module vector_multiply_add #(
    parameter MUL   = 3,  // 2 or more
    parameter ADD   = 5,  // 1 or more
    parameter FLUSH = 1
) (
    input  wire        clk,
    input  wire [31:0] a,
    input  wire [31:0] b,
    input  wire [31:0] c,
    input  wire [ 1:0] mode,
    input  wire        outside,
    output reg  [31:0] x,
    output wire [31:0] y,
    output wire        above
);

  localparam LARGER = 2'd1, CLAMP = 2'd2, PICK = 2'd3;

  // In the second cycle the two are compared.
  wire [31:0] a1, c1;
  wire [1:0] mode1;
  wire outside1;
  fp_delay #(.WIDTH(67), .DEPTH(1)) first (.clk(clk), .d({mode, outside, a, c}), .q({mode1, outside1, a1, c1}));
  wire above0, below0;
  vector_larger compare (.a(a1), .c(c1), .above(above0), .below(below0));
  wire positive0 = ~a1[31] & |a1[30:0] & ~(&a1[30:23] & |a1[22:0]);

  wire more, less, positive, outside2;
  wire [1:0] mode2;
  wire [31:0] c2;
  fp_delay #(.WIDTH(38), .DEPTH(MUL - 2)) compared (
      .clk(clk), .d({mode1, outside1, above0, below0, positive0, c1}), .q({mode2, outside2, more, less, positive, c2})
  );

  // In the last one of the product it is known which of them is left out.
  wire between = positive & less;
  wire without_x = (mode2 == LARGER & ~more) | (mode2 == CLAMP & ~between) | (mode2 == PICK & outside2);
  wire nothing = mode2 == CLAMP & ~positive;  // then +0 is left
  wire without_c = (mode2 == LARGER & more) | (mode2 == CLAMP & between) | (mode2 == PICK & ~outside2) | nothing;
  wire [31:0] product;
  fp32_mul #(.LATENCY(MUL - 1), .FLUSH(FLUSH), .OPEN(1)) multiply (.clk(clk), .a(a), .b(b), .y(product));
  reg [31:0] c3;
  always @(posedge clk) begin
    x[31] <= product[31] | without_x;
    c3[31] <= without_c ? ~nothing : c2[31];
    if (without_x) x[30:0] <= 31'd0;
    else x[30:0] <= product[30:0];
    if (without_c) c3[30:0] <= 31'd0;
    else c3[30:0] <= c2[30:0];
  end

  fp32_add #(.LATENCY(ADD - 1), .FLUSH(FLUSH), .OPEN(1)) add (.clk(clk), .a(x), .b(c3), .y(y));
  fp_delay #(.WIDTH(1), .DEPTH(ADD)) sets (.clk(clk), .d((mode2 == LARGER & more) | (mode2 == CLAMP & between)), .q(above));

endmodule

`default_nettype wire
