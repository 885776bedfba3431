// Replays jobs on SORE and compares everything that crosses its edges, every cycle, with files, as unit_bench says. It prints "equal" or the first differences.
//
//   jobs.hex    n (8 bits), m (8), waves (32)
//   slots.hex   by lane, lane 0 rightmost: holds an element (4), the element (16)
//   edges.hex   the unit's own is that first pairs of a wave leave; then by lane, lane 0 rightmost: a pair leaves (4), its index (8), its value (16)
//   feeds.hex   where a job's slots begin, and its pairs (16 each)
//   places.hex  by cycle: where the pairs go that leave (16)
//   counts.hex  groups, elements, kept, compares, idle lane-cycles, cycles of issue
//
// With READ it is fed: its slots lie in a buffer that answers READ cycles after their address, and its pairs go into one.

module sore_bench #(
    parameter LANES  = 2,
    parameter MAX_N  = 2,
    parameter MAX_M  = 4,
    parameter STAGES = 2,
    parameter READ   = 0,  // cycles in which buffers answer, 1 to 3; 0: slots come from the bench
    parameter DEPTH  = 65536  // of the memories
);

  localparam N_BITS = $clog2(MAX_N + 1);
  localparam M_BITS = $clog2(MAX_M + 1);
  localparam INDEX = MAX_M > 1 ? $clog2(MAX_M) : 1;
  localparam PAIR = 28;

  wire clk, rst, job_valid, job_ready, offers, in_valid, in_ready, take, feed_valid, feed_ready, feed_hold, surrounds, drained, out_first, busy, during;
  wire [47:0] job;
  wire [LANES*20-1:0] slot;
  wire [8+LANES*PAIR-1:0] want;
  wire signed [31:0] now;
  wire [31:0] after;
  wire [LANES-1:0] in_element, out_valid;
  wire [LANES*16-1:0] in_value, out_value;
  wire [LANES*INDEX-1:0] out_index;
  wire [47:0] groups, elements, kept, compares, idle, issue;

  unit_bench #(.JOB(48), .SLOT(LANES * 20), .EDGE(8 + LANES * PAIR), .LEAVES(LANES + 1), .COUNTS(6), .AHEAD(1), .RESETS(STAGES + 1), .FED(READ), .DEPTH(DEPTH)) replay (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job(job), .offers(offers), .in_valid(in_valid), .in_ready(in_ready), .slot(slot),
      .busy(busy), .take(take), .leaves({out_first, out_valid}), .now(now), .want(want), .during(during), .after(after),
      .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_hold(feed_hold), .surrounds(surrounds), .drained(drained)
  );

  genvar l;
  generate
    if (READ == 0) begin : bare
      assign in_valid = offers;
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign in_element[l] = slot[l*20+16];
        assign in_value[l*16+:16] = slot[l*20+:16];
      end
      sore #(.LANES(LANES), .MAX_N(MAX_N), .MAX_M(MAX_M), .STAGES(STAGES)) dut (
          .clk(clk), .rst(rst),
          .job_valid(job_valid), .job_ready(job_ready), .job_n(job[40+:N_BITS]), .job_m(job[32+:M_BITS]), .job_waves(job[31:0]),
          .in_valid(in_valid), .in_ready(in_ready), .in_element(in_element), .in_value(in_value),
          .out_first(out_first), .out_valid(out_valid), .out_value(out_value), .out_index(out_index), .busy(busy),
          .count_groups(groups), .count_elements(elements), .count_kept(kept), .count_compares(compares), .count_idle_lane_cycles(idle), .count_issue(issue)
      );
      assign take = dut.take;
      assign feed_ready = 1'b1;
      assign surrounds = 1'b0;
      assign drained = 1'b1;
    end else begin : fed
      reg [31:0] feed_of[0:DEPTH-1];
      reg [15:0] place_in[0:DEPTH-1];
      integer told, length;  // jobs, and cycles
      initial begin
        if (!$value$plusargs("jobs=%d", told)) told = 0;
        if (!$value$plusargs("cycles=%d", length)) length = 0;
        if (told > 0) $readmemh("feeds.hex", feed_of, 0, told - 1);
        if (length > 0) $readmemh("places.hex", place_in, 0, length - 1);
      end
      integer next_drain;
      wire slot_read, feed_busy, drain_busy, drain_ready;
      wire drain_valid = ~rst & now >= -2 & next_drain < replay.jobs;  // as soon as it takes them
      always @(posedge clk)
        if (rst | replay.ends) next_drain <= 0;
        else if (drain_valid & drain_ready) next_drain <= next_drain + 1;
      wire [15:0] slot_address, pair_address;
      wire [LANES-1:0] slot_element, pair_write;
      wire [LANES*16-1:0] slot_value, pair_value;
      wire [LANES*INDEX-1:0] pair_index;
      wire [47:0] fed_job = replay.job_of[replay.next_feed], drained_job = replay.job_of[next_drain];
      wire [31:0] fed_at = feed_of[replay.next_feed], drained_at = feed_of[next_drain];
      sore_fed #(.LANES(LANES), .MAX_N(MAX_N), .MAX_M(MAX_M), .STAGES(STAGES), .READ(READ)) dut (
          .clk(clk), .rst(rst),
          .job_valid(job_valid), .job_ready(job_ready), .job_n(job[40+:N_BITS]), .job_m(job[32+:M_BITS]), .job_waves(job[31:0]),
          .feed_valid(feed_valid), .feed_ready(feed_ready), .feed_base(fed_at[31:16]), .feed_waves(fed_job[31:0]), .feed_slots(fed_job[32+:M_BITS]), .feed_hold(feed_hold),
          .slot_read(slot_read), .slot_address(slot_address), .slot_element(slot_element), .slot_value(slot_value),
          .drain_valid(drain_valid), .drain_ready(drain_ready), .drain_base(drained_at[15:0]), .drain_waves(drained_job[31:0]), .drain_pairs(drained_job[40+:N_BITS]),
          .pair_write(pair_write), .pair_address(pair_address), .pair_value(pair_value), .pair_index(pair_index), .busy(busy), .feed_busy(feed_busy), .drain_busy(drain_busy),
          .count_groups(groups), .count_elements(elements), .count_kept(kept), .count_compares(compares), .count_idle_lane_cycles(idle), .count_issue(issue)
      );
      assign in_valid = dut.in_valid;
      assign in_ready = dut.in_ready;
      assign out_first = dut.out_first;
      assign out_valid = dut.out_valid;
      assign out_value = dut.out_value;
      assign out_index = dut.out_index;
      assign take = dut.engine.take;
      assign drained = next_drain == replay.jobs;
      assign surrounds = feed_busy | drain_busy | slot_read | |pair_write;
      // The buffer: slots of job j begin 3 * j words after where they are in the file. Without an address it gives what it does not hold.
      reg [LANES*20*READ-1:0] line;
      wire [LANES*20-1:0] word = replay.slot_of[slot_address-3*(replay.next_feed-1)];
      always @(posedge clk) line <= {line, slot_read ? word : ~word};
      for (l = 0; l < LANES; l = l + 1) begin : lane
        assign slot_element[l] = line[LANES*20*(READ-1)+l*20+16];
        assign slot_value[l*16+:16] = line[LANES*20*(READ-1)+l*20+:16];
      end
      // Pairs are written a cycle after they left.
      reg [LANES-1:0] left;
      reg [LANES*16-1:0] value;
      reg [LANES*INDEX-1:0] index;
      always @(posedge clk) begin
        left <= rst ? {LANES{1'b0}} : out_valid;
        value <= out_value;
        index <= out_index;
        if (~rst & now >= -1) begin
          if (pair_write !== left) replay.differs("pair_write", 0, pair_write, left);
          if (|left & now > 0 & pair_address !== place_in[now-1]) replay.differs("pair_address", 0, pair_address, place_in[now-1]);
          if (|left & (pair_value !== value | pair_index !== index)) replay.differs("pair_value", 0, {16'd0, pair_value[15:0]}, {16'd0, value[15:0]});
          if (^{feed_ready, drain_ready, feed_busy, drain_busy, slot_read, pair_write} === 1'bx) replay.differs("undefined", 0, 32'd1, 32'd0);
          if (feed_hold & slot_read) replay.differs("slot_read", 0, 32'd1, 32'd0);
        end
      end
    end
  endgenerate

  integer k;
  always @(posedge clk)
    if (during) begin
      replay.one("out_first", out_first, want[LANES*PAIR]);
      for (k = 0; k < LANES; k = k + 1) begin
        if (out_valid[k] !== want[k*PAIR+24]) replay.differs("out_valid", k, {31'd0, out_valid[k]}, {31'd0, want[k*PAIR+24]});
        if (want[k*PAIR+24] && out_index[k*INDEX+:INDEX] !== want[k*PAIR+16+:INDEX])
          replay.differs("out_index", k, {{32 - INDEX{1'b0}}, out_index[k*INDEX+:INDEX]}, {24'd0, want[k*PAIR+16+:8]});
        if (want[k*PAIR+24] && out_value[k*16+:16] !== want[k*PAIR+:16]) replay.differs("out_value", k, {16'd0, out_value[k*16+:16]}, {16'd0, want[k*PAIR+:16]});
      end
    end

  always @(posedge clk)
    if (after == STAGES + 8) begin
      replay.count("groups", groups, 0);
      replay.count("elements", elements, 1);
      replay.count("kept", kept, 2);
      replay.count("compares", compares, 3);
      replay.count("idle", idle, 4);
      replay.count("issue", issue, 5);
      replay.verdict;
    end

endmodule
