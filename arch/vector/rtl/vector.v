// The vector unit: lanes that do programs of words on elements, all of them in lockstep. What it does in each cycle, and which
// rows it takes, is in CONTRACT.md (vector, Verilog). Work once a column is whoever's that starts jobs: it writes the columns' constants, and folds the sums.
//
//   clk, rst     rising edge; reset is synchronous and lasts five cycles at least: so long results that are behind the sums go on to the ports
//   word_*       writes a word. From bit 0: operator (3: 0 move, 1 add, 2 multiply, 3 mul_add, 4 larger, 5 clamp, 6 split, 7 pick), operands a, b, c (9 each: file, 3: 0 zero,
//                1 literal, 2 port, 3 register, 4 sum, 5 column, 6 scalar, 7 entry; index, 3; its sign is turned, is off; +0 where the bit is clear),
//                destination (2: 1 register, 2 sum, 3 out) and its index (2), the bit leaves (1), a sum begins at -infinity (1), the exponent is raised (1), a sum is over rows (1),
//                after it totals 0 and 1 are folded (2), as the largest (2), it is once a row (1), 1 bit of nothing, literal (32)
//   constant_*   writes a constant of every lane, lane 0 lowest. Index 0 to 3: of columns, at its place. 4 to 6: a table's coefficients 0 to 2, the same for all lanes, at the table
//                (above) and a segment (6 bits). 7: what it is below (at 0) and above (at 1), and at 2, of lane 0: from bit 0 the logarithm of one over a segment's width (3), it
//                repeats (1), above it is the operand (1)
//   job_*        see vector_control
//   in_*         a wave: port 0 (FP32, or FP16 in the low half), ports 1 and 2, the bit; asked for by in_ready, offered by in_valid, taken in cycles with both.
//                A cycle without is a hold, and may come anywhere
//   out*         results, P + 3 = 2 + MUL + ADD + 3 cycles after their word, by lane: which of the two, FP16, and the bits. They cannot be held: whoever sends a job has room
//   row_*        what work once a row made, P + 3 cycles after its word, or DIVIDE + 3: which scalar, and FP32
//   read, read_* both sums of every lane at a place, two cycles later, if no word is issued; of a total whose largest was kept, in the low half of sum 1 the row it was in
//   busy         the cycles with it are those that a job takes (CONTRACT.md: vector, Cycles), holds included
//   count_*      what CONTRACT.md (vector, Counts) has, and cycles of issue; they show what was done two cycles before
//
// Words, columns and sums of jobs that follow one another lie apart. A job's sums are used again no sooner than P cycles later: where it has fewer, it waits (CONTRACT.md: vector, Elements, columns and sums).

