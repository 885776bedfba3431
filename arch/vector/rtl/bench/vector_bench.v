// Replays jobs on the vector unit and compares everything that crosses its edges, every cycle, with files:
//
//   words.hex    literal (32), then bits 43 to 0 of a word (44)
//   tables.hex   of each table: coefficients 0, 1, 2 of its segments, then what it is beside (64 of each, 32)
//   columns.hex  constants 0, then 1, 2, 3, at every place: by lane, lane 0 rightmost (32 each)
//   jobs.hex     first word, words (8 each), rows (32), rows of a strip, waves of a row, those with sums, active lanes of the last one, of a fold waves and lanes, first sum,
//                sums, first column, columns (16 each), over rows and port 0 is FP32 (4), table (4), scalars 1 and 0 (32 each)
//   waves.hex    scalars 4, 3, 2 of the row (32 each); by lane, lane 0 rightmost: bit (4), port 0 (32), ports 1 and 2 (16 each)
//   held.hex     by cycle: bit 0, no wave is offered; bit 1, no job (4). Cycle 0 is the first one of the first job, which is taken two cycles before, and the second one in the
//                cycle after that
//   edges.hex    by cycle: job_ready, in_ready (2 of 4); busy, a wave is taken, a job is taken (3 of 4); a scalar of a row leaves, which (4), and it (32); by lane, lane 0 rightmost:
//                a result leaves, which, its bit leaves, the bit (4), FP16 (16)
//   counts.hex   elements, operations, idle lane-cycles, stall cycles, cycles of issue (64 each)
//   sums.hex     total 0, then 1, at every place: by lane, lane 0 rightmost: its row is to be compared, and it (2 of 4), sum (32), row (16)
//
// It is given their lengths as +jobs= +waves= +cycles=, and prints "equal" or the first differences. +vcd=FILE writes all signals.
//
// All of it is run twice: in the cycle +reset= the unit is reset with whatever is under way, for five cycles, and all is replayed to its end on the words and constants that are
// there. Beside what the files have it is held that an offered job stays, unchanged, until it is taken; that a wave that is asked for is asked for until it is there; that nothing is
// taken without both valid and ready; that no handshake is undefined after reset; and that nothing moves without a job.

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
    parameter DEPTH   = 65536  // of the memories
);

  localparam COUNT = $clog2(LANES + 1);
  localparam WBITS = $clog2(WORDS);
  localparam CBITS = COLUMNS > 1 ? $clog2(COLUMNS) : 1;
  localparam SBITS = SUMS > 1 ? $clog2(SUMS) : 1;
  localparam TBITS = TABLES > 1 ? $clog2(TABLES) : 1;
  localparam KBITS = CBITS > TBITS + 6 ? CBITS : TBITS + 6;
  localparam LOAD = WORDS + 4 * COLUMNS + 256 * TABLES;
  localparam EARLY = LOAD + 8;  // cycles before the first: of reset, in which words and constants are written, and three
  localparam AGAIN = 8;  // before the first one of the replay, five of reset among them
  localparam WAVE = 68;
  localparam EDGE = 20;
  localparam SUM = 52;
  localparam PLACE = STRIP > 1 ? $clog2(STRIP) : 1;
  localparam HEAD = LANES * EDGE;  // where what is not a lane's begins

  reg clk = 1'b0;
  always #1 clk = ~clk;

  integer jobs, waves, cycles, reset, differences;
  reg [75:0] word_of[0:WORDS-1];
  reg [LANES*32-1:0] column_of[0:4*COLUMNS-1];
  reg [31:0] table_of[0:256*TABLES-1];
  reg [279:0] job_of[0:DEPTH-1];
  reg [96+LANES*WAVE-1:0] wave_of[0:DEPTH-1];
  reg [3:0] held_in[0:DEPTH-1];
  reg [44+LANES*EDGE-1:0] edge_in[0:DEPTH-1];
  reg [63:0] count_of[0:4];
  reg [LANES*SUM-1:0] sum_of[0:2*SUMS-1];
  reg [8*256-1:0] vcd;
  initial if ($value$plusargs("vcd=%s", vcd)) begin
    $dumpfile(vcd);
    $dumpvars(0, vector_bench);
  end
  initial begin
    differences = 0;
    if (!$value$plusargs("jobs=%d", jobs) || !$value$plusargs("waves=%d", waves) || !$value$plusargs("cycles=%d", cycles) || !$value$plusargs("reset=%d", reset)) begin
      $display("+jobs= +waves= +cycles= +reset= are missing");
      $finish;
    end
    $readmemh("words.hex", word_of);
    $readmemh("tables.hex", table_of);
    $readmemh("columns.hex", column_of);
    if (jobs > 0) $readmemh("jobs.hex", job_of, 0, jobs - 1);
    if (waves > 0) $readmemh("waves.hex", wave_of, 0, waves - 1);
    if (cycles > 0) $readmemh("held.hex", held_in, 0, cycles - 1);
    if (cycles > 0) $readmemh("edges.hex", edge_in, 0, cycles - 1);
    $readmemh("counts.hex", count_of);
    $readmemh("sums.hex", sum_of);
  end

  integer now = -EARLY;  // the cycle that ends with the next rising edge
  reg rst = 1'b1;
  reg job_valid = 1'b0, in_valid = 1'b0, word_write = 1'b0, constant_write = 1'b0;
  reg [WBITS-1:0] word_to;
  reg [75:0] word_data;
  reg [2:0] constant_index;
  reg [KBITS-1:0] constant_to;
  reg [LANES*32-1:0] constant_data;
  reg [279:0] job;
  reg [96+LANES*WAVE-1:0] wave;
  reg read = 1'b0;
  reg [SBITS-1:0] read_at = {SBITS{1'b0}};
  integer next_job = 0, next_wave = 0;  // to be offered next

  wire job_ready, in_ready, busy, row_valid;
  wire [2:0] row_index;
  wire [31:0] row_out;
  wire [LANES-1:0] in_bit, out_valid, out_index, out_bit_valid, out_bit;
  wire [LANES*32-1:0] in0, read_sums0, read_sums1;
  wire [LANES*16-1:0] in1, in2, out;
  wire [47:0] elements, operations, idle, stalls, issue;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      assign in_bit[l] = wave[l*WAVE+64];
      assign in0[l*32+:32] = wave[l*WAVE+32+:32];
      assign in1[l*16+:16] = wave[l*WAVE+16+:16];
      assign in2[l*16+:16] = wave[l*WAVE+:16];
    end
  endgenerate

  vector #(.LANES(LANES), .STRIP(STRIP), .MUL(MUL), .ADD(ADD), .DIVIDE(DIVIDE), .WORDS(WORDS), .COLUMNS(COLUMNS), .SUMS(SUMS), .TABLES(TABLES), .FLUSH(FLUSH)) dut (
      .clk(clk), .rst(rst), .word_write(word_write), .word_to(word_to), .word_data(word_data),
      .constant_write(constant_write), .constant_index(constant_index), .constant_to(constant_to), .constant_data(constant_data),
      .job_valid(job_valid), .job_ready(job_ready), .job_word(job[272+:WBITS]), .job_words(job[264+:WBITS]), .job_rows(job[232+:32]), .job_size(job[216+:PLACE+1]),
      .job_waves(job[200+:PLACE+1]), .job_turn(job[184+:PLACE+1]), .job_last(job[168+:COUNT]), .job_fold(job[152+:PLACE+1]), .job_half(job[136+:COUNT]),
      .job_sum(job[120+:SBITS]), .job_sums(job[104+:SBITS+1]), .job_column(job[88+:CBITS]), .job_columns(job[72+:CBITS+1]), .job_over(job[69]), .job_wide(job[68]),
      .job_table(job[64+:TBITS]), .job_scalars(job[63:0]),
      .in_valid(in_valid), .in_ready(in_ready), .in0(in0), .in1(in1), .in2(in2), .in_bit(in_bit), .in_scalars(wave[LANES*WAVE+:96]),
      .out_valid(out_valid), .out_index(out_index), .out(out), .out_bit_valid(out_bit_valid), .out_bit(out_bit), .row_valid(row_valid), .row_index(row_index), .row_out(row_out),
      .read(read), .read_at(read_at), .read_sums0(read_sums0), .read_sums1(read_sums1), .busy(busy),
      .count_elements(elements), .count_operations(operations), .count_idle_lane_cycles(idle), .count_stall_cycles(stalls), .count_issue(issue)
  );

  // Words and constants are written before the first cycle.
  integer loading, constant, entry;
  always @(posedge clk) begin
    loading = now + EARLY;
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

  // What stands at the inputs in the next cycle. Nothing is offered twice, and nothing is left out.
  reg again = 1'b0;  // it is the replay
  wire ends = ~again & now == reset;
  wire job_taken = job_valid & job_ready;
  wire wave_taken = in_valid & in_ready;
  wire [31:0] job_after = ends ? 0 : next_job + {31'd0, job_taken};
  wire [31:0] wave_after = ends ? 0 : next_wave + {31'd0, wave_taken};
  wire [3:0] held = held_in[now+1];
  always @(posedge clk) begin
    now <= ends ? -AGAIN : now + 1;
    again <= again | ends;
    rst <= ends | now < -4;
    next_job <= job_after;
    next_wave <= wave_after;
    job_valid <= ~ends & job_after < jobs & (now == -3 | now == -2 | (now >= -1 & now + 1 < cycles & ~held[1]));
    job <= job_of[job_after];
    in_valid <= ~ends & now >= -1 & now + 1 < cycles & ~held[0] & wave_after < waves;
    wave <= wave_of[wave_after];
  end

  reg [44+LANES*EDGE-1:0] want;
  reg [LANES*SUM-1:0] left;
  integer k;
  task differs(input [8*16-1:0] port, input integer of_lane, input [31:0] got, input [31:0] wanted);
    begin
      differences = differences + 1;
      if (differences <= 10) $display("%0scycle %0d, %0s, lane %0d: %h, want %h", again ? "replay " : "", now, port, of_lane, got, wanted);
    end
  endtask
  task one(input [8*16-1:0] port, input got, input wanted);
    if (got !== wanted) differs(port, 0, {31'd0, got}, {31'd0, wanted});
  endtask

  always @(posedge clk)
    if (now >= 0 && now < cycles) begin
      want = edge_in[now];
      one("job_ready", job_ready, want[HEAD+41]);
      one("in_ready", in_ready, want[HEAD+40]);
      one("busy", busy, want[HEAD+39]);
      one("wave taken", wave_taken, want[HEAD+38]);
      one("job taken", job_taken, want[HEAD+37]);
      if (row_valid !== want[HEAD+35]) differs("row_valid", 0, {31'd0, row_valid}, {31'd0, want[HEAD+35]});
      if (want[HEAD+35] && row_index !== want[HEAD+32+:3]) differs("row_index", 0, {29'd0, row_index}, {29'd0, want[HEAD+32+:3]});
      if (want[HEAD+35] && row_out !== want[HEAD+:32]) differs("row", 0, row_out, want[HEAD+:32]);
      for (k = 0; k < LANES; k = k + 1) begin
        if ({out_valid[k], out_bit_valid[k]} !== {want[k*EDGE+19], want[k*EDGE+17]})
          differs("valid", k, {30'd0, out_valid[k], out_bit_valid[k]}, {30'd0, want[k*EDGE+19], want[k*EDGE+17]});
        if (want[k*EDGE+19] && {out_index[k], out[k*16+:16]} !== {want[k*EDGE+18], want[k*EDGE+:16]})
          differs("out", k, {15'd0, out_index[k], out[k*16+:16]}, {15'd0, want[k*EDGE+18], want[k*EDGE+:16]});
        if (want[k*EDGE+17] && out_bit[k] !== want[k*EDGE+16]) differs("out_bit", k, {31'd0, out_bit[k]}, {31'd0, want[k*EDGE+16]});
      end
    end else if (now >= -3) begin  // before the first job, and after the last
      one("job_ready", job_ready, 1'b1);
      one("in_ready", in_ready, 1'b0);
      one("busy", busy, 1'b0);
      one("valid", |{out_valid, out_bit_valid, row_valid}, 1'b0);
    end

  // Handshakes.
  reg waits, asked;
  reg [279:0] job_before;
  always @(posedge clk) begin
    waits <= ~rst & job_valid & ~job_ready;
    asked <= ~rst & in_ready & ~in_valid;
    job_before <= job;
    if (~rst & now >= -3) begin
      if (waits & (~job_valid | job != job_before)) differs("offered job", 0, 32'd0, 32'd1);
      if (asked) one("asked wave", in_ready, 1'b1);
      one("take", dut.take, wave_taken);
      if (^{job_valid, job_ready, in_valid, in_ready, out_valid, out_bit_valid, row_valid, busy} === 1'bx) differs("undefined", 0, 32'd1, 32'd0);
    end
    if (ends & differences != 0) $finish;
  end

  task counts(input [8*16-1:0] name, input [47:0] got, input [63:0] wanted);
    if (got !== wanted[47:0]) begin
      differences = differences + 1;
      $display("%0scycle %0d, count of %0s, lane 0: %h, want %h", again ? "replay " : "", now, name, got, wanted[47:0]);
    end
  endtask

  // Then the sums, one place a cycle, which come two cycles later.
  integer place;
  always @(posedge clk) begin
    place = again ? now - cycles - 8 : -2;
    read <= place >= -1;
    read_at <= place + 1;
    if (place >= 2 && place < 2 + SUMS) begin
      left = sum_of[place-2];
      for (k = 0; k < LANES; k = k + 1) if (left[k*SUM+48] && read_sums0[k*32+:32] !== left[k*SUM+16+:32]) differs("sum 0", k, read_sums0[k*32+:32], left[k*SUM+16+:32]);
      for (k = 0; k < LANES; k = k + 1) if (left[k*SUM+49] && read_sums1[k*32+:16] !== left[k*SUM+:16]) differs("row of it", k, {16'd0, read_sums1[k*32+:16]}, {16'd0, left[k*SUM+:16]});
      left = sum_of[SUMS+place-2];
      for (k = 0; k < LANES; k = k + 1) if (left[k*SUM+48] && read_sums1[k*32+:32] !== left[k*SUM+16+:32]) differs("sum 1", k, read_sums1[k*32+:32], left[k*SUM+16+:32]);
    end
    if (place == 2 + SUMS) begin
      counts("elements", elements, count_of[0]);
      counts("operations", operations, count_of[1]);
      counts("idle", idle, count_of[2]);
      counts("stalls", stalls, count_of[3]);
      counts("issue", issue, count_of[4]);
      if (next_job != jobs || next_wave != waves) differs("taken", 0, next_wave, waves);
      if (differences == 0) $display("equal: %0d cycles, %0d jobs, %0d waves", cycles, jobs, waves);
      $finish;
    end
  end

endmodule
