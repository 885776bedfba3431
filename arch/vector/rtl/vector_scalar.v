// What the vector unit does once a row: one word in a cycle, on the scalars of a row and its folded sums. Scalars 0 and 1 are those of the job.
//
//   clk        rising edge
//   word       of this cycle, as vector has it, but that operators 6 and 7 are a quotient and a root, and it goes to a scalar
//   go         it is issued on this row
//   line       the row, which its scalars are kept by
//   take       a wave of the row is taken: its scalars 2, 3 and 4 are given
//   sum0, sum1 of the row
//   b, c       scalars that the operands b and c of a word of lanes name
//   out*       results, MUL + ADD cycles after their word, or DIVIDE: which scalar, and FP32
//
// A multiplier, an adder beside a comparator, as a lane has them, a divider and a root. Whoever issues words lets no two results come at a time.

`default_nettype none

module vector_scalar #(
    parameter STRIP  = 8,
    parameter PLACE  = 3,
    parameter READ   = 1,   // registers before the operators
    parameter MUL    = 3,
    parameter ADD    = 4,   // 1 or more
    parameter DIVIDE = 16,  // READ + MUL + ADD or more
    parameter FLUSH  = 1
) (
    input  wire             clk,
    input  wire             rst,
    // The destination of other words, and what is a lane's.
    /* verilator lint_off UNUSED */
    input  wire [     75:0] word,
    /* verilator lint_on UNUSED */
    input  wire             go,
    input  wire [PLACE-1:0] line,
    input  wire             take,
    input  wire [     63:0] given,
    input  wire [     95:0] in_scalars,
    input  wire [     31:0] sum0,
    input  wire [     31:0] sum1,
    output wire [     31:0] b,
    output wire [     31:0] c,
    output reg              out_valid,
    output reg  [      2:0] out_index,
    output reg  [     31:0] out
);

  localparam MUL_OP = 3'd2, MUL_ADD = 3'd3, ADD_OP = 3'd1, LARGER = 3'd4, QUOTIENT = 3'd6, ROOT = 3'd7;
  localparam LATENCY = READ + MUL + ADD;

  reg [31:0] scalar2[0:STRIP-1];
  reg [31:0] scalar3[0:STRIP-1];
  reg [31:0] scalar4[0:STRIP-1];
  reg [31:0] scalar5[0:STRIP-1];
  reg [31:0] scalar6[0:STRIP-1];
  wire [31:0] s2 = take ? in_scalars[31:0] : scalar2[line];
  wire [31:0] s3 = take ? in_scalars[63:32] : scalar3[line];
  wire [31:0] s4 = take ? in_scalars[95:64] : scalar4[line];
  wire [31:0] s5 = scalar5[line];
  wire [31:0] s6 = scalar6[line];

  wire [31:0] a_scalar;
  vector_pick pick_a (.index(word[8:6]), .given(given), .s2(s2), .s3(s3), .s4(s4), .s5(s5), .s6(s6), .y(a_scalar));
  vector_pick pick_b (.index(word[17:15]), .given(given), .s2(s2), .s3(s3), .s4(s4), .s5(s5), .s6(s6), .y(b));
  vector_pick pick_c (.index(word[26:24]), .given(given), .s2(s2), .s3(s3), .s4(s4), .s5(s5), .s6(s6), .y(c));

  wire [31:0] a0, b0, c0;
  vector_operand #(.FLUSH(FLUSH)) of_a (
      .source(word[11:3]), .literal(word[75:44]), .port0(32'd0), .port1(32'd0), .port2(32'd0), .register(32'd0), .sum(word[6] ? sum1 : sum0), .column(32'd0),
      .scalar(a_scalar), .entry(32'd0), .gate(1'b1), .y(a0)
  );
  vector_operand #(.FLUSH(FLUSH)) of_b (
      .source(word[20:12]), .literal(word[75:44]), .port0(32'd0), .port1(32'd0), .port2(32'd0), .register(32'd0), .sum(word[15] ? sum1 : sum0), .column(32'd0),
      .scalar(b), .entry(32'd0), .gate(1'b1), .y(b0)
  );
  vector_operand #(.FLUSH(FLUSH)) of_c (
      .source(word[29:21]), .literal(word[75:44]), .port0(32'd0), .port1(32'd0), .port2(32'd0), .register(32'd0), .sum(word[24] ? sum1 : sum0), .column(32'd0),
      .scalar(c), .entry(32'd0), .gate(1'b1), .y(c0)
  );

  wire [2:0] op1, op2;
  wire [31:0] x, y, z;
  fp_delay #(.WIDTH(99), .DEPTH(READ)) read (.clk(clk), .d({word[2:0], a0, b0, c0}), .q({op1, x, y, z}));
  wire [31:0] product, quotient, root;
  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) multiply (.clk(clk), .a(x), .b(y), .y(product));
  fp32_div #(.LATENCY(DIVIDE - READ - 1), .FLUSH(FLUSH), .OPEN(1)) divide (.clk(clk), .a(x), .b(y), .y(quotient));
  fp32_sqrt #(.LATENCY(DIVIDE - READ - 1), .FLUSH(FLUSH), .OPEN(1)) take_root (.clk(clk), .a(x), .y(root));

  wire [31:0] x2, z2, other, sum, passed;
  wire adds, above;
  fp_delay #(.WIDTH(67), .DEPTH(MUL)) beside (.clk(clk), .d({op1, x, z}), .q({op2, x2, z2}));
  wire [31:0] left = op2 == MUL_OP | op2 == MUL_ADD ? product : x2;
  fp32_add #(.LATENCY(ADD - 1), .FLUSH(FLUSH), .OPEN(1)) add (.clk(clk), .a(left), .b(z2), .y(sum));
  vector_larger compare (.a(x2), .c(z2), .larger(above));
  assign other = op2 == LARGER & ~above ? z2 : left;
  fp_delay #(.WIDTH(33), .DEPTH(ADD - 1)) behind (.clk(clk), .d({op2 == ADD_OP | op2 == MUL_ADD, other}), .q({adds, passed}));

  // Where results go: short ones, quotients and roots, each with what says so beside it.
  wire long = word[2:0] == QUOTIENT | word[2:0] == ROOT;
  wire [PLACE+2:0] short_to, long_to;
  wire short_due, long_due, root_due;
  vector_due #(.DEPTH(LATENCY - 1)) short_waits (.clk(clk), .rst(rst), .d(go & ~long), .q(short_due));
  vector_due #(.DEPTH(DIVIDE - 1)) long_waits (.clk(clk), .rst(rst), .d(go & long), .q(long_due));
  fp_delay #(.WIDTH(PLACE + 3), .DEPTH(LATENCY - 1)) short_goes (.clk(clk), .d({line, word[34:32]}), .q(short_to));
  fp_delay #(.WIDTH(PLACE + 4), .DEPTH(DIVIDE - 1)) long_goes (.clk(clk), .d({word[0], line, word[34:32]}), .q({root_due, long_to}));

  wire due = short_due | long_due;
  wire [PLACE-1:0] to_line;
  wire [2:0] to;
  assign {to_line, to} = long_due ? long_to : short_to;
  wire [31:0] result = ~long_due ? (adds ? sum : passed) : root_due ? root : quotient;

  wire [PLACE-1:0] at = take ? line : to_line;
  always @(posedge clk) if (take | (due & to == 3'd2)) scalar2[at] <= take ? in_scalars[31:0] : result;
  always @(posedge clk) if (take | (due & to == 3'd3)) scalar3[at] <= take ? in_scalars[63:32] : result;
  always @(posedge clk) if (take | (due & to == 3'd4)) scalar4[at] <= take ? in_scalars[95:64] : result;
  always @(posedge clk) if (due & to == 3'd5) scalar5[to_line] <= result;
  always @(posedge clk) if (due & to == 3'd6) scalar6[to_line] <= result;

  always @(posedge clk) begin
    out_valid <= due & ~rst;
    out_index <= to;
    out <= result;
  end

endmodule

`default_nettype wire
