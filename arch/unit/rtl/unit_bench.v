// What the benches of units that take jobs share: it offers jobs and slots, resets the unit under way and replays all, holds the handshakes, and counts differences. Files:
//
//   jobs.hex    a job a line
//   slots.hex   the operands of a slot a line: what the unit takes in a cycle
//   held.hex    by cycle: bit 0, no slot is offered; bit 1, no job; bit 2, the feeder is held; bit 3, nothing is offered to it (4). Cycle 0 is the first one of the first job, which is taken AHEAD cycles before
//   edges.hex   by cycle: job_ready, in_ready (2 of 4); busy, a slot is taken, a job is taken (3 of 4), and one that is the unit's own; what leaves
//   counts.hex  what the unit counts (64 each)
//
// It is given their lengths as +jobs= +slots= +cycles=. +vcd=FILE writes all signals.
//
// With FED slots come from the unit's feeder, out of buffers of the unit's bench: bit 0 of held.hex is then what becomes of that. The feeder is offered the first job when the unit is.
//
// With +reset=K all of it is run twice: in cycle K the unit is reset with whatever is under way, for RESETS cycles, and all is replayed to its end; what differs there is said with
// "replay" before it. Beside what the files have it is held that an offered job stays, unchanged, until it is taken; that a slot that is asked for is asked for until it is there;
// that nothing is taken without both valid and ready; that no handshake is undefined after reset; and that nothing moves without a job.

