// Replays jobs on WUVE and compares everything that crosses its edges, every cycle, with files, as unit_bench says. It prints "equal" or the first differences.
//
//   constants.hex  unscale, SR-STE's lambda, weight decay, rate, momentum, rest1, beta2, rest2, correct2, epsilon (32 bits each)
//   jobs.hex       shape (8), waves (32), active lanes of the last wave (16)
//   slots.hex      by lane, lane 0 rightmost: kept (4), master weight, gradient, first and second state word (32 each)
//   edges.hex      the unit's own is nothing; then by lane, lane 0 rightmost: master weight, FP16 weight, first and second state word leave (a bit each of 4), and what they are
//                  (32, 16, 32, 32)
//   feeds.hex      where a job's waves begin (16)
//   drains.hex     of drains 0 to 3, a line for each job, those of the drain first: where its words begin (16), and how many (32)
//   places.hex     by cycle: where what leaves goes, of drains 3 to 0 (16 each)
//   counts.hex     parameters, multiplies, adds, divides, square roots, converts, idle lane-cycles, cycles of issue
//
// The first job is taken two cycles before cycle 0, and the second one in the cycle after that.
//
// With READ it is fed: its waves lie in buffers that answer READ cycles after their address, and what it makes goes into others.

module wuve_bench #(
    parameter LANES     = 2,
    parameter OPTIMISER = 3,
    parameter MUL       = 4,
    parameter ADD       = 6,
    parameter DIV       = 28,
    parameter SQRT      = 28,
    parameter CONVERT   = 2,
    parameter FLUSH     = 1,
    parameter READ      = 0,  // cycles in which buffers answer, 1 to 3; 0: waves come from the bench
    parameter DEPTH     = 65536  // of the memories
);

  localparam COUNT = $clog2(LANES + 1);
  localparam SLOT = 132;
  localparam EDGE = 116;

  reg [31:0] constant[0:9];
  initial $readmemh("constants.hex", constant);

  wire clk, rst, job_valid, job_ready, offers, in_valid, in_ready, take, feed_valid, feed_ready, feed_hold, surrounds, drained, busy, during;
  wire [55:0] job;
  wire [LANES*SLOT-1:0] slot;
  wire [8+LANES*EDGE-1:0] want;
  wire signed [31:0] now;
  wire [31:0] after;
  wire [LANES-1:0] kept, master_valid, half_valid, first_valid, second_valid;
  wire [LANES*32-1:0] in_master, in_gradient, in_first, in_second, out_master, out_first, out_second;
  wire [LANES*16-1:0] out_half;
  wire [47:0] parameters, multiplies, adds, divides, roots, converts, idle, issue;

  unit_bench #(.JOB(56), .SLOT(LANES * SLOT), .EDGE(8 + LANES * EDGE), .LEAVES(4 * LANES), .COUNTS(8), .AHEAD(2), .RESETS(2), .FED(READ), .DEPTH(DEPTH)) replay (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job(job), .offers(offers), .in_valid(in_valid), .in_ready(in_ready), .slot(slot),
      .busy(busy), .take(take), .leaves({master_valid, half_valid, first_valid, second_valid}), .now(now), .want(want), .during(during), .after(after),
      .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_hold(feed_hold), .surrounds(surrounds), .drained(drained)
  );

  genvar l, d;
  generate
    if (READ == 0) begin : bare
      assign in_valid = offers;
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign kept[l] = slot[l*SLOT+128];
        assign in_master[l*32+:32] = slot[l*SLOT+96+:32];
        assign in_gradient[l*32+:32] = slot[l*SLOT+64+:32];
        assign in_first[l*32+:32] = slot[l*SLOT+32+:32];
        assign in_second[l*32+:32] = slot[l*SLOT+:32];
      end
      wuve #(
          .LANES(LANES), .OPTIMISER(OPTIMISER), .MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .FLUSH(FLUSH)
      ) dut (
          .clk(clk), .rst(rst),
          .job_valid(job_valid), .job_ready(job_ready), .job_shape(job[52:48]), .job_waves(job[47:16]), .job_last(job[COUNT-1:0]),
          .c_unscale(constant[0]), .c_sr_ste(constant[1]), .c_weight_decay(constant[2]), .c_rate(constant[3]), .c_momentum(constant[4]),
          .c_rest1(constant[5]), .c_beta2(constant[6]), .c_rest2(constant[7]), .c_correct2(constant[8]), .c_epsilon(constant[9]),
          .in_valid(in_valid), .in_ready(in_ready), .in_kept(kept), .in_master(in_master), .in_gradient(in_gradient), .in_first(in_first), .in_second(in_second),
          .out_master_valid(master_valid), .out_half_valid(half_valid), .out_first_valid(first_valid), .out_second_valid(second_valid),
          .out_master(out_master), .out_half(out_half), .out_first(out_first), .out_second(out_second), .busy(busy),
          .count_parameters(parameters), .count_multiplies(multiplies), .count_adds(adds), .count_divides(divides), .count_square_roots(roots),
          .count_converts(converts), .count_idle_lane_cycles(idle), .count_issue(issue)
      );
      assign take = dut.take;
      assign feed_ready = 1'b1;
      assign surrounds = 1'b0;
      assign drained = 1'b1;
    end else begin : fed
      reg [15:0] feed_of[0:DEPTH-1];
      reg [47:0] drain_of[0:DEPTH-1];
      reg [63:0] place_in[0:DEPTH-1];
      integer told, length;  // jobs, and cycles
      initial begin
        if (!$value$plusargs("jobs=%d", told)) told = 0;
        if (!$value$plusargs("cycles=%d", length)) length = 0;
        if (told > 0) $readmemh("feeds.hex", feed_of, 0, told - 1);
        if (told > 0) $readmemh("drains.hex", drain_of, 0, 4 * told - 1);
        if (length > 0) $readmemh("places.hex", place_in, 0, length - 1);
      end
      wire wave_read, feed_busy;
      wire [79:0] wave_address;
      wire [3:0] drain_ready, drain_busy, drain_valid, done;
      wire [63:0] drain_base;
      wire [127:0] drain_waves;
      wire [15:0] base = feed_of[replay.next_feed];
      wire [15:0] master_address, half_address, first_address, second_address;
      wire [55:0] fed_job = replay.job_of[replay.next_feed];
      wire [LANES-1:0] wave_kept, master_write, half_write, first_write, second_write;
      wire [LANES*32-1:0] wave_master, wave_gradient, wave_first, wave_second, master_data, first_data, second_data;
      wire [LANES*16-1:0] half_data;
      wuve_fed #(
          .LANES(LANES), .OPTIMISER(OPTIMISER), .MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .FLUSH(FLUSH), .READ(READ)
      ) dut (
          .clk(clk), .rst(rst),
          .job_valid(job_valid), .job_ready(job_ready), .job_shape(job[52:48]), .job_waves(job[47:16]), .job_last(job[COUNT-1:0]),
          .c_unscale(constant[0]), .c_sr_ste(constant[1]), .c_weight_decay(constant[2]), .c_rate(constant[3]), .c_momentum(constant[4]),
          .c_rest1(constant[5]), .c_beta2(constant[6]), .c_rest2(constant[7]), .c_correct2(constant[8]), .c_epsilon(constant[9]),
          .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_base({base + 16'd4096, base + 16'd3072, base + 16'd2048, base + 16'd1024, base}), .feed_waves(fed_job[47:16]),
          .feed_hold(feed_hold), .wave_read(wave_read), .wave_address(wave_address),
          .wave_kept(wave_kept), .wave_master(wave_master), .wave_gradient(wave_gradient), .wave_first(wave_first), .wave_second(wave_second),
          .drain_valid(drain_valid), .drain_ready(drain_ready), .drain_base(drain_base), .drain_waves(drain_waves),
          .master_write(master_write), .master_address(master_address), .master_data(master_data), .half_write(half_write), .half_address(half_address), .half_data(half_data),
          .first_write(first_write), .first_address(first_address), .first_data(first_data), .second_write(second_write), .second_address(second_address), .second_data(second_data),
          .busy(busy), .feed_busy(feed_busy), .drain_busy(drain_busy),
          .count_parameters(parameters), .count_multiplies(multiplies), .count_adds(adds), .count_divides(divides), .count_square_roots(roots),
          .count_converts(converts), .count_idle_lane_cycles(idle), .count_issue(issue)
      );
      assign in_valid = dut.in_valid;
      assign in_ready = dut.in_ready;
      assign take = dut.engine.take;
      assign master_valid = dut.out_master_valid;
      assign half_valid = dut.out_half_valid;
      assign first_valid = dut.out_first_valid;
      assign second_valid = dut.out_second_valid;
      assign out_master = dut.out_master;
      assign out_half = dut.out_half;
      assign out_first = dut.out_first;
      assign out_second = dut.out_second;
      assign surrounds = feed_busy | |drain_busy | wave_read | |{master_write, half_write, first_write, second_write};
      assign drained = &done;
      // The buffers: waves of job j begin 3 * j words after where they are in the file, in part p another 1024 * p later. Without an address they give what they do not hold.
      reg [LANES*SLOT*READ-1:0] line;
      wire [LANES*SLOT-1:0] held_wave = line[LANES*SLOT*READ-1-:LANES*SLOT];
      wire [LANES*SLOT-1:0] word;
      wire [15:0] skipped = 3 * (replay.next_feed - 1);
      wire [15:0] of_master = wave_address[15:0] - skipped;
      wire [15:0] of_gradient = wave_address[31:16] - 16'd1024 - skipped;
      wire [15:0] of_first = wave_address[47:32] - 16'd2048 - skipped;
      wire [15:0] of_second = wave_address[63:48] - 16'd3072 - skipped;
      wire [15:0] of_kept = wave_address[79:64] - 16'd4096 - skipped;
      wire [LANES*SLOT-1:0] word_master = replay.slot_of[of_master], word_gradient = replay.slot_of[of_gradient], word_first = replay.slot_of[of_first], word_second = replay.slot_of[of_second], word_kept = replay.slot_of[of_kept];
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign word[l*SLOT+:SLOT] = {word_kept[l*SLOT+128+:4], word_master[l*SLOT+96+:32], word_gradient[l*SLOT+64+:32], word_first[l*SLOT+32+:32], word_second[l*SLOT+:32]};
        assign wave_kept[l] = held_wave[l*SLOT+128];
        assign wave_master[l*32+:32] = held_wave[l*SLOT+96+:32];
        assign wave_gradient[l*32+:32] = held_wave[l*SLOT+64+:32];
        assign wave_first[l*32+:32] = held_wave[l*SLOT+32+:32];
        assign wave_second[l*32+:32] = held_wave[l*SLOT+:32];
        assign kept[l] = dut.in_kept[l];
        assign in_master[l*32+:32] = dut.in_master[l*32+:32];
        assign in_gradient[l*32+:32] = dut.in_gradient[l*32+:32];
        assign in_first[l*32+:32] = dut.in_first[l*32+:32];
        assign in_second[l*32+:32] = dut.in_second[l*32+:32];
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
      reg [4*LANES-1:0] left;
      reg [LANES*112-1:0] what;
      wire [4*LANES-1:0] writes = {second_write, first_write, half_write, master_write};
      wire [LANES*112-1:0] data = {second_data, first_data, half_data, master_data};
      wire [63:0] to = {second_address, first_address, half_address, master_address};
      reg [63:0] place;
      integer i;
      always @(posedge clk) begin
        left <= rst ? {4 * LANES{1'b0}} : {second_valid, first_valid, half_valid, master_valid};
        what <= {out_second, out_first, out_half, out_master};
        if (~rst & now >= -2) begin
          place = now > 0 ? place_in[now-1] : 64'd0;
          if (writes !== left) replay.differs("write", 0, writes, left);
          for (i = 0; i < 4; i = i + 1) if (|left[i*LANES+:LANES] & to[i*16+:16] !== place[i*16+:16]) replay.differs("address", i, {16'd0, to[i*16+:16]}, {16'd0, place[i*16+:16]});
          if (data !== what & |left) replay.differs("data", 0, data[31:0], what[31:0]);
          if (^{feed_ready, drain_ready, feed_busy, drain_busy, wave_read, writes} === 1'bx) replay.differs("undefined", 0, 32'd1, 32'd0);
          if (feed_hold & wave_read) replay.differs("wave_read", 0, 32'd1, 32'd0);
        end
      end
    end
  endgenerate

  integer k;
  always @(posedge clk)
    if (during)
      for (k = 0; k < LANES; k = k + 1) begin
        if ({master_valid[k], half_valid[k], first_valid[k], second_valid[k]} !== want[k*EDGE+112+:4])
          replay.differs("valid", k, {28'd0, master_valid[k], half_valid[k], first_valid[k], second_valid[k]}, {28'd0, want[k*EDGE+112+:4]});
        if (want[k*EDGE+115] && out_master[k*32+:32] !== want[k*EDGE+80+:32]) replay.differs("out_master", k, out_master[k*32+:32], want[k*EDGE+80+:32]);
        if (want[k*EDGE+114] && out_half[k*16+:16] !== want[k*EDGE+64+:16]) replay.differs("out_half", k, {16'd0, out_half[k*16+:16]}, {16'd0, want[k*EDGE+64+:16]});
        if (want[k*EDGE+113] && out_first[k*32+:32] !== want[k*EDGE+32+:32]) replay.differs("out_first", k, out_first[k*32+:32], want[k*EDGE+32+:32]);
        if (want[k*EDGE+112] && out_second[k*32+:32] !== want[k*EDGE+:32]) replay.differs("out_second", k, out_second[k*32+:32], want[k*EDGE+:32]);
      end

  always @(posedge clk)
    if (after == 8) begin
      replay.count("parameters", parameters, 0);
      replay.count("multiplies", multiplies, 1);
      replay.count("adds", adds, 2);
      replay.count("divides", divides, 3);
      replay.count("square roots", roots, 4);
      replay.count("converts", converts, 5);
      replay.count("idle", idle, 6);
      replay.count("issue", issue, 7);
      replay.verdict;
    end

endmodule
