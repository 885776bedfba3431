// What lanes and the work once a row are told: a word, which the sequencer is at in cycle 0, as each of them needs it in the cycles after.
//
//   clk, rst   rising edge; synchronous
//   word       see vector; of cycle 0, as all to now
//   go, fold   it is issued; a wave of sums is folded instead
//   take       it is the first of its elements; wide: port 0 is FP32
//   place      of the wave in the strip; column, sum, turns, low, high, fresh, total: of vector_control
//   lanes      that work; function_of: the job's table
//   read*      a sum is to be read, in a cycle without an issue
//   kind       of the table: the logarithm of one over a segment's width (3), it repeats (1), above it is the operand (1)
//   others     see vector_lane and vector_scalar, which have them in the cycles that these say; of cycle 1 what they share
//
// One cycle after the other: 1 places, 2 operands, 3 the last one, 3 + MUL of a split, P - 1 = 1 + MUL + ADD how many lanes, P and P + 1 where the result goes.

`default_nettype none

module vector_front #(
    parameter COUNT = 6,
    parameter PLACE = 3,
    parameter CBITS = 6,
    parameter SBITS = 6,
    parameter TBITS = 1,
    parameter BWORD = 9,
    parameter CWORD = 9,
    parameter SWORD = 9,
    parameter MUL   = 3,
    parameter ADD   = 5
) (
    input  wire             clk,
    input  wire             rst,
    // Literals are the scalar unit's, and where the work once a row goes.
    /* verilator lint_off UNUSED */
    input  wire [     75:0] word,
    /* verilator lint_on UNUSED */
    input  wire             go,
    input  wire             fold,
    input  wire             take,
    input  wire             wide,
    input  wire [PLACE-1:0] place,
    input  wire [CBITS-1:0] column,
    input  wire [SBITS-1:0] sum,
    input  wire [     15:0] turns,
    input  wire [PLACE-1:0] low,
    input  wire [PLACE-1:0] high,
    input  wire             fresh,
    input  wire             total,
    input  wire [COUNT-1:0] lanes,
    input  wire [COUNT-1:0] shuffle,
    input  wire [TBITS-1:0] function_of,
    input  wire [      4:0] kind,
    input  wire             read,
    input  wire [SBITS-1:0] read_at,
    output reg              take1,
    output reg              wide1,
    output reg  [PLACE-1:0] place1,
    output reg              b_entry,
    output reg  [BWORD-1:0] b_at,
    output reg              c_entry,
    output reg              c_end,
    output reg  [CWORD-1:0] c_at,
    output reg  [SWORD-1:0] sum_at0,
    output reg  [SWORD-1:0] sum_at1,
    output reg              b_one,
    output reg              c_nothing,
    output reg              c_first,
    output reg              c_least,
    output wire [PLACE-1:0] place2,
    output wire [COUNT-1:0] shuffle2,
    output wire [      1:0] a_from,
    output wire             a_fold,
    output wire             a_zero,
    output wire             a_gated,
    output wire [      1:0] a_sign,
    output wire [      1:0] b_from,
    output wire             b_constant,
    output wire             b_shared,
    output wire             b_gated,
    output wire [      1:0] b_sign,
    output wire [      1:0] c_file,
    output wire [      1:0] c_memory,
    output wire [      1:0] c_of,
    output wire             c_pick,
    output wire             c_gated,
    output wire [      1:0] c_sign,
    output wire [      1:0] mode,
    output wire             through,
    output wire [      2:0] bits,
    output wire             periodic,
    output wire [COUNT-1:0] to_lanes,
    output wire             to_sum0,
    output wire             to_sum1,
    output wire             to_row,
    output wire [SWORD-1:0] to_at,
    output wire [     15:0] to_turn,
    output wire             to_split,
    output wire [PLACE-1:0] to_split_place,
    output wire [      1:0] to_register,
    output wire [PLACE-1:0] to_place,
    output wire             to_out,
    output wire             to_index,
    output wire             to_bit,
    output wire             raises
);

  localparam MOVE = 3'd0, ADD_OP = 3'd1, MUL_OP = 3'd2, MUL_ADD = 3'd3, LARGER = 3'd4, CLAMP = 3'd5, SPLIT = 3'd6, PICK = 3'd7;
  localparam LITERAL = 3'd1, PORT = 3'd2, REGISTER = 3'd3, SUM = 3'd4, COLUMN = 3'd5, SCALAR = 3'd6, ENTRY = 3'd7;
  localparam P = 2 + MUL + ADD;
  localparam BPAD = BWORD - 3 - CBITS, CPAD = CWORD - 3 - CBITS;

  // A fold adds what is above to the sum of a row, or takes the larger one.
  wire largest = total ? word[41] : word[40];
  wire [2:0] op = fold ? (largest ? LARGER : ADD_OP) : word[2:0];
  wire [8:0] of_a = word[11:3], of_b = word[20:12], of_c = word[29:21];
  wire [1:0] file = fold ? 2'd2 : word[31:30];
  wire [1:0] index = fold ? {1'b0, total} : word[33:32];
  wire rows = fold | word[37];
  wire once = word[42];

  // Cycle 0: where constants and sums are. A row's sums lie behind those over columns, in both memories; which of them, of the work once a row, its operand says.
  wire of_total = fold ? total : once ? (of_a[2:0] == SUM ? of_a[3] : of_b[2:0] == SUM ? of_b[3] : of_c[3]) : of_c[3];
  wire reads = read & ~go;
  always @(posedge clk) begin
    take1 <= take;
    wide1 <= wide;
    place1 <= place;
    b_entry <= of_b[2:0] == ENTRY;
    b_at <= of_b[2:0] == ENTRY ? {1'b1, {(BWORD - 7 - TBITS) {1'b0}}, function_of, 6'd0} : {1'b0, {BPAD{1'b0}}, of_b[4:3], column};
    c_entry <= of_c[2:0] == ENTRY & op != PICK;
    c_end <= op == PICK;
    c_at <= op == PICK ? {2'b01, {(CWORD - 3 - TBITS) {1'b0}}, function_of, 1'b0} : of_c[2:0] == ENTRY ? {1'b1, {(CWORD - 8 - TBITS) {1'b0}}, of_c[3], function_of, 6'd0} :
            {2'b00, {CPAD{1'b0}}, of_c[3], column};
    sum_at0 <= reads ? {{(SWORD - SBITS) {1'b0}}, read_at} : rows | once ? {1'b1, {(SWORD - 2 - PLACE) {1'b0}}, of_total, low} : {{(SWORD - SBITS) {1'b0}}, sum};
    sum_at1 <= reads ? {{(SWORD - SBITS) {1'b0}}, read_at} : rows ? {1'b1, {(SWORD - 2 - PLACE) {1'b0}}, of_total, high} : {{(SWORD - SBITS) {1'b0}}, sum};
  end

  // Cycle 1: what all lanes share is one for b where a word does not multiply, and for c -0 where it does not add; a sum's first element is added to +0, or compared with what is least.
  wire adds = op == ADD_OP | op == MUL_ADD | op == LARGER | op == CLAMP;
  wire multiplies = op == MUL_OP | op == MUL_ADD;
  wire new_sum = ~fold & of_c[2:0] == SUM & (rows ? fresh : ~|turns);
  always @(posedge clk) begin
    b_one <= ~once & ~multiplies;
    c_nothing <= ~once & ~adds;
    c_first <= ~once & adds & new_sum;
    c_least <= word[35];
  end

  // Cycles 2 and 3.
  wire shared_of_b = ~multiplies | of_b[2:0] == LITERAL | of_b[2:0] == SCALAR | ~|of_b[2:0];
  wire shared_of_c = ~fold & op != PICK & (~adds | new_sum | of_c[2:0] == LITERAL | of_c[2:0] == SCALAR | ~|of_c[2:0]);
  wire memory_of_c = fold | of_c[2:0] == SUM | of_c[2:0] == COLUMN | of_c[2:0] == ENTRY | op == PICK;
  wire [1:0] from_memory = ~fold & of_c[2:0] != SUM ? 2'd2 : {1'b0, ~rows & of_c[3]};
  fp_delay #(.WIDTH(18 + PLACE + COUNT), .DEPTH(2)) operands (
      .clk(clk),
      .d({place, shuffle, of_a[2:0] == REGISTER, of_a[3], fold, ~fold & ~|of_a[2:0], ~fold & of_a[8], {2{~fold}} & {of_a[6], of_a[7]},
          of_b[2:0] == REGISTER | of_b[4], of_b[2:0] == REGISTER | of_b[3], of_b[2:0] == ENTRY | of_b[2:0] == COLUMN, shared_of_b, multiplies & of_b[8], of_b[6], of_b[7],
          of_c[2:0] == REGISTER, of_c[3], from_memory}),
      .q({place2, shuffle2, a_from, a_fold, a_zero, a_gated, a_sign, b_from, b_constant, b_shared, b_gated, b_sign, c_file, c_memory})
  );
  wire [1:0] mode0 = op == LARGER ? 2'd1 : op == CLAMP ? 2'd2 : op == PICK ? 2'd3 : 2'd0;
  fp_delay #(.WIDTH(9), .DEPTH(3)) last (
      .clk(clk), .d({shared_of_c, memory_of_c, op == PICK, ~fold & of_c[8] & (adds | op == PICK), {2{~fold}} & {of_c[6], of_c[7]}, mode0, kind[4]}),
      .q({c_of, c_pick, c_gated, c_sign, mode, through})
  );
  fp_delay #(.WIDTH(4), .DEPTH(3 + MUL)) splits (.clk(clk), .d(kind[3:0]), .q({periodic, bits}));

  // Where results go: nowhere what was issued before a reset.
  wire due;
  wire [COUNT-1:0] lanes_later;
  vector_due #(.DEPTH(P - 1)) waits (.clk(clk), .rst(rst), .d(go), .q(due));
  fp_delay #(.WIDTH(COUNT), .DEPTH(P - 1)) of_lanes (.clk(clk), .d(lanes), .q(lanes_later));
  assign to_lanes = lanes_later & {COUNT{due}};
  wire sums = file == 2'd2;
  fp_delay #(.WIDTH(21 + SWORD + PLACE), .DEPTH(P)) to_waits (
      .clk(clk),
      .d({sums & (rows | ~index[0]), sums & (rows | index[0]), sums & ~rows & ~index[0] & op == LARGER,
          rows ? {1'b1, {(SWORD - 2 - PLACE) {1'b0}}, index[0], low} : {{(SWORD - SBITS) {1'b0}}, sum}, turns, op == SPLIT, place, ~fold & word[36]}),
      .q({to_sum0, to_sum1, to_row, to_at, to_turn, to_split, to_split_place, raises})
  );
  fp_delay #(.WIDTH(5 + PLACE), .DEPTH(P + 1)) to_later (
      .clk(clk), .d({file == 2'd1 & index[0], file == 2'd1 & ~index[0], place, &file, index[0], ~fold & word[34]}),
      .q({to_register, to_place, to_out, to_index, to_bit})
  );

  // Not all sources are operands of all kinds.
  /* verilator lint_off UNUSED */
  wire unused = &{of_a[5:4], of_b[5], of_c[5:4], index[1], PORT, MOVE};
  /* verilator lint_on UNUSED */

endmodule

`default_nettype wire