module unit_bench #(
    parameter JOB    = 48,    // bits of a job, of a slot, and of what is held in a cycle
    parameter SLOT   = 40,
    parameter EDGE   = 64,
    parameter LEAVES = 1,     // ports that say that something leaves
    parameter COUNTS = 1,
    parameter AHEAD  = 1,
    parameter RESETS = 1,
    parameter FED    = 0,
    parameter LOADS  = 0,     // cycles of reset before the first ones, in which memories are written
    parameter DEPTH  = 65536  // of the memories
) (
    output reg             clk,
    output reg             rst,
    output reg             job_valid,
    input                  job_ready,
    output reg [  JOB-1:0] job,
    output reg             offers,   // the bench's slot is,
    input                  in_valid, // to the unit
    input                  in_ready,
    output reg [ SLOT-1:0] slot,
    input                  busy,
    input                  take,    // the unit takes a slot, as it sees it
    input      [LEAVES-1:0] leaves,
    output reg             feed_valid, // of the feeder, which jobs go to in their order
    input                  feed_ready,
    output reg             feed_hold,
    input                  surrounds,  // something is to be read or written
    input                  drained,    // drains have taken all jobs
    output reg signed [31:0] now,   // the cycle that ends with the next rising edge
    output     [ EDGE-1:0] want,    // what crosses the edges in it
    output                 during,  // it is one of the file's
    output     [     31:0] after    // cycles since the last one of them, in the run that is the last
);

  localparam EARLY = RESETS + AHEAD + 1;  // cycles before the first

  integer jobs, slots, cycles, reset, differences;
  integer next_job, next_slot, next_feed;  // to be offered next
  reg resets, again;  // all is run twice; it is the last run
  reg [JOB-1:0] job_of[0:DEPTH-1];
  reg [SLOT-1:0] slot_of[0:DEPTH-1];
  reg [3:0] held_in[0:DEPTH-1];
  reg [EDGE-1:0] edge_in[0:DEPTH-1];
  reg [63:0] count_of[0:COUNTS-1];
  reg [8*256-1:0] vcd;

  initial begin
    clk = 1'b0;
    rst = 1'b1;
    job_valid = 1'b0;
    offers = 1'b0;
    feed_valid = 1'b0;
    feed_hold = 1'b0;
    next_feed = 0;
    now = -EARLY - LOADS;
    next_job = 0;
    next_slot = 0;
    differences = 0;
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars;
    end
    if (!$value$plusargs("jobs=%d", jobs) || !$value$plusargs("slots=%d", slots) || !$value$plusargs("cycles=%d", cycles)) begin
      $display("+jobs= +slots= +cycles= are missing");
      $finish;
    end
    resets = $value$plusargs("reset=%d", reset) != 0;
    again = ~resets;
    if (jobs > 0) $readmemh("jobs.hex", job_of, 0, jobs - 1);
    if (slots > 0) $readmemh("slots.hex", slot_of, 0, slots - 1);
    if (cycles > 0) $readmemh("held.hex", held_in, 0, cycles - 1);
    if (cycles > 0) $readmemh("edges.hex", edge_in, 0, cycles - 1);
    $readmemh("counts.hex", count_of);
  end
  always #1 clk = ~clk;

  // What stands at the inputs in the next cycle. Nothing is offered twice, and nothing is left out.
  wire ends = ~again & now == reset;
  wire job_taken = job_valid & job_ready;
  wire slot_taken = in_valid & in_ready & ~rst;
  wire [31:0] job_after = ends ? 0 : next_job + {31'd0, job_taken};
  wire [31:0] slot_after = ends ? 0 : next_slot + {31'd0, slot_taken};
  wire [31:0] feed_after = ends ? 0 : next_feed + {31'd0, feed_valid & feed_ready};
  wire [3:0] held = held_in[now+1];
  wire amid = now >= -1 & now + 1 < cycles;
  wire early = now < -1 & now >= -1 - AHEAD;
  always @(posedge clk) begin
    now <= ends ? -EARLY : now + 1;
    again <= again | ends;
    rst <= ends | now < -2 - AHEAD;
    next_job <= job_after;
    next_slot <= slot_after;
    job_valid <= ~ends & job_after < jobs & (early | (amid & ~held[1]));
    job <= job_of[job_after];
    offers <= ~ends & amid & ~held[0] & slot_after < slots;
    next_feed <= feed_after;
    feed_valid <= FED != 0 & ~ends & feed_after < jobs & (early | (amid & ~held[3]));
    feed_hold <= FED != 0 & amid & held[2];
    slot <= slot_of[slot_after];
  end

  assign want = edge_in[now];
  assign during = now >= 0 & now < cycles;
  assign after = again & now >= cycles ? now - cycles : 0;

  task differs(input [8*16-1:0] port, input integer of_lane, input [31:0] got, input [31:0] wanted);
    begin
      differences = differences + 1;
      if (differences <= 10) $display("%0scycle %0d, %0s, lane %0d: %h, want %h", again & resets ? "replay " : "", now, port, of_lane, got, wanted);
    end
  endtask

  task one(input [8*16-1:0] port, input got, input wanted);
    if (got !== wanted) differs(port, 0, {31'd0, got}, {31'd0, wanted});
  endtask

  task count(input [8*16-1:0] name, input [47:0] got, input integer place);
    if (got !== count_of[place][47:0]) begin
      differences = differences + 1;
      $display("%0scycle %0d, count of %0s, lane 0: %h, want %h", again & resets ? "replay " : "", now, name, got, count_of[place][47:0]);
    end
  endtask

  // When all has left and is counted.
  task verdict;
    begin
      if (next_job != jobs || next_slot != slots || FED != 0 && (next_feed != jobs || ~drained)) differs("taken", 0, next_slot, slots);
      if (differences == 0) $display("equal: %0d cycles, %0d jobs, %0d slots", cycles, jobs, slots);
      $finish;
    end
  endtask

  // Before the first job, and after the last, nothing moves.
  wire still = ~during & now >= -1 - AHEAD;
  always @(posedge clk)
    if (during | still) begin
      one("job_ready", job_ready, still | want[EDGE-3]);
      one("in_ready", in_ready, during & want[EDGE-4]);
      one("busy", busy, during & want[EDGE-5]);
      if (during) one("slot taken", slot_taken, want[EDGE-6]);
      if (during) one("job taken", job_taken, want[EDGE-7]);
      if (still) one("valid", |leaves, 1'b0);
      if (after > 0 | now == -1 - AHEAD) one("surrounds", surrounds, 1'b0);  // the last words are written in the cycle before
    end

  // Handshakes.
  reg waits, asked;
  reg [JOB-1:0] job_before;
  always @(posedge clk) begin
    waits <= ~rst & job_valid & ~job_ready;
    asked <= ~rst & in_ready & ~in_valid;
    job_before <= job;
    if (~rst & now >= -1 - AHEAD) begin
      if (waits & (~job_valid | job != job_before)) differs("offered job", 0, 32'd0, 32'd1);
      if (asked) one("asked slot", in_ready, 1'b1);
      one("take", take, slot_taken);
      if (^{job_valid, job_ready, in_valid, in_ready, leaves, busy} === 1'bx) differs("undefined", 0, 32'd1, 32'd0);
    end
    if (ends & differences != 0) $finish;
  end

endmodule