`default_nettype none

module vector #(
    parameter LANES   = 32,
    parameter STRIP   = 8,
    parameter MUL     = 3,                               // registers of the multiplier, 2 or more
    parameter ADD     = 5,                               // of the adder, 1 or more
    parameter DIVIDE  = 17,                              // 2 + MUL + ADD or more
    parameter WORDS   = 32,                              // of programs
    parameter COLUMNS = 64,                              // constants of a lane, by index
    parameter SUMS    = 64,                              // of a lane, by total
    parameter TABLES  = 2,                               // of functions
    parameter FLUSH   = 1,
    parameter WAVES   = 32,                              // bits of a job's waves
    parameter WIDE    = 48,                              // bits of a counter
    parameter COUNT   = $clog2(LANES + 1),
    parameter WBITS   = $clog2(WORDS),
    parameter CBITS   = COLUMNS > 1 ? $clog2(COLUMNS) : 1,
    parameter SBITS   = SUMS > 1 ? $clog2(SUMS) : 1,
    parameter TBITS   = TABLES > 1 ? $clog2(TABLES) : 1,
    parameter KBITS   = CBITS > TBITS + 6 ? CBITS : TBITS + 6,
    parameter PLACE   = STRIP > 1 ? $clog2(STRIP) : 1
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                word_write,
    input  wire [   WBITS-1:0] word_to,
    input  wire [        75:0] word_data,
    input  wire                constant_write,
    input  wire [         2:0] constant_index,
    // Columns and tables may be of few bits.
    /* verilator lint_off UNUSED */
    input  wire [   KBITS-1:0] constant_to,
    /* verilator lint_on UNUSED */
    input  wire [LANES*32-1:0] constant_data,
    input  wire                job_valid,
    output wire                job_ready,
    input  wire [   WBITS-1:0] job_word,
    input  wire [   WBITS-1:0] job_words,
    input  wire [   WAVES-1:0] job_rows,
    input  wire [     PLACE:0] job_size,
    input  wire [     PLACE:0] job_waves,
    input  wire [     PLACE:0] job_turn,
    input  wire [   COUNT-1:0] job_last,
    input  wire                job_over,
    input  wire                job_begins,
    input  wire [     PLACE:0] job_fold,
    input  wire [   COUNT-1:0] job_half,
    input  wire [   SBITS-1:0] job_sum,
    input  wire [     SBITS:0] job_sums,
    input  wire [   CBITS-1:0] job_column,
    input  wire [     CBITS:0] job_columns,
    input  wire                job_wide,
    input  wire [   TBITS-1:0] job_table,
    input  wire [        63:0] job_scalars,
    input  wire                in_valid,
    output wire                in_ready,
    input  wire [LANES*32-1:0] in0,
    input  wire [LANES*16-1:0] in1,
    input  wire [LANES*16-1:0] in2,
    input  wire [   LANES-1:0] in_bit,
    input  wire [        95:0] in_scalars,
    output wire [   LANES-1:0] out_valid,
    output wire [   LANES-1:0] out_index,
    output wire [LANES*16-1:0] out,
    output wire [   LANES-1:0] out_bit_valid,
    output wire [   LANES-1:0] out_bit,
    output wire                row_valid,
    output wire [         2:0] row_index,
    output wire [        31:0] row_out,
    input  wire                read,
    input  wire [   SBITS-1:0] read_at,
    output wire [LANES*32-1:0] read_sums0,
    output wire [LANES*32-1:0] read_sums1,
    output wire                busy,
    output wire [    WIDE-1:0] count_elements,
    output wire [    WIDE-1:0] count_operations,
    output wire [    WIDE-1:0] count_idle_lane_cycles,
    output wire [    WIDE-1:0] count_stall_cycles,
    output wire [    WIDE-1:0] count_issue
);

  localparam P = 2 + MUL + ADD;
  localparam LEAVE = 3;  // cycles more until a result has left
  localparam WAIT = $clog2((DIVIDE > P + LEAVE ? DIVIDE : P + LEAVE) + 2);
  // Places of memories: behind the constants of columns lie those of tables, behind the sums over columns those over rows.
  localparam BWORD = 1 + (2 + CBITS > TBITS + 6 ? 2 + CBITS : TBITS + 6);
  localparam CWORD = 1 + (2 + CBITS > TBITS + 7 ? 2 + CBITS : TBITS + 7);
  localparam SWORD = 1 + (SBITS > PLACE + 1 ? SBITS : PLACE + 1);

  wire go, fold, take, row_go, wide, stall, fresh, total;
  wire [PLACE-1:0] place, line, low, high;
  wire [COUNT-1:0] active, shuffle;
  wire [CBITS-1:0] column_at;
  wire [SBITS-1:0] sum_at;
  wire [15:0] turns;
  wire [TBITS-1:0] function_of;
  wire [63:0] scalars;
  wire [75:0] word;
  vector_control #(
      .LANES(LANES), .COUNT(COUNT), .PLACE(PLACE), .LATENCY(P), .LEAVE(LEAVE), .DIVIDE(DIVIDE), .WAIT(WAIT), .SPACE(WORDS), .WORDS(WBITS), .CBITS(CBITS), .SBITS(SBITS),
      .WAVES(WAVES), .TBITS(TBITS)
  ) control (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_word(job_word), .job_words(job_words), .job_rows(job_rows), .job_size(job_size),
      .job_waves(job_waves), .job_turn(job_turn), .job_last(job_last), .job_over(job_over), .job_begins(job_begins), .job_fold(job_fold), .job_half(job_half),
      .job_sum(job_sum), .job_sums(job_sums), .job_column(job_column), .job_columns(job_columns), .job_wide(job_wide), .job_table(job_table), .job_scalars(job_scalars),
      .in_valid(in_valid), .in_ready(in_ready), .word_write(word_write), .word_to(word_to), .word_data(word_data), .word(word),
      .go(go), .fold(fold), .take(take), .row_go(row_go), .active(active), .place(place), .line(line), .column_at(column_at), .sum_at(sum_at), .turns(turns),
      .low(low), .high(high), .fresh(fresh), .total(total), .shuffle(shuffle), .wide(wide), .function_of(function_of), .scalars(scalars), .stall(stall), .busy(busy)
  );

  // Constants are written a cycle later.
  reg writes, writes_b, writes_c;
  reg [2:0] index;
  reg [KBITS-1:0] to;
  reg [4:0] kind_data;
  always @(posedge clk) begin
    writes <= constant_write & &constant_index & constant_to[5:0] == 6'd2;
    writes_b <= constant_write & (~constant_index[2] | constant_index == 3'd6);
    writes_c <= constant_write & ((~constant_index[2] & ~constant_index[1]) | constant_index[2:1] == 2'd2 | (&constant_index & ~|constant_to[5:1]));
    index <= constant_index;
    to <= constant_to;
    kind_data <= constant_data[4:0];
  end
  wire [BWORD-1:0] b_to = index[2] ? {1'b1, {(BWORD - 7 - TBITS) {1'b0}}, to[TBITS+5:0]} : {1'b0, {(BWORD - 3 - CBITS) {1'b0}}, index[1:0], to[CBITS-1:0]};
  wire [CWORD-1:0] c_to = ~index[2] ? {2'b00, {(CWORD - 3 - CBITS) {1'b0}}, index[0], to[CBITS-1:0]} :
                          &index ? {2'b01, {(CWORD - 3 - TBITS) {1'b0}}, to[TBITS+5:6], ~to[0]} : {1'b1, {(CWORD - 8 - TBITS) {1'b0}}, index[0], to[TBITS+5:0]};
  reg [4:0] kinds[0:TABLES-1];
  always @(posedge clk) if (writes) kinds[to[TBITS+5:6]] <= kind_data;

  wire take1, wide1, b_entry, c_entry, c_end, b_one, c_nothing, c_first, c_least, a_fold, a_zero, a_gated, b_constant, b_shared, b_gated, c_pick, c_gated, through, periodic;
  wire to_sum0, to_sum1, to_row, to_split, to_out, to_index, to_bit, raises;
  wire [PLACE-1:0] place1, place2, to_place, to_split_place;
  wire [BWORD-1:0] b_at;
  wire [CWORD-1:0] c_at;
  wire [SWORD-1:0] sum_at0, sum_at1, to_at;
  wire [COUNT-1:0] shuffle2, to_lanes;
  wire [1:0] a_from, a_sign, b_from, b_sign, c_file, c_memory, c_of, c_sign, mode, to_register;
  wire [2:0] bits;
  wire [15:0] to_turn;
  vector_front #(
      .COUNT(COUNT), .PLACE(PLACE), .CBITS(CBITS), .SBITS(SBITS), .TBITS(TBITS), .BWORD(BWORD), .CWORD(CWORD), .SWORD(SWORD), .MUL(MUL), .ADD(ADD)
  ) front (
      .clk(clk), .rst(rst), .word(word), .go(go), .fold(fold), .take(take), .wide(wide), .place(place), .column(column_at), .sum(sum_at), .turns(turns), .low(low), .high(high),
      .fresh(fresh), .total(total), .lanes(active), .shuffle(shuffle), .function_of(function_of), .kind(kinds[function_of]), .read(read), .read_at(read_at),
      .take1(take1), .wide1(wide1), .place1(place1), .b_entry(b_entry), .b_at(b_at), .c_entry(c_entry), .c_end(c_end), .c_at(c_at), .sum_at0(sum_at0), .sum_at1(sum_at1),
      .b_one(b_one), .c_nothing(c_nothing), .c_first(c_first), .c_least(c_least), .place2(place2), .shuffle2(shuffle2), .a_from(a_from), .a_fold(a_fold), .a_zero(a_zero),
      .a_gated(a_gated), .a_sign(a_sign), .b_from(b_from), .b_constant(b_constant), .b_shared(b_shared), .b_gated(b_gated), .b_sign(b_sign), .c_file(c_file), .c_memory(c_memory),
      .c_of(c_of), .c_pick(c_pick), .c_gated(c_gated), .c_sign(c_sign), .mode(mode), .through(through), .bits(bits), .periodic(periodic), .to_lanes(to_lanes),
      .to_sum0(to_sum0), .to_sum1(to_sum1), .to_row(to_row), .to_at(to_at), .to_turn(to_turn), .to_split(to_split), .to_split_place(to_split_place), .to_register(to_register),
      .to_place(to_place), .to_out(to_out), .to_index(to_index), .to_bit(to_bit), .raises(raises)
  );

  wire [31:0] shared_b, shared_c;
  wire [LANES*32-1:0] row_sum, fold_out, fold_in;
  wire [LANES-1:0] works;
  vector_scalar #(.STRIP(STRIP), .PLACE(PLACE), .MUL(MUL), .ADD(ADD), .DIVIDE(DIVIDE), .FLUSH(FLUSH)) once (
      .clk(clk), .rst(rst), .word(word), .go(row_go), .line(line), .take(take), .given(scalars), .in_scalars(in_scalars), .b_one(b_one), .c_nothing(c_nothing), .c_first(c_first),
      .c_least(c_least), .shared_b(shared_b), .shared_c(shared_c), .row_sum(row_sum[31:0]), .out_valid(row_valid), .out_index(row_index), .out(row_out)
  );
  vector_shuffle #(.LANES(LANES), .COUNT(COUNT)) across (.clk(clk), .above(shuffle2), .out(fold_out), .in(fold_in), .lanes(to_lanes), .active(works));
  assign read_sums0 = row_sum;
  assign read_sums1 = fold_out;

  wire left_index;
  fp_delay #(.WIDTH(1), .DEPTH(2)) leaves (.clk(clk), .d(to_index), .q(left_index));
  assign out_index = {LANES{left_index}};
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      vector_lane #(.STRIP(STRIP), .PLACE(PLACE), .BWORD(BWORD), .CWORD(CWORD), .SWORD(SWORD), .MUL(MUL), .ADD(ADD), .FLUSH(FLUSH)) of (
          .clk(clk), .in0(in0[l*32+:32]), .in1(in1[l*16+:16]), .in2(in2[l*16+:16]), .in_bit(in_bit[l]), .take(take1), .wide(wide1), .place(place1),
          .b_entry(b_entry), .b_at(b_at), .c_entry(c_entry), .c_end(c_end), .c_at(c_at), .sum_at0(sum_at0), .sum_at1(sum_at1), .place_read(place2),
          .a_from(a_from), .a_fold(a_fold), .a_zero(a_zero), .a_gated(a_gated), .a_sign(a_sign), .b_from(b_from), .b_constant(b_constant), .b_shared(b_shared), .b_gated(b_gated),
          .b_sign(b_sign), .c_file(c_file), .c_memory(c_memory), .shared_b(shared_b), .c_of(c_of), .c_pick(c_pick), .c_gated(c_gated), .c_sign(c_sign), .shared_c(shared_c),
          .mode(mode), .through(through), .bits(bits), .periodic(periodic), .active(works[l]), .to_sum0(to_sum0), .to_sum1(to_sum1), .to_row(to_row), .to_at(to_at),
          .to_turn(to_turn), .to_split(to_split), .to_register(to_register), .to_place(to_place), .to_split_place(to_split_place), .to_out(to_out), .to_bit(to_bit), .raises(raises),
          .constant(constant_data[l*32+:32]), .constant_b(writes_b), .constant_b_at(b_to), .constant_c(writes_c), .constant_c_at(c_to),
          .fold_in(fold_in[l*32+:32]), .fold_out(fold_out[l*32+:32]), .row_sum(row_sum[l*32+:32]),
          .out_valid(out_valid[l]), .out(out[l*16+:16]), .out_bit_valid(out_bit_valid[l]), .out_bit(out_bit[l])
      );
    end
  endgenerate

  vector_counters #(.LANES(LANES), .COUNT(COUNT), .WIDE(WIDE)) counters (
      .clk(clk), .rst(rst), .lanes(active), .take(take), .go(go), .stall(stall), .count_elements(count_elements), .count_operations(count_operations),
      .count_idle_lane_cycles(count_idle_lane_cycles), .count_stall_cycles(count_stall_cycles), .count_issue(count_issue)
  );

endmodule

`default_nettype wire
