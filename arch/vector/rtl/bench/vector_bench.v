// Replays jobs on the vector unit and compares everything that crosses its edges, every cycle, with files, as unit_bench says. It prints "equal" or the first differences.
//
//   words.hex    literal (32), then bits 43 to 0 of a word (44)
//   tables.hex   of each table: coefficients 0, 1, 2 of its segments, then what it is beside (64 of each, 32)
//   columns.hex  constants 0, then 1, 2, 3, at every place: by lane, lane 0 rightmost (32 each)
//   jobs.hex     first word, words (8 each), rows (32), rows of a strip, waves of a row, those with sums, active lanes of the last one, of a fold waves and lanes, first sum,
//                sums, first column, columns (16 each), rows of columns begin with a wave, over rows and port 0 is FP32 (4), table (4), scalars 1 and 0 (32 each)
//   slots.hex    of a wave: scalars 4, 3, 2 of the row (32 each); by lane, lane 0 rightmost: bit (4), port 0 (32), ports 1 and 2 (16 each)
//   edges.hex    the unit's own is nothing; then a scalar of a row leaves, which (4), and it (32); by lane, lane 0 rightmost: a result leaves, which, its bit leaves, the bit (4),
//                FP16 (16)
//   rows.hex     by row: scalars 4, 3, 2 (32 each); +rows= are so many
//   feeds.hex    where a job's waves begin, and its rows (16 each)
//   drains.hex   of drains 0 to 3, a line for each job, those of the drain first: where its words begin (16), and how many (32)
//   places.hex   by cycle: where what leaves goes, of drains 3 to 0 (16 each)
//   counts.hex   elements, operations, idle lane-cycles, stall cycles, cycles of issue
//   sums.hex     total 0, then 1, at every place: by lane, lane 0 rightmost: its row is to be compared, and it (2 of 4), sum (32), row (16)
//
// The first job is taken two cycles before cycle 0, and the second one in the cycle after that. Words and constants are written before all; a replay finds them there.
//
// With READ it is fed: its waves lie in buffers that answer READ cycles after their address, and what it makes goes into others.

