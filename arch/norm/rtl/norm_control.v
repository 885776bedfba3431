// The counters of the normaliser: which wave of which job its lanes take in a cycle. All lanes work in lockstep.
//
//   clk        rising edge
//   rst        synchronous, LATENCY + 1 cycles at least
//   job_valid  a job is offered, and stays until it is taken: `runs` runs of `waves` waves each, neither of them 0. Of a run the first wave has elements from lane `begin` on, the last one in
//              lanes below `end`; the first one's place in the tables is `from`, and behind place `wrap` comes 0. With `factors` scales and shifts are made: two runs, the scales first
//   job_ready  in cycles with both the job is taken; its first wave may be in the next cycle. It depends on in_valid
//   in_valid   the operands of the next wave are there
//   in_ready   in cycles with both they are taken
//   take       a wave is taken in this cycle,
//   low, high  on lanes from low on, below high;
//   place      of its channels in the tables,
//   factors    which it makes; shifts: of these the shifts,
//   clip       of its job: 0 nothing, 1 no less than 0, 2 between 0 and 6
//   issue      a job is under way, waiting or not
//   busy       it is, or what it made has not left yet
//
// A wave of shifts waits for its scales, LATENCY cycles after these were taken. The first wave of a tile behind a job that makes factors waits until these have left.

`default_nettype none

module norm_control #(
    parameter LANES   = 32,
    parameter COUNT   = 6,   // bits of a number of lanes
    parameter PLACE   = 6,   // of a place in the tables
    parameter LATENCY = 11,
    parameter RUNS    = 32,  // bits of runs
    parameter WAVES   = 32   // bits of waves
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             job_valid,
    output wire             job_ready,
    input  wire             job_factors,
    input  wire [      1:0] job_clip,
    input  wire [ RUNS-1:0] job_runs,
    input  wire [WAVES-1:0] job_waves,
    input  wire [COUNT-1:0] job_begin,
    input  wire [COUNT-1:0] job_end,
    input  wire [PLACE-1:0] job_from,
    input  wire [PLACE-1:0] job_wrap,
    input  wire             in_valid,
    output wire             in_ready,
    output wire             take,
    output wire [COUNT-1:0] low,
    output wire [COUNT-1:0] high,
    output reg  [PLACE-1:0] place,
    output reg              factors,
    output reg              shifts,
    output reg  [      1:0] clip,
    output wire             issue,
    output wire             busy
);

  localparam DRAIN = LATENCY > 0 ? $clog2(LATENCY + 1) : 1;
  localparam EARLY = LATENCY > 0 ? LATENCY - 1 : 0;

  reg active, waits;
  reg [RUNS-1:0] runs;           // to be taken, this one included
  reg [WAVES-1:0] waves, left;   // of a run; of this one to be taken
  reg last_run, alone;           // no run comes after this one; a run is one wave
  reg first, last;               // the wave that comes is the first of its run, the last
  reg [COUNT-1:0] from_lane, to_lane;
  reg [PLACE-1:0] from, wrap;
  reg [PLACE:0] there;           // waves whose scales have left, and whose shifts are to be taken
  reg [DRAIN-1:0] drain;         // cycles until all that was taken has left

  wire some = |drain;
  assign in_ready = active & (shifts ? |there : ~(waits & some));
  assign take = in_ready & in_valid;
  wire ends = take & last & last_run;
  assign job_ready = ~active | ends;
  assign low = first ? from_lane : {COUNT{1'b0}};
  assign high = last ? to_lane : LANES[COUNT-1:0];
  assign issue = active;
  assign busy = active | some;

  always @(posedge clk)
    if (rst) active <= 1'b0;
    else if (job_ready) active <= job_valid;

  // What the job before made is known until the next one comes.
  always @(posedge clk) if (job_ready & job_valid) factors <= job_factors;
  always @(posedge clk)
    if (job_ready) begin
      clip <= job_clip;
      from_lane <= job_begin;
      to_lane <= job_end;
      from <= job_from;
      wrap <= job_wrap;
      waves <= job_waves;
      alone <= job_waves == {{(WAVES - 1) {1'b0}}, 1'b1};
    end

  always @(posedge clk)
    if (job_ready) waits <= factors & ~job_factors;
    else if (take) waits <= 1'b0;

  always @(posedge clk)
    if (job_ready) begin
      runs <= job_runs;
      last_run <= job_runs == {{(RUNS - 1) {1'b0}}, 1'b1};
      left <= job_waves;
      last <= job_waves == {{(WAVES - 1) {1'b0}}, 1'b1};
      place <= job_from;
      first <= 1'b1;
      shifts <= 1'b0;
    end else if (take & last) begin
      runs <= runs - 1'b1;
      last_run <= runs == {{(RUNS - 2) {1'b0}}, 2'd2};
      left <= waves;
      last <= alone;
      place <= from;
      first <= 1'b1;
      shifts <= factors;
    end else if (take) begin
      left <= left - 1'b1;
      last <= left == {{(WAVES - 2) {1'b0}}, 2'd2};
      place <= place == wrap ? {PLACE{1'b0}} : place + 1'b1;
      first <= 1'b0;
    end

  // Scales are there in the cycle in which they leave.
  wire scales;
  fp_delay #(.WIDTH(1), .DEPTH(EARLY)) leave (.clk(clk), .d(take & factors & ~shifts & ~rst), .q(scales));
  always @(posedge clk)
    if (rst) there <= {(PLACE + 1) {1'b0}};
    else there <= there + {{PLACE{1'b0}}, scales} - {{PLACE{1'b0}}, take & shifts};

  always @(posedge clk)
    if (rst) drain <= {DRAIN{1'b0}};
    else if (take) drain <= LATENCY[DRAIN-1:0];
    else if (some) drain <= drain - 1'b1;

endmodule

`default_nettype wire
