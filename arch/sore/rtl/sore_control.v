// The counters of SORE: which slot of which group its lanes take in a cycle. All lanes work in lockstep.
//
//   clk        rising edge
//   rst        synchronous
//   job_valid  a job is offered: `waves` groups a lane, one after the other, of m slots each, of which n stay. 1 <= n <= m, waves >= 1. It stays
//              offered until it is taken
//   job_ready  in cycles with both the job is taken; its first slot may be in the next cycle. It depends on in_valid
//   in_valid   the operands of the next slot are there
//   in_ready   in cycles with both they are taken
//   take       a slot is taken in this cycle:
//   last       the last one of its group,
//   index      its place in the group
//   n          of its group
//   issue      a job is under way, waiting or not
//   busy       it is, or what it made has not left yet
//
// A group waits if it would be complete before the pairs of a group before it have left: that needs a job of fewer slots than the job before it
// kept elements.

`default_nettype none

module sore_control #(
    parameter MAX_N   = 4,
    parameter N_BITS  = 3,  // of n
    parameter M_BITS  = 5,  // of m
    parameter INDEX   = 4,  // bits of an index
    parameter STAGES  = 2,  // in front of the sorters
    parameter WAVES   = 32  // bits of waves
) (
    input  wire              clk,
    input  wire              rst,
    input  wire              job_valid,
    output wire              job_ready,
    input  wire [N_BITS-1:0] job_n,
    input  wire [M_BITS-1:0] job_m,
    input  wire [ WAVES-1:0] job_waves,
    input  wire              in_valid,
    output wire              in_ready,
    output wire              take,
    output wire              last,
    output wire [ INDEX-1:0] index,
    output reg  [N_BITS-1:0] n,
    output wire              issue,
    output wire              busy
);

  localparam DRAIN = $clog2(STAGES + MAX_N + 1) + 1;

  reg active;
  reg [M_BITS-1:0] m, slot;
  reg [WAVES-1:0] waves;   // still to come, this one included
  reg [N_BITS-1:0] pairs;  // that the group before has still to send when the next slot is the first to be taken, less the stages
  reg [DRAIN-1:0] drain;   // cycles until all that was taken has left

  wire first = slot == {M_BITS{1'b0}};
  wire waits = first & {{M_BITS{1'b0}}, pairs} >= {{N_BITS{1'b0}}, m};
  assign in_ready = active & ~waits;
  assign take = in_ready & in_valid;
  assign last = slot == m - 1'b1;
  assign index = slot[INDEX-1:0];
  assign issue = active;
  assign busy = active | |drain;

  wire ends = take & last & waves == {{(WAVES - 1) {1'b0}}, 1'b1};
  assign job_ready = ~active | ends;

  always @(posedge clk)
    if (rst) active <= 1'b0;
    else if (job_ready) active <= job_valid;

  always @(posedge clk)
    if (job_ready) begin
      n <= job_n;
      m <= job_m;
      waves <= job_waves;
    end else if (take & last) waves <= waves - 1'b1;

  always @(posedge clk)
    if (job_ready) slot <= {M_BITS{1'b0}};
    else if (take) slot <= last ? {M_BITS{1'b0}} : slot + 1'b1;

  always @(posedge clk)
    if (rst) pairs <= {N_BITS{1'b0}};
    else if (take & last) pairs <= n - 1'b1;
    else if (|pairs) pairs <= pairs - 1'b1;

  always @(posedge clk)
    if (rst) drain <= {DRAIN{1'b0}};
    else if (take & last) drain <= STAGES[DRAIN-1:0] + {{(DRAIN - N_BITS) {1'b0}}, n};
    else if (|drain) drain <= drain - 1'b1;

endmodule

`default_nettype wire