module vector_bench #(
    parameter LANES   = 2,
    parameter STRIP   = 8,
    parameter MUL     = 3,
    parameter ADD     = 5,
    parameter DIVIDE  = 17,
    parameter WORDS   = 32,
    parameter COLUMNS = 64,
    parameter SUMS    = 64,
    parameter TABLES  = 2,
    parameter FLUSH   = 1,
    parameter READ    = 0,  // cycles in which buffers answer, 1 to 3; 0: waves come from the bench
    parameter DEPTH   = 65536  // of the memories
);

  localparam COUNT = $clog2(LANES + 1);
  localparam WBITS = $clog2(WORDS);
  localparam CBITS = COLUMNS > 1 ? $clog2(COLUMNS) : 1;
  localparam SBITS = SUMS > 1 ? $clog2(SUMS) : 1;
  localparam TBITS = TABLES > 1 ? $clog2(TABLES) : 1;
  localparam KBITS = CBITS > TBITS + 6 ? CBITS : TBITS + 6;
  localparam LOAD = WORDS + 4 * COLUMNS + 256 * TABLES;
  localparam RESETS = 5;
  localparam AHEAD = 2;
  localparam WAVE = 68;
  localparam EDGE = 20;
  localparam SUM = 52;
  localparam PLACE = STRIP > 1 ? $clog2(STRIP) : 1;
  localparam HEAD = LANES * EDGE;  // where what is not a lane's begins

  reg [75:0] word_of[0:WORDS-1];
  reg [LANES*32-1:0] column_of[0:4*COLUMNS-1];
  reg [31:0] table_of[0:256*TABLES-1];
  reg [LANES*SUM-1:0] sum_of[0:2*SUMS-1];
  initial begin
    $readmemh("words.hex", word_of);
    $readmemh("tables.hex", table_of);
    $readmemh("columns.hex", column_of);
    $readmemh("sums.hex", sum_of);
  end

  reg word_write = 1'b0, constant_write = 1'b0;
  reg [WBITS-1:0] word_to;
  reg [75:0] word_data;
  reg [2:0] constant_index;
  reg [KBITS-1:0] constant_to;
  reg [LANES*32-1:0] constant_data;
  reg read = 1'b0;
  reg [SBITS-1:0] read_at = {SBITS{1'b0}};

  wire clk, rst, job_valid, job_ready, offers, in_valid, in_ready, take, feed_valid, feed_ready, feed_hold, surrounds, drained, busy, row_valid, during;
  wire [279:0] job;
  wire [96+LANES*WAVE-1:0] slot;
  wire [44+HEAD-1:0] want;
  wire signed [31:0] now;
  wire [31:0] after;
  wire [2:0] row_index;
  wire [31:0] row_out;
  wire [LANES-1:0] in_bit, out_valid, out_index, out_bit_valid, out_bit;
  wire [LANES*32-1:0] in0, read_sums0, read_sums1;
  wire [LANES*16-1:0] in1, in2, out;
  wire [47:0] elements, operations, idle, stalls, issue;

  unit_bench #(
      .JOB(280), .SLOT(96 + LANES * WAVE), .EDGE(44 + HEAD), .LEAVES(2 * LANES + 1), .COUNTS(5), .AHEAD(AHEAD), .RESETS(RESETS), .LOADS(LOAD), .FED(READ), .DEPTH(DEPTH)
  ) replay (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job(job), .offers(offers), .in_valid(in_valid), .in_ready(in_ready), .slot(slot),
      .busy(busy), .take(take), .leaves({out_valid, out_bit_valid, row_valid}), .now(now), .want(want), .during(during), .after(after),
      .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_hold(feed_hold), .surrounds(surrounds), .drained(drained)
  );

  genvar l, d;
  generate
    if (READ == 0) begin : bare
      assign in_valid = offers;
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign in_bit[l] = slot[l*WAVE+64];
        assign in0[l*32+:32] = slot[l*WAVE+32+:32];
        assign in1[l*16+:16] = slot[l*WAVE+16+:16];
        assign in2[l*16+:16] = slot[l*WAVE+:16];
      end
      vector #(.LANES(LANES), .STRIP(STRIP), .MUL(MUL), .ADD(ADD), .DIVIDE(DIVIDE), .WORDS(WORDS), .COLUMNS(COLUMNS), .SUMS(SUMS), .TABLES(TABLES), .FLUSH(FLUSH)) dut (
          .clk(clk), .rst(rst), .word_write(word_write), .word_to(word_to), .word_data(word_data),
          .constant_write(constant_write), .constant_index(constant_index), .constant_to(constant_to), .constant_data(constant_data),
          .job_valid(job_valid), .job_ready(job_ready), .job_word(job[272+:WBITS]), .job_words(job[264+:WBITS]), .job_rows(job[232+:32]), .job_size(job[216+:PLACE+1]),
          .job_waves(job[200+:PLACE+1]), .job_turn(job[184+:PLACE+1]), .job_last(job[168+:COUNT]), .job_fold(job[152+:PLACE+1]), .job_half(job[136+:COUNT]),
          .job_sum(job[120+:SBITS]), .job_sums(job[104+:SBITS+1]), .job_column(job[88+:CBITS]), .job_columns(job[72+:CBITS+1]), .job_begins(job[70]), .job_over(job[69]), .job_wide(job[68]),
          .job_table(job[64+:TBITS]), .job_scalars(job[63:0]),
          .in_valid(in_valid), .in_ready(in_ready), .in0(in0), .in1(in1), .in2(in2), .in_bit(in_bit), .in_scalars(slot[LANES*WAVE+:96]),
          .out_valid(out_valid), .out_index(out_index), .out(out), .out_bit_valid(out_bit_valid), .out_bit(out_bit), .row_valid(row_valid), .row_index(row_index), .row_out(row_out),
          .read(read), .read_at(read_at), .read_sums0(read_sums0), .read_sums1(read_sums1), .busy(busy),
          .count_elements(elements), .count_operations(operations), .count_idle_lane_cycles(idle), .count_stall_cycles(stalls), .count_issue(issue)
      );
      assign take = dut.take;
      assign feed_ready = 1'b1;
      assign surrounds = 1'b0;
      assign drained = 1'b1;
    end else begin : fed
      reg [31:0] feed_of[0:DEPTH-1];
      reg [47:0] drain_of[0:DEPTH-1];
      reg [63:0] place_in[0:DEPTH-1];
      reg [95:0] row_of[0:DEPTH-1];
      integer rows;
      integer told, length;  // jobs, and cycles
      initial begin
        if (!$value$plusargs("jobs=%d", told)) told = 0;
        if (!$value$plusargs("cycles=%d", length)) length = 0;
        if (told > 0) $readmemh("feeds.hex", feed_of, 0, told - 1);
        if (told > 0) $readmemh("drains.hex", drain_of, 0, 4 * told - 1);
        if (length > 0) $readmemh("places.hex", place_in, 0, length - 1);
        if ($value$plusargs("rows=%d", rows) != 0) $readmemh("rows.hex", row_of, 0, rows - 1);
      end
      wire wave_read, feed_busy, row_write;
      wire [79:0] wave_address;
      wire [3:0] drain_ready, drain_busy, drain_valid, done;
      wire [63:0] drain_base;
      wire [127:0] drain_waves;
      wire [31:0] bases = feed_of[replay.next_feed];
      wire [15:0] base = bases[31:16], row_base = bases[15:0];
      wire [15:0] first_address, second_address, bit_address, row_address;
      wire [279:0] fed_job = replay.job_of[replay.next_feed];
      wire [LANES-1:0] wave_bit, first_write, second_write, bit_write, bit_data;
      wire [LANES*32-1:0] wave0;
      wire [LANES*16-1:0] wave1, wave2, first_data, second_data;
      wire [34:0] row_data;
      wire [95:0] wave_scalars;
      vector_fed #(.LANES(LANES), .STRIP(STRIP), .MUL(MUL), .ADD(ADD), .DIVIDE(DIVIDE), .WORDS(WORDS), .COLUMNS(COLUMNS), .SUMS(SUMS), .TABLES(TABLES), .FLUSH(FLUSH), .READ(READ)) dut (
          .clk(clk), .rst(rst), .word_write(word_write), .word_to(word_to), .word_data(word_data),
          .constant_write(constant_write), .constant_index(constant_index), .constant_to(constant_to), .constant_data(constant_data),
          .job_valid(job_valid), .job_ready(job_ready), .job_word(job[272+:WBITS]), .job_words(job[264+:WBITS]), .job_rows(job[232+:32]), .job_size(job[216+:PLACE+1]),
          .job_waves(job[200+:PLACE+1]), .job_turn(job[184+:PLACE+1]), .job_last(job[168+:COUNT]), .job_fold(job[152+:PLACE+1]), .job_half(job[136+:COUNT]),
          .job_sum(job[120+:SBITS]), .job_sums(job[104+:SBITS+1]), .job_column(job[88+:CBITS]), .job_columns(job[72+:CBITS+1]), .job_begins(job[70]), .job_over(job[69]), .job_wide(job[68]),
          .job_table(job[64+:TBITS]), .job_scalars(job[63:0]),
          .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_base({row_base + 16'd4096, base + 16'd3072, base + 16'd2048, base + 16'd1024, base}),
          .feed_rows(fed_job[232+:32]), .feed_waves(fed_job[200+:PLACE+1]), .feed_hold(feed_hold), .wave_read(wave_read), .wave_address(wave_address),
          .wave0(wave0), .wave1(wave1), .wave2(wave2), .wave_bit(wave_bit), .wave_scalars(wave_scalars),
          .drain_valid(drain_valid), .drain_ready(drain_ready), .drain_base(drain_base), .drain_waves(drain_waves),
          .first_write(first_write), .first_address(first_address), .first_data(first_data), .second_write(second_write), .second_address(second_address), .second_data(second_data),
          .bit_write(bit_write), .bit_address(bit_address), .bit_data(bit_data), .row_write(row_write), .row_address(row_address), .row_data(row_data),
          .feed_busy(feed_busy), .drain_busy(drain_busy),
          .read(read), .read_at(read_at), .read_sums0(read_sums0), .read_sums1(read_sums1), .busy(busy),
          .count_elements(elements), .count_operations(operations), .count_idle_lane_cycles(idle), .count_stall_cycles(stalls), .count_issue(issue)
      );
      assign in_valid = dut.in_valid;
      assign in_ready = dut.in_ready;
      assign in0 = dut.in0;
      assign in1 = dut.in1;
      assign in2 = dut.in2;
      assign in_bit = dut.in_bit;
      assign take = dut.engine.take;
      assign out_valid = dut.out_valid;
      assign out_index = dut.out_index;
      assign out = dut.out;
      assign out_bit_valid = dut.out_bit_valid;
      assign out_bit = dut.out_bit;
      assign row_valid = dut.row_valid;
      assign row_index = dut.row_index;
      assign row_out = dut.row_out;
      assign surrounds = feed_busy | |drain_busy | wave_read | row_write | |{first_write, second_write, bit_write};
      assign drained = &done;
      // The buffers: waves and rows of job j begin 3 * j words after where they are in the file, in part p another 1024 * p later. Without an address they give what they do not hold.
      reg [(96+LANES*WAVE)*READ-1:0] line;
      wire [96+LANES*WAVE-1:0] held_wave = line[(96+LANES*WAVE)*READ-1-:96+LANES*WAVE];
      wire [96+LANES*WAVE-1:0] word;
      wire [15:0] skipped = 3 * (replay.next_feed - 1);
      wire [15:0] of0 = wave_address[15:0] - skipped;
      wire [15:0] of1 = wave_address[31:16] - 16'd1024 - skipped;
      wire [15:0] of2 = wave_address[47:32] - 16'd2048 - skipped;
      wire [15:0] of_bit = wave_address[63:48] - 16'd3072 - skipped;
      wire [15:0] of_row = wave_address[79:64] - 16'd4096 - skipped;
      wire [96+LANES*WAVE-1:0] word0 = replay.slot_of[of0], word1 = replay.slot_of[of1], word2 = replay.slot_of[of2], word_bit = replay.slot_of[of_bit];
      assign word[LANES*WAVE+:96] = row_of[of_row];
      assign wave_scalars = held_wave[LANES*WAVE+:96];
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign word[l*WAVE+:WAVE] = {word_bit[l*WAVE+64+:4], word0[l*WAVE+32+:32], word1[l*WAVE+16+:16], word2[l*WAVE+:16]};
        assign wave_bit[l] = held_wave[l*WAVE+64];
        assign wave0[l*32+:32] = held_wave[l*WAVE+32+:32];
        assign wave1[l*16+:16] = held_wave[l*WAVE+16+:16];
        assign wave2[l*16+:16] = held_wave[l*WAVE+:16];
      end
      always @(posedge clk) line <= {line, wave_read ? word : ~word};
      // Each drain is told of its jobs as soon as it takes them.
      for (d = 0; d < 4; d = d + 1) begin : drain
        integer next;
        wire [47:0] what = drain_of[d*replay.jobs+next];
        assign drain_valid[d] = ~rst & now >= -3 & next < replay.jobs & |what[31:0];
        assign drain_base[d*16+:16] = what[47:32];
        assign drain_waves[d*32+:32] = what[31:0];
        assign done[d] = next == replay.jobs | ~|what[31:0];
        always @(posedge clk)
          if (rst | replay.ends) next <= 0;
          else if (drain_valid[d] & drain_ready[d]) next <= next + 1;
      end
      // What left is written a cycle later.
      reg [3*LANES:0] left;
      reg [LANES*16-1:0] result;
      reg [LANES-1:0] set;
      reg [34:0] scalar;
      wire [3*LANES:0] writes = {row_write, bit_write, second_write, first_write};
      reg [63:0] place;
      always @(posedge clk) begin
        left <= rst ? {3 * LANES + 1{1'b0}} : {row_valid, out_bit_valid, out_valid & out_index, out_valid & ~out_index};
        result <= out;
        set <= out_bit;
        scalar <= {row_index, row_out};
        if (~rst & now >= -2) begin
          place = now > 0 ? place_in[now-1] : 64'd0;
          if (writes !== left) replay.differs("write", 0, writes, left);
          if (|left[0+:LANES] & (first_address !== place[15:0] | first_data !== result)) replay.differs("first", 0, {first_address, first_data[15:0]}, {place[15:0], result[15:0]});
          if (|left[LANES+:LANES] & (second_address !== place[31:16] | second_data !== result)) replay.differs("second", 0, {second_address, second_data[15:0]}, {place[31:16], result[15:0]});
          if (|left[2*LANES+:LANES] & (bit_address !== place[47:32] | bit_data !== set)) replay.differs("bit", 0, {bit_address, 16'd0}, {place[47:32], 16'd0});
          if (left[3*LANES] & (row_address !== place[63:48] | row_data !== scalar)) replay.differs("row_data", 0, {row_address, row_data[15:0]}, {place[63:48], scalar[15:0]});
          if (^{feed_ready, drain_ready, feed_busy, drain_busy, wave_read, writes} === 1'bx) replay.differs("undefined", 0, 32'd1, 32'd0);
          if (feed_hold & wave_read) replay.differs("wave_read", 0, 32'd1, 32'd0);
        end
      end
    end
  endgenerate

  // Words and constants are written before the first cycle.
  integer loading, constant, entry;
  always @(posedge clk) begin
    loading = now + LOAD + RESETS + AHEAD + 1;
    constant = loading - WORDS;
    entry = constant - 4 * COLUMNS;
    word_write <= loading >= 0 && loading < WORDS;
    constant_write <= constant >= 0 && entry < 256 * TABLES;
    if (loading >= 0 && loading < WORDS) begin
      word_to <= loading[WBITS-1:0];
      word_data <= word_of[loading];
    end
    if (constant >= 0 && entry < 0) begin
      constant_index <= constant / COLUMNS;
      constant_to <= constant % COLUMNS;
      constant_data <= column_of[constant];
    end else if (constant >= 0) begin
      constant_index <= 4 + (entry / 64) % 4;
      constant_to <= 64 * (entry / 256) + entry % 64;
      constant_data <= {LANES{table_of[entry]}};
    end
  end

  integer k;
  always @(posedge clk)
    if (during) begin
      replay.one("row_valid", row_valid, want[HEAD+35]);
      if (want[HEAD+35] && row_index !== want[HEAD+32+:3]) replay.differs("row_index", 0, {29'd0, row_index}, {29'd0, want[HEAD+32+:3]});
      if (want[HEAD+35] && row_out !== want[HEAD+:32]) replay.differs("row", 0, row_out, want[HEAD+:32]);
      for (k = 0; k < LANES; k = k + 1) begin
        if ({out_valid[k], out_bit_valid[k]} !== {want[k*EDGE+19], want[k*EDGE+17]})
          replay.differs("valid", k, {30'd0, out_valid[k], out_bit_valid[k]}, {30'd0, want[k*EDGE+19], want[k*EDGE+17]});
        if (want[k*EDGE+19] && {out_index[k], out[k*16+:16]} !== {want[k*EDGE+18], want[k*EDGE+:16]})
          replay.differs("out", k, {15'd0, out_index[k], out[k*16+:16]}, {15'd0, want[k*EDGE+18], want[k*EDGE+:16]});
        if (want[k*EDGE+17] && out_bit[k] !== want[k*EDGE+16]) replay.differs("out_bit", k, {31'd0, out_bit[k]}, {31'd0, want[k*EDGE+16]});
      end
    end

  // When all has left, the sums, one place a cycle, which come two cycles later.
  reg [LANES*SUM-1:0] left;
  integer place, lane_of;
  always @(posedge clk) begin
    place = after - 8;
    read <= place >= -1;
    read_at <= place + 1;
    if (place >= 2 && place < 2 + SUMS) begin
      left = sum_of[place-2];
      for (lane_of = 0; lane_of < LANES; lane_of = lane_of + 1) begin
        if (left[lane_of*SUM+48] && read_sums0[lane_of*32+:32] !== left[lane_of*SUM+16+:32]) replay.differs("sum 0", lane_of, read_sums0[lane_of*32+:32], left[lane_of*SUM+16+:32]);
        if (left[lane_of*SUM+49] && read_sums1[lane_of*32+:16] !== left[lane_of*SUM+:16]) replay.differs("row of it", lane_of, {16'd0, read_sums1[lane_of*32+:16]}, {16'd0, left[lane_of*SUM+:16]});
      end
      left = sum_of[SUMS+place-2];
      for (lane_of = 0; lane_of < LANES; lane_of = lane_of + 1)
        if (left[lane_of*SUM+48] && read_sums1[lane_of*32+:32] !== left[lane_of*SUM+16+:32]) replay.differs("sum 1", lane_of, read_sums1[lane_of*32+:32], left[lane_of*SUM+16+:32]);
    end
    if (place == 2 + SUMS) begin
      replay.count("elements", elements, 0);
      replay.count("operations", operations, 1);
      replay.count("idle", idle, 2);
      replay.count("stalls", stalls, 3);
      replay.count("issue", issue, 4);
      replay.verdict;
    end
  end

endmodule
