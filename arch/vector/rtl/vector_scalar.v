// What the vector unit does once a row: one word in a cycle, on the scalars of a row and its folded sums. Scalars 0 and 1 are those of the job. And what words of lanes share.
//
//   clk, rst   rising edge; synchronous
//   word       of cycle 0, as vector has it, but that operators 6 and 7 are a quotient and a root, and it goes to a scalar
//   go         it is issued on this row
//   line       the row, which its scalars are kept by
//   take       a wave of the row is taken: its scalars 2, 3 and 4 are given (in_scalars)
//   given      scalars 0 and 1
//   b_*, c_*   cycle 1, of words of lanes: b is one; c is -0 (nothing), or +0 (first) or what is least
//   shared_b   cycle 2: the operand b of all lanes; shared_c: cycle 3
//   row_sum    cycle 2: of the row
//   out*       results, P + 3 cycles after their word, or DIVIDE + 3: which scalar, and FP32
//
// A multiplier with an adder, as a lane has them, a divider and a root. A result is there P or DIVIDE cycles after its word. Whoever issues words lets no two come at a time.

`default_nettype none

module vector_scalar #(
    parameter STRIP  = 8,
    parameter PLACE  = 3,
    parameter MUL    = 3,   // 2 or more
    parameter ADD    = 5,   // 1 or more
    parameter DIVIDE = 17,  // 2 + MUL + ADD or more
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
    input  wire             b_one,
    input  wire             c_nothing,
    input  wire             c_first,
    input  wire             c_least,
    output reg  [     31:0] shared_b,
    output reg  [     31:0] shared_c,
    input  wire [     31:0] row_sum,
    output wire             out_valid,
    output wire [      2:0] out_index,
    output wire [     31:0] out
);

  localparam MOVE = 3'd0, ADD_OP = 3'd1, MUL_OP = 3'd2, MUL_ADD = 3'd3, LARGER = 3'd4, QUOTIENT = 3'd6, ROOT = 3'd7;
  localparam LITERAL = 3'd1, SUM = 3'd4, SCALAR = 3'd6;
  localparam P = 2 + MUL + ADD;
  localparam EXTRA = 2;  // registers at the port, as lanes have them

  // What comes from outside is flushed by multiplier and adder.
  reg [159:0] from;
  always @(posedge clk) from <= {in_scalars, given};

  // Cycle 1: scalars.
  reg take1;
  reg [PLACE-1:0] line1;
  // A bit of a word is nothing.
  /* verilator lint_off UNUSED */
  reg [75:0] word1;
  /* verilator lint_on UNUSED */
  always @(posedge clk) {take1, line1, word1} <= {take, line, word};
  reg [31:0] scalar2[0:STRIP-1];
  reg [31:0] scalar3[0:STRIP-1];
  reg [31:0] scalar4[0:STRIP-1];
  reg [31:0] scalar5[0:STRIP-1];
  reg [31:0] scalar6[0:STRIP-1];
  wire [31:0] s2 = take1 ? from[95:64] : scalar2[line1];
  wire [31:0] s3 = take1 ? from[127:96] : scalar3[line1];
  wire [31:0] s4 = take1 ? from[159:128] : scalar4[line1];
  wire [31:0] s5 = scalar5[line1];
  wire [31:0] s6 = scalar6[line1];
  wire [31:0] a_scalar, b_scalar, c_scalar;
  vector_pick pick_a (.index(word1[8:6]), .given(from[63:0]), .s2(s2), .s3(s3), .s4(s4), .s5(s5), .s6(s6), .y(a_scalar));
  vector_pick pick_b (.index(word1[17:15]), .given(from[63:0]), .s2(s2), .s3(s3), .s4(s4), .s5(s5), .s6(s6), .y(b_scalar));
  vector_pick pick_c (.index(word1[26:24]), .given(from[63:0]), .s2(s2), .s3(s3), .s4(s4), .s5(s5), .s6(s6), .y(c_scalar));
  wire [31:0] a0, b0, c0;
  vector_operand of_a (.source(word1[11:3]), .literal(word1[75:44]), .scalar(a_scalar), .y(a0));
  vector_operand of_b (.source(word1[20:12]), .literal(word1[75:44]), .scalar(b_scalar), .y(b0));
  vector_operand of_c (.source(word1[29:21]), .literal(word1[75:44]), .scalar(c_scalar), .y(c0));

  // Cycle 2: operands, but for sums. Where a word once a row passes or adds b is one, where it does not add c is -0.
  wire once1 = word1[42];
  wire [2:0] op1 = word1[2:0];
  wire one = b_one | (once1 & (op1 == MOVE | op1 == ADD_OP | op1 == LARGER));
  wire nothing = c_nothing | (once1 & (op1 == MOVE | op1 == MUL_OP));
  reg [31:0] a2, c2;
  // Of what a word was only what is left to be done.
  /* verilator lint_off UNUSED */
  reg [42:0] word2;
  /* verilator lint_on UNUSED */
  always @(posedge clk) begin
    a2 <= a0;
    shared_b <= one ? 32'h3f800000 : b0;
    c2 <= nothing ? 32'h80000000 : c_first ? (c_least ? 32'hff800000 : 32'd0) : c0;
    word2 <= word1[42:0];
  end

  // Cycle 3: with sums, which only the work once a row has here.
  wire once2 = word2[42];
  wire passes2 = word2[2:0] == MOVE | word2[2:0] == ADD_OP | word2[2:0] == LARGER;
  wire adds2 = word2[2:0] == ADD_OP | word2[2:0] == MUL_ADD | word2[2:0] == LARGER;
  reg [31:0] a, b;
  reg [1:0] mode;
  always @(posedge clk) begin
    a <= word2[5:3] == SUM ? {(row_sum[31] & ~word2[10]) ^ word2[9], row_sum[30:0]} : a2;
    b <= word2[14:12] == SUM & ~passes2 ? {(row_sum[31] & ~word2[19]) ^ word2[18], row_sum[30:0]} : shared_b;
    shared_c <= once2 & word2[23:21] == SUM & adds2 ? {(row_sum[31] & ~word2[28]) ^ word2[27], row_sum[30:0]} : c2;
    mode <= word2[2:0] == LARGER ? 2'd1 : 2'd0;
  end
  wire [31:0] sum, quotient, root;
  // Nobody asks for these.
  /* verilator lint_off UNUSED */
  wire [31:0] product;
  wire above;
  /* verilator lint_on UNUSED */
  vector_multiply_add #(.MUL(MUL), .ADD(ADD), .FLUSH(FLUSH)) compute (
      .clk(clk), .a(a), .b(b), .c(shared_c), .mode(mode), .outside(1'b0), .x(product), .y(sum), .above(above)
  );
  fp32_div #(.LATENCY(DIVIDE - 3), .FLUSH(FLUSH), .OPEN(1)) divide (.clk(clk), .a(a), .b(b), .y(quotient));
  fp32_sqrt #(.LATENCY(DIVIDE - 3), .FLUSH(FLUSH)) take_root (.clk(clk), .a(a), .y(root));

  // Where results go: short ones, quotients and roots, each with what says so beside it.
  wire long = word[2:0] == QUOTIENT | word[2:0] == ROOT;
  wire [PLACE+2:0] short_to, long_to;
  wire short_due, long_due, root_due;
  vector_due #(.DEPTH(P)) short_waits (.clk(clk), .rst(rst), .d(go & ~long), .q(short_due));
  vector_due #(.DEPTH(DIVIDE)) long_waits (.clk(clk), .rst(rst), .d(go & long), .q(long_due));
  fp_delay #(.WIDTH(PLACE + 3), .DEPTH(P)) short_goes (.clk(clk), .d({line, word[34:32]}), .q(short_to));
  fp_delay #(.WIDTH(PLACE + 4), .DEPTH(DIVIDE)) long_goes (.clk(clk), .d({word[0], line, word[34:32]}), .q({root_due, long_to}));

  // A quotient is there last.
  wire due = short_due | long_due;
  wire [PLACE-1:0] to_line;
  wire [2:0] to;
  assign {to_line, to} = long_due ? long_to : short_to;
  wire [31:0] others = long_due ? root : sum;
  wire [31:0] result = long_due & ~root_due ? quotient : others;

  wire [PLACE-1:0] at = take1 ? line1 : to_line;
  always @(posedge clk) if (take1 | (due & to == 3'd2)) scalar2[at] <= take1 ? from[95:64] : result;
  always @(posedge clk) if (take1 | (due & to == 3'd3)) scalar3[at] <= take1 ? from[127:96] : result;
  always @(posedge clk) if (take1 | (due & to == 3'd4)) scalar4[at] <= take1 ? from[159:128] : result;
  always @(posedge clk) if (due & to == 3'd5) scalar5[to_line] <= result;
  always @(posedge clk) if (due & to == 3'd6) scalar6[to_line] <= result;

  vector_due #(.DEPTH(1 + EXTRA)) leaves_valid (.clk(clk), .rst(rst), .d(due), .q(out_valid));
  fp_delay #(.WIDTH(35), .DEPTH(1 + EXTRA)) leaves (.clk(clk), .d({to, result}), .q({out_index, out}));

  /* verilator lint_off UNUSED */  // vector_operand chooses by these two; their names stand for reading
  wire unused = &{LITERAL, SCALAR};
  /* verilator lint_on UNUSED */

endmodule

`default_nettype wire
