// Replays jobs on the normaliser and compares everything that crosses its edges, every cycle, with files, as unit_bench says. It prints "equal" or the first differences.
//
//   jobs.hex    factors are made (4 bits), clip (4), runs (32), waves of one (32), the first lane, lanes of the last wave, the first place, the last one (16 each)
//   slots.hex   by lane, lane 0 rightmost: FP32, FP16
//   edges.hex   the unit's own is that a wave of elements leaves; that it is of a job that clips (4); then by lane, lane 0 rightmost: a shift is made, a factor is, the element's bit, an element
//               leaves (a bit each of 4), the element (16), the factor (32)
//   feeds.hex   where a job's waves begin (16)
//   drains.hex  of drains 0 and 1, a line for each job, those of the drain first: where its words begin (16), and how many (32)
//   places.hex  by cycle: where bits go, and where elements do (16 each)
//   counts.hex  elements, factors, operations, idle lane-cycles, cycles of issue
//
// Factors are held to the file in the cycle in which elements would leave, CONVERT cycles after they are written.
//
// With READ it is fed: its waves lie in buffers that answer READ cycles after their address, and what it makes goes into others.

module norm_bench #(
    parameter LANES   = 2,
    parameter PLACES  = 4,
    parameter FRONT   = 1,
    parameter MUL     = 3,
    parameter ADD     = 5,
    parameter CONVERT = 2,
    parameter FLUSH   = 1,
    parameter READ    = 0,  // cycles in which buffers answer, 1 to 3; 0: waves come from the bench
    parameter DEPTH   = 65536  // of the memories
);

  localparam COUNT = $clog2(LANES + 1);
  localparam PLACE = PLACES > 1 ? $clog2(PLACES) : 1;
  localparam STAGES = FRONT + MUL + ADD + CONVERT;
  localparam JOB = 136;
  localparam SLOT = 48;
  localparam EDGE = 52;

  wire clk, rst, job_valid, job_ready, offers, in_valid, in_ready, take, feed_valid, feed_ready, feed_hold, surrounds, drained, out_wave, out_masked, busy, during;
  wire [JOB-1:0] job;
  wire [LANES*SLOT-1:0] slot;
  wire [12+LANES*EDGE-1:0] want;
  wire signed [31:0] now;
  wire [31:0] after;
  wire [LANES-1:0] out_valid, out_bit;
  wire [LANES*16-1:0] in_half, out_half;
  wire [LANES*32-1:0] in_single;
  wire [47:0] elements, factors, operations, idle, issue;
  // Of each lane: what is made, and whether it is written as a scale or as a shift.
  wire [LANES-1:0] to_scale, to_shift;
  wire [LANES*32-1:0] made;

  unit_bench #(.JOB(JOB), .SLOT(LANES * SLOT), .EDGE(12 + LANES * EDGE), .LEAVES(LANES + 2), .COUNTS(5), .AHEAD(1), .RESETS(STAGES + 1), .FED(READ), .DEPTH(DEPTH)) replay (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job(job), .offers(offers), .in_valid(in_valid), .in_ready(in_ready), .slot(slot),
      .busy(busy), .take(take), .leaves({out_wave, out_masked, out_valid}), .now(now), .want(want), .during(during), .after(after),
      .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_hold(feed_hold), .surrounds(surrounds), .drained(drained)
  );

  genvar l, d;
  generate
    if (READ == 0) begin : bare
      assign in_valid = offers;
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign in_half[l*16+:16] = slot[l*SLOT+:16];
        assign in_single[l*32+:32] = slot[l*SLOT+16+:32];
        assign to_scale[l] = dut.lane[l].to_scale;
        assign to_shift[l] = dut.lane[l].to_shift;
        assign made[l*32+:32] = dut.lane[l].operators.made;
      end
      norm #(.LANES(LANES), .PLACES(PLACES), .FRONT(FRONT), .MUL(MUL), .ADD(ADD), .CONVERT(CONVERT), .FLUSH(FLUSH)) dut (
          .clk(clk), .rst(rst),
          .job_valid(job_valid), .job_ready(job_ready), .job_factors(job[132]), .job_clip(job[129:128]), .job_runs(job[127:96]), .job_waves(job[95:64]),
          .job_begin(job[48+:COUNT]), .job_end(job[32+:COUNT]), .job_from(job[16+:PLACE]), .job_wrap(job[PLACE-1:0]),
          .in_valid(in_valid), .in_ready(in_ready), .in_half(in_half), .in_single(in_single),
          .out_wave(out_wave), .out_masked(out_masked), .out_valid(out_valid), .out_half(out_half), .out_bit(out_bit), .busy(busy),
          .count_elements(elements), .count_factors(factors), .count_operations(operations), .count_idle_lane_cycles(idle), .count_issue(issue)
      );
      assign take = dut.take;
      assign feed_ready = 1'b1;
      assign surrounds = 1'b0;
      assign drained = 1'b1;
    end else begin : fed
      reg [15:0] feed_of[0:DEPTH-1];
      reg [47:0] drain_of[0:DEPTH-1];
      reg [31:0] place_in[0:DEPTH-1];
      integer told, length;  // jobs, and cycles
      initial begin
        if (!$value$plusargs("jobs=%d", told)) told = 0;
        if (!$value$plusargs("cycles=%d", length)) length = 0;
        if (told > 0) $readmemh("feeds.hex", feed_of, 0, told - 1);
        if (told > 0) $readmemh("drains.hex", drain_of, 0, 2 * told - 1);
        if (length > 0) $readmemh("places.hex", place_in, 0, length - 1);
      end
      wire wave_read, feed_busy;
      wire [31:0] wave_address;
      wire [1:0] drain_ready, drain_busy, drain_valid, done;
      wire [31:0] drain_base;
      wire [63:0] drain_waves;
      wire [15:0] base = feed_of[replay.next_feed];
      wire [15:0] west_address, mask_address;
      wire [JOB-1:0] fed_job = replay.job_of[replay.next_feed];
      wire [31:0] fed_waves = fed_job[127:96] * fed_job[95:64];
      wire [LANES-1:0] west_write, mask_write, mask_data;
      wire [LANES*16-1:0] wave_half, west_data;
      wire [LANES*32-1:0] wave_single;
      norm_fed #(.LANES(LANES), .PLACES(PLACES), .FRONT(FRONT), .MUL(MUL), .ADD(ADD), .CONVERT(CONVERT), .FLUSH(FLUSH), .READ(READ)) dut (
          .clk(clk), .rst(rst),
          .job_valid(job_valid), .job_ready(job_ready), .job_factors(job[132]), .job_clip(job[129:128]), .job_runs(job[127:96]), .job_waves(job[95:64]),
          .job_begin(job[48+:COUNT]), .job_end(job[32+:COUNT]), .job_from(job[16+:PLACE]), .job_wrap(job[PLACE-1:0]),
          .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_base({base + 16'd4096, base}), .feed_waves(fed_waves),
          .feed_hold(feed_hold), .wave_read(wave_read), .wave_address(wave_address), .wave_half(wave_half), .wave_single(wave_single),
          .drain_valid(drain_valid), .drain_ready(drain_ready), .drain_base(drain_base), .drain_waves(drain_waves),
          .west_write(west_write), .west_address(west_address), .west_data(west_data), .mask_write(mask_write), .mask_address(mask_address), .mask_data(mask_data),
          .busy(busy), .feed_busy(feed_busy), .drain_busy(drain_busy),
          .count_elements(elements), .count_factors(factors), .count_operations(operations), .count_idle_lane_cycles(idle), .count_issue(issue)
      );
      assign in_valid = dut.in_valid;
      assign in_ready = dut.in_ready;
      assign take = dut.engine.take;
      assign out_wave = dut.out_wave;
      assign out_masked = dut.out_masked;
      assign out_valid = dut.out_valid;
      assign out_half = dut.out_half;
      assign out_bit = dut.out_bit;
      assign in_half = dut.in_half;
      assign in_single = dut.in_single;
      assign surrounds = feed_busy | |drain_busy | wave_read | |{west_write, mask_write};
      assign drained = &done;
      // The buffers: waves of job j begin 3 * j words after where they are in the file, FP32 words another 4096 later. Without an address they give what they do not hold.
      reg [LANES*SLOT*READ-1:0] line;
      wire [LANES*SLOT-1:0] held_wave = line[LANES*SLOT*READ-1-:LANES*SLOT];
      wire [LANES*SLOT-1:0] word;
      wire [15:0] skipped = 3 * (replay.next_feed - 1);
      wire [15:0] of_half = wave_address[15:0] - skipped;
      wire [15:0] of_single = wave_address[31:16] - 16'd4096 - skipped;
      wire [LANES*SLOT-1:0] word_half = replay.slot_of[of_half], word_single = replay.slot_of[of_single];
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign word[l*SLOT+:SLOT] = {word_single[l*SLOT+16+:32], word_half[l*SLOT+:16]};
        assign wave_half[l*16+:16] = held_wave[l*SLOT+:16];
        assign wave_single[l*32+:32] = held_wave[l*SLOT+16+:32];
        assign to_scale[l] = dut.engine.lane[l].to_scale;
        assign to_shift[l] = dut.engine.lane[l].to_shift;
        assign made[l*32+:32] = dut.engine.lane[l].operators.made;
      end
      always @(posedge clk) line <= {line, wave_read ? word : ~word};
      // Each drain is told of its jobs as soon as it takes them.
      for (d = 0; d < 2; d = d + 1) begin : drain
        integer next;
        wire [47:0] what = drain_of[d*replay.jobs+next];
        assign drain_valid[d] = ~rst & now >= -2 & next < replay.jobs & |what[31:0];
        assign drain_base[d*16+:16] = what[47:32];
        assign drain_waves[d*32+:32] = what[31:0];
        assign done[d] = next == replay.jobs | ~|what[31:0];
        always @(posedge clk)
          if (rst | replay.ends) next <= 0;
          else if (drain_valid[d] & drain_ready[d]) next <= next + 1;
      end
      // What left is written a cycle later.
      reg [LANES-1:0] left, bits_left, bits;
      reg [LANES*16-1:0] half;
      reg [31:0] place;
      always @(posedge clk) begin
        left <= rst ? {LANES{1'b0}} : out_valid;
        bits_left <= rst ? {LANES{1'b0}} : out_valid & {LANES{out_masked}};
        half <= out_half;
        bits <= out_bit;
        if (~rst & now >= -1) begin
          place = now > 0 ? place_in[now-1] : 32'd0;
          if (west_write !== left) replay.differs("west_write", 0, west_write, left);
          if (mask_write !== bits_left) replay.differs("mask_write", 0, mask_write, bits_left);
          if (|left & west_address !== place[15:0]) replay.differs("west_address", 0, {16'd0, west_address}, {16'd0, place[15:0]});
          if (|bits_left & mask_address !== place[31:16]) replay.differs("mask_address", 0, {16'd0, mask_address}, {16'd0, place[31:16]});
          if (|left & west_data !== half) replay.differs("west_data", 0, {16'd0, west_data[15:0]}, {16'd0, half[15:0]});
          if (|bits_left & mask_data !== bits) replay.differs("mask_data", 0, mask_data, bits);
          if (^{feed_ready, drain_ready, feed_busy, drain_busy, wave_read, west_write, mask_write} === 1'bx) replay.differs("undefined", 0, 32'd1, 32'd0);
          if (feed_hold & wave_read) replay.differs("wave_read", 0, 32'd1, 32'd0);
        end
      end
    end
  endgenerate

  // Factors, as late as elements are.
  wire [LANES-1:0] scale_late, shift_late;
  wire [LANES*32-1:0] made_late;
  fp_delay #(.WIDTH(34 * LANES), .DEPTH(CONVERT)) late (.clk(clk), .d({to_scale, to_shift, made}), .q({scale_late, shift_late, made_late}));

  integer k;
  always @(posedge clk)
    if (during) begin
      replay.one("out_wave", out_wave, want[4+LANES*EDGE]);
      replay.one("out_masked", out_masked, want[LANES*EDGE]);
      for (k = 0; k < LANES; k = k + 1) begin
        if (out_valid[k] !== want[k*EDGE+48]) replay.differs("out_valid", k, {31'd0, out_valid[k]}, {31'd0, want[k*EDGE+48]});
        if (want[k*EDGE+48] && out_half[k*16+:16] !== want[k*EDGE+32+:16]) replay.differs("out_half", k, {16'd0, out_half[k*16+:16]}, {16'd0, want[k*EDGE+32+:16]});
        if (want[k*EDGE+48] && out_bit[k] !== want[k*EDGE+49]) replay.differs("out_bit", k, {31'd0, out_bit[k]}, {31'd0, want[k*EDGE+49]});
        if ({shift_late[k], scale_late[k]} !== {want[k*EDGE+50] & want[k*EDGE+51], want[k*EDGE+50] & ~want[k*EDGE+51]})
          replay.differs("factor written", k, {30'd0, shift_late[k], scale_late[k]}, {30'd0, want[k*EDGE+51], want[k*EDGE+50]});
        if (want[k*EDGE+50] && made_late[k*32+:32] !== want[k*EDGE+:32]) replay.differs("factor", k, made_late[k*32+:32], want[k*EDGE+:32]);
      end
    end

  always @(posedge clk)
    if (after == STAGES + 8) begin
      replay.count("elements", elements, 0);
      replay.count("factors", factors, 1);
      replay.count("operations", operations, 2);
      replay.count("idle", idle, 3);
      replay.count("issue", issue, 4);
      replay.verdict;
    end

endmodule
