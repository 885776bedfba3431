// Replays jobs on SORE and compares everything that crosses its edges, every cycle, with files, as unit_bench says. It prints "equal" or the first differences.
//
//   jobs.hex    n (8 bits), m (8), waves (32)
//   slots.hex   by lane, lane 0 rightmost: holds an element (4), the element (16)
//   edges.hex   the unit's own is that first pairs of a wave leave; then by lane, lane 0 rightmost: a pair leaves (4), its index (8), its value (16)
//   counts.hex  groups, elements, kept, compares, idle lane-cycles, cycles of issue

module sore_bench #(
    parameter LANES  = 2,
    parameter MAX_N  = 2,
    parameter MAX_M  = 4,
    parameter STAGES = 2,
    parameter DEPTH  = 65536  // of the memories
);

  localparam N_BITS = $clog2(MAX_N + 1);
  localparam M_BITS = $clog2(MAX_M + 1);
  localparam INDEX = MAX_M > 1 ? $clog2(MAX_M) : 1;
  localparam PAIR = 28;

  wire clk, rst, job_valid, job_ready, in_valid, in_ready, out_first, busy, during;
  wire [47:0] job;
  wire [LANES*20-1:0] slot;
  wire [8+LANES*PAIR-1:0] want;
  wire [31:0] after;
  wire [LANES-1:0] in_element, out_valid;
  wire [LANES*16-1:0] in_value, out_value;
  wire [LANES*INDEX-1:0] out_index;
  wire [47:0] groups, elements, kept, compares, idle, issue;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      assign in_element[l] = slot[l*20+16];
      assign in_value[l*16+:16] = slot[l*20+:16];
    end
  endgenerate

  unit_bench #(.JOB(48), .SLOT(LANES * 20), .EDGE(8 + LANES * PAIR), .LEAVES(LANES + 1), .COUNTS(6), .AHEAD(1), .RESETS(STAGES + 1), .DEPTH(DEPTH)) replay (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job(job), .in_valid(in_valid), .in_ready(in_ready), .slot(slot),
      .busy(busy), .take(dut.take), .leaves({out_first, out_valid}), .now(), .want(want), .during(during), .after(after)
  );

  sore #(.LANES(LANES), .MAX_N(MAX_N), .MAX_M(MAX_M), .STAGES(STAGES)) dut (
      .clk(clk), .rst(rst),
      .job_valid(job_valid), .job_ready(job_ready), .job_n(job[40+:N_BITS]), .job_m(job[32+:M_BITS]), .job_waves(job[31:0]),
      .in_valid(in_valid), .in_ready(in_ready), .in_element(in_element), .in_value(in_value),
      .out_first(out_first), .out_valid(out_valid), .out_value(out_value), .out_index(out_index), .busy(busy),
      .count_groups(groups), .count_elements(elements), .count_kept(kept), .count_compares(compares), .count_idle_lane_cycles(idle), .count_issue(issue)
  );

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
