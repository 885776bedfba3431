// Replays jobs on WUVE and compares everything that crosses its edges, every cycle, with files:
//
//   constants.hex  unscale, SR-STE's lambda, weight decay, rate, momentum, rest1, beta2, rest2, correct2, epsilon (32 bits each)
//   jobs.hex       shape (8), waves (32), active lanes of the last wave (16)
//   slots.hex      by lane, lane 0 rightmost: kept (4), master weight, gradient, first and second state word (32 each)
//   held.hex       by cycle: bit 0, no wave is offered; bit 1, no job (4). Cycle 0 is the first one of the first job, which is taken two cycles before, and
//                  the second one in the cycle after that
//   edges.hex      by cycle: job_ready, in_ready (2 of 4); busy, a wave is taken, a job is taken (3 of 4); by lane, lane 0 rightmost: master weight, FP16 weight,
//                  first and second state word leave (a bit each of 4), and what they are (32, 16, 32, 32)
//   counts.hex     parameters, multiplies, adds, divides, square roots, converts, idle lane-cycles, cycles of issue (64 each)
//
// It is given their lengths as +jobs= +slots= +cycles=, and prints "equal" or the first differences. +vcd=FILE writes all signals.
//
// All of it is run twice: in the cycle +reset= the engine is reset with whatever is under way, for two cycles, and all is replayed to its end. Beside what the files have it is held that
// an offered job stays, unchanged, until it is taken; that a wave that is asked for is asked for until it is there; that nothing is taken without both valid and ready; that no
// handshake is undefined after reset; and that nothing moves without a job.

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
  localparam EARLY = 5;  // cycles before the first: three, and two of reset
  localparam SLOT = 132;
  localparam EDGE = 116;

  reg clk = 1'b0;
  always #1 clk = ~clk;

  integer jobs, slots, cycles, reset, differences;
  reg [55:0] job_of[0:DEPTH-1];
  reg [LANES*SLOT-1:0] slot_of[0:DEPTH-1];
  reg [3:0] held_in[0:DEPTH-1];
  reg [8+LANES*EDGE-1:0] edge_in[0:DEPTH-1];
  reg [63:0] count_of[0:7];
  reg [31:0] constant[0:9];
  reg [8*256-1:0] vcd;
  initial if ($value$plusargs("vcd=%s", vcd)) begin
    $dumpfile(vcd);
    $dumpvars(0, wuve_bench);
  end
  initial begin
    differences = 0;
    if (!$value$plusargs("jobs=%d", jobs) || !$value$plusargs("slots=%d", slots) || !$value$plusargs("cycles=%d", cycles) || !$value$plusargs("reset=%d", reset)) begin
      $display("+jobs= +slots= +cycles= +reset= are missing");
      $finish;
    end
    $readmemh("constants.hex", constant);
    if (jobs > 0) $readmemh("jobs.hex", job_of, 0, jobs - 1);
    if (slots > 0) $readmemh("slots.hex", slot_of, 0, slots - 1);
    if (cycles > 0) $readmemh("held.hex", held_in, 0, cycles - 1);
    if (cycles > 0) $readmemh("edges.hex", edge_in, 0, cycles - 1);
    $readmemh("counts.hex", count_of);
  end

  integer now = -EARLY;  // the cycle that ends with the next rising edge
  reg rst = 1'b1;
  reg job_valid = 1'b0, in_valid = 1'b0;
  reg [55:0] job;
  reg [LANES*SLOT-1:0] slot;
  integer next_job = 0, next_slot = 0;  // to be offered next

  wire job_ready, in_ready, busy;
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

  // What stands at the inputs in the next cycle. Nothing is offered twice, and nothing is left out.
  reg again = 1'b0;  // it is the replay
  wire ends = ~again & now == reset;
  wire job_taken = job_valid & job_ready;
  wire slot_taken = in_valid & in_ready;
  wire [31:0] job_after = ends ? 0 : next_job + {31'd0, job_taken};
  wire [31:0] slot_after = ends ? 0 : next_slot + {31'd0, slot_taken};
  wire [3:0] held = held_in[now+1];
  always @(posedge clk) begin
    now <= ends ? -EARLY : now + 1;
    again <= again | ends;
    rst <= ends | now < -4;
    next_job <= job_after;
    next_slot <= slot_after;
    job_valid <= ~ends & job_after < jobs & (now == -3 | now == -2 | (now >= -1 & now + 1 < cycles & ~held[1]));
    job <= job_of[job_after];
    in_valid <= ~ends & now >= -1 & now + 1 < cycles & ~held[0] & slot_after < slots;
    slot <= slot_of[slot_after];
  end

  reg [8+LANES*EDGE-1:0] want;
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
      one("job_ready", job_ready, want[LANES*EDGE+5]);
      one("in_ready", in_ready, want[LANES*EDGE+4]);
      one("busy", busy, want[LANES*EDGE+3]);
      one("wave taken", slot_taken, want[LANES*EDGE+2]);
      one("job taken", job_taken, want[LANES*EDGE+1]);
      for (k = 0; k < LANES; k = k + 1) begin
        if ({master_valid[k], half_valid[k], first_valid[k], second_valid[k]} !== want[k*EDGE+112+:4])
          differs("valid", k, {28'd0, master_valid[k], half_valid[k], first_valid[k], second_valid[k]}, {28'd0, want[k*EDGE+112+:4]});
        if (want[k*EDGE+115] && out_master[k*32+:32] !== want[k*EDGE+80+:32]) differs("out_master", k, out_master[k*32+:32], want[k*EDGE+80+:32]);
        if (want[k*EDGE+114] && out_half[k*16+:16] !== want[k*EDGE+64+:16]) differs("out_half", k, {16'd0, out_half[k*16+:16]}, {16'd0, want[k*EDGE+64+:16]});
        if (want[k*EDGE+113] && out_first[k*32+:32] !== want[k*EDGE+32+:32]) differs("out_first", k, out_first[k*32+:32], want[k*EDGE+32+:32]);
        if (want[k*EDGE+112] && out_second[k*32+:32] !== want[k*EDGE+:32]) differs("out_second", k, out_second[k*32+:32], want[k*EDGE+:32]);
      end
    end else if (now >= -3) begin  // before the first job, and after the last
      one("job_ready", job_ready, 1'b1);
      one("in_ready", in_ready, 1'b0);
      one("busy", busy, 1'b0);
      one("valid", |{master_valid, half_valid, first_valid, second_valid}, 1'b0);
    end

  // Handshakes.
  reg waits, asked;
  reg [55:0] job_before;
  always @(posedge clk) begin
    waits <= ~rst & job_valid & ~job_ready;
    asked <= ~rst & in_ready & ~in_valid;
    job_before <= job;
    if (~rst & now >= -3) begin
      if (waits & (~job_valid | job != job_before)) differs("offered job", 0, 32'd0, 32'd1);
      if (asked) one("asked wave", in_ready, 1'b1);
      one("take", dut.take, slot_taken);
      if (^{job_valid, job_ready, in_valid, in_ready, master_valid, half_valid, first_valid, second_valid, busy} === 1'bx) differs("undefined", 0, 32'd1, 32'd0);
    end
    if (ends & differences != 0) $finish;
  end

  task counts(input [8*16-1:0] name, input [47:0] got, input [63:0] wanted);
    if (got !== wanted[47:0]) begin
      differences = differences + 1;
      $display("%0scycle %0d, count of %0s, lane 0: %h, want %h", again ? "replay " : "", now, name, got, wanted[47:0]);
    end
  endtask

  always @(posedge clk)
    if (again && now == cycles + 8) begin
      counts("parameters", parameters, count_of[0]);
      counts("multiplies", multiplies, count_of[1]);
      counts("adds", adds, count_of[2]);
      counts("divides", divides, count_of[3]);
      counts("square roots", roots, count_of[4]);
      counts("converts", converts, count_of[5]);
      counts("idle", idle, count_of[6]);
      counts("issue", issue, count_of[7]);
      if (next_job != jobs || next_slot != slots) differs("taken", 0, next_slot, slots);
      if (differences == 0) $display("equal: %0d cycles, %0d jobs, %0d slots", cycles, jobs, slots);
      $finish;
    end

endmodule
