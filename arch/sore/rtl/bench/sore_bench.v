// Replays jobs on SORE and compares everything that crosses its edges, every cycle, with files:
//
//   jobs.hex    n (8 bits), m (8), waves (32)
//   slots.hex   by lane, lane 0 rightmost: holds an element (4), the element (16)
//   held.hex    by cycle: bit 0, no slot is offered; bit 1, no job (4). Cycle 0 is the first one of the first job, which is taken in the cycle before
//   edges.hex   by cycle: job_ready, in_ready (2 of 4); busy, a job is taken, a slot is taken, first pairs of a wave (4); by lane, lane 0 rightmost: a pair
//               leaves (4), its index (8), its value (16)
//   counts.hex  groups, elements, kept, compares, idle lane-cycles, cycles of issue (64 each)
//
// It is given their lengths as +jobs= +slots= +cycles=, and prints "equal" or the first differences. +vcd=FILE writes all signals.
//
// All of it is run twice: in the cycle +reset= the engine is reset with whatever is under way, for as many cycles as it needs at least, and all is replayed to its end. Beside what
// the files have it is held that an offered job stays, unchanged, until it is taken; that a slot that is asked for is asked for until it is there; that nothing is taken without both
// valid and ready; that no handshake is undefined after reset; and that nothing moves without a job.

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
  localparam EARLY = STAGES + 3;  // cycles before the first: two, and those of reset

  reg clk = 1'b0;
  always #1 clk = ~clk;

  integer jobs, slots, cycles, reset, differences;
  reg [47:0] job_of[0:DEPTH-1];
  reg [LANES*20-1:0] slot_of[0:DEPTH-1];
  reg [3:0] held_in[0:DEPTH-1];
  reg [8+LANES*28-1:0] edge_in[0:DEPTH-1];
  reg [63:0] count_of[0:5];
  reg [8*256-1:0] vcd;
  initial if ($value$plusargs("vcd=%s", vcd)) begin
    $dumpfile(vcd);
    $dumpvars(0, sore_bench);
  end
  initial begin
    differences = 0;
    if (!$value$plusargs("jobs=%d", jobs) || !$value$plusargs("slots=%d", slots) || !$value$plusargs("cycles=%d", cycles) || !$value$plusargs("reset=%d", reset)) begin
      $display("+jobs= +slots= +cycles= +reset= are missing");
      $finish;
    end
    if (jobs > 0) $readmemh("jobs.hex", job_of, 0, jobs - 1);
    if (slots > 0) $readmemh("slots.hex", slot_of, 0, slots - 1);
    if (cycles > 0) $readmemh("held.hex", held_in, 0, cycles - 1);
    if (cycles > 0) $readmemh("edges.hex", edge_in, 0, cycles - 1);
    $readmemh("counts.hex", count_of);
  end

  integer now = -EARLY;  // the cycle that ends with the next rising edge
  reg rst = 1'b1;
  reg job_valid = 1'b0, in_valid = 1'b0;
  reg [47:0] job;
  reg [LANES*20-1:0] slot;
  integer next_job = 0, next_slot = 0;  // to be offered next

  wire job_ready, in_ready, out_first, busy;
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

  sore #(.LANES(LANES), .MAX_N(MAX_N), .MAX_M(MAX_M), .STAGES(STAGES)) dut (
      .clk(clk), .rst(rst),
      .job_valid(job_valid), .job_ready(job_ready), .job_n(job[40+:N_BITS]), .job_m(job[32+:M_BITS]), .job_waves(job[31:0]),
      .in_valid(in_valid), .in_ready(in_ready), .in_element(in_element), .in_value(in_value),
      .out_first(out_first), .out_valid(out_valid), .out_value(out_value), .out_index(out_index), .busy(busy),
      .count_groups(groups), .count_elements(elements), .count_kept(kept), .count_compares(compares), .count_idle_lane_cycles(idle), .count_issue(issue)
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
    rst <= ends | now < -3;
    next_job <= job_after;
    next_slot <= slot_after;
    job_valid <= ~ends & job_after < jobs & (now == -2 | (now >= -1 & now + 1 < cycles & ~held[1]));
    job <= job_of[job_after];
    in_valid <= ~ends & now >= -1 & now + 1 < cycles & ~held[0] & slot_after < slots;
    slot <= slot_of[slot_after];
  end

  reg [8+LANES*28-1:0] want;
  integer k;
  task differs(input [8*12-1:0] port, input integer of_lane, input [15:0] got, input [15:0] wanted);
    begin
      differences = differences + 1;
      if (differences <= 10) $display("%0scycle %0d, %0s, lane %0d: %h, want %h", again ? "replay " : "", now, port, of_lane, got, wanted);
    end
  endtask
  task one(input [8*12-1:0] port, input got, input wanted);
    if (got !== wanted) differs(port, 0, {15'd0, got}, {15'd0, wanted});
  endtask

  always @(posedge clk)
    if (now >= 0 && now < cycles) begin
      want = edge_in[now];
      one("job_ready", job_ready, want[LANES*28+5]);
      one("in_ready", in_ready, want[LANES*28+4]);
      one("busy", busy, want[LANES*28+3]);
      one("job taken", job_taken, want[LANES*28+2]);
      one("slot taken", slot_taken, want[LANES*28+1]);
      one("out_first", out_first, want[LANES*28]);
      for (k = 0; k < LANES; k = k + 1) begin
        if (out_valid[k] !== want[k*28+24]) differs("out_valid", k, {15'd0, out_valid[k]}, {15'd0, want[k*28+24]});
        if (want[k*28+24] && out_index[k*INDEX+:INDEX] !== want[k*28+16+:INDEX]) differs("out_index", k, {{16 - INDEX{1'b0}}, out_index[k*INDEX+:INDEX]}, {8'd0, want[k*28+16+:8]});
        if (want[k*28+24] && out_value[k*16+:16] !== want[k*28+:16]) differs("out_value", k, out_value[k*16+:16], want[k*28+:16]);
      end
    end else if (now >= -2) begin  // before the first job, and after the last
      one("job_ready", job_ready, 1'b1);
      one("in_ready", in_ready, 1'b0);
      one("busy", busy, 1'b0);
      one("out_first", out_first, 1'b0);
      one("out_valid", |out_valid, 1'b0);
    end

  // Handshakes.
  reg waits, asked;
  reg [47:0] job_before;
  always @(posedge clk) begin
    waits <= ~rst & job_valid & ~job_ready;
    asked <= ~rst & in_ready & ~in_valid;
    job_before <= job;
    if (~rst & now >= -2) begin
      if (waits & (~job_valid | job != job_before)) differs("offered job", 0, 16'd0, 16'd1);
      if (asked) one("asked slot", in_ready, 1'b1);
      one("take", dut.take, slot_taken);
      if (^{job_valid, job_ready, in_valid, in_ready, out_first, out_valid, busy} === 1'bx) differs("undefined", 0, 16'd1, 16'd0);
    end
    if (ends & differences != 0) $finish;
  end

  task counts(input [8*12-1:0] name, input [47:0] got, input [63:0] wanted);
    if (got !== wanted[47:0]) begin
      differences = differences + 1;
      $display("%0scycle %0d, count of %0s, lane 0: %h, want %h", again ? "replay " : "", now, name, got, wanted[47:0]);
    end
  endtask

  always @(posedge clk)
    if (again && now == cycles + STAGES + 8) begin
      counts("groups", groups, count_of[0]);
      counts("elements", elements, count_of[1]);
      counts("kept", kept, count_of[2]);
      counts("compares", compares, count_of[3]);
      counts("idle", idle, count_of[4]);
      counts("issue", issue, count_of[5]);
      if (next_job != jobs || next_slot != slots) differs("taken", 0, next_slot[15:0], slots[15:0]);
      if (differences == 0) $display("equal: %0d cycles, %0d jobs, %0d slots", cycles, jobs, slots);
      $finish;
    end

endmodule
