// Replays jobs on WUVE and compares everything that crosses its edges, every cycle, with files, as unit_bench says. It prints "equal" or the first differences.
//
//   constants.hex  unscale, SR-STE's lambda, weight decay, rate, momentum, rest1, beta2, rest2, correct2, epsilon (32 bits each)
//   jobs.hex       shape (8), waves (32), active lanes of the last wave (16)
//   slots.hex      by lane, lane 0 rightmost: kept (4), master weight, gradient, first and second state word (32 each)
//   edges.hex      the unit's own is nothing; then by lane, lane 0 rightmost: master weight, FP16 weight, first and second state word leave (a bit each of 4), and what they are
//                  (32, 16, 32, 32)
//   counts.hex     parameters, multiplies, adds, divides, square roots, converts, idle lane-cycles, cycles of issue
//
// The first job is taken two cycles before cycle 0, and the second one in the cycle after that.

module wuve_bench #(
    parameter LANES     = 2,
    parameter OPTIMISER = 3,
    parameter MUL       = 4,
    parameter ADD       = 6,
    parameter DIV       = 28,
    parameter SQRT      = 28,
    parameter CONVERT   = 2,
    parameter FLUSH     = 1,
    parameter DEPTH     = 65536  // of the memories
);

  localparam COUNT = $clog2(LANES + 1);
  localparam SLOT = 132;
  localparam EDGE = 116;

  reg [31:0] constant[0:9];
  initial $readmemh("constants.hex", constant);

  wire clk, rst, job_valid, job_ready, in_valid, in_ready, busy, during;
  wire [55:0] job;
  wire [LANES*SLOT-1:0] slot;
  wire [8+LANES*EDGE-1:0] want;
  wire [31:0] after;
  wire [LANES-1:0] kept, master_valid, half_valid, first_valid, second_valid;
  wire [LANES*32-1:0] in_master, in_gradient, in_first, in_second, out_master, out_first, out_second;
  wire [LANES*16-1:0] out_half;
  wire [47:0] parameters, multiplies, adds, divides, roots, converts, idle, issue;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      assign kept[l] = slot[l*SLOT+128];
      assign in_master[l*32+:32] = slot[l*SLOT+96+:32];
      assign in_gradient[l*32+:32] = slot[l*SLOT+64+:32];
      assign in_first[l*32+:32] = slot[l*SLOT+32+:32];
      assign in_second[l*32+:32] = slot[l*SLOT+:32];
    end
  endgenerate

  unit_bench #(.JOB(56), .SLOT(LANES * SLOT), .EDGE(8 + LANES * EDGE), .LEAVES(4 * LANES), .COUNTS(8), .AHEAD(2), .RESETS(2), .DEPTH(DEPTH)) replay (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job(job), .in_valid(in_valid), .in_ready(in_ready), .slot(slot),
      .busy(busy), .take(dut.take), .leaves({master_valid, half_valid, first_valid, second_valid}), .now(), .want(want), .during(during), .after(after)
  );

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
