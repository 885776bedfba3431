// The counters of WUVE: which wave of which job its lanes take in a cycle. All lanes work in lockstep.
//
//   clk        rising edge
//   rst        synchronous
//   job_valid  a job is offered: its shape (see wuve_schedule), and `waves` waves, at least one, the last of which has `last` active lanes. It stays
//              offered until it is taken
//   job_ready  in cycles with both it is taken; one job waits here while another is under way
//   in_valid   the operands of the next wave are there
//   in_ready   in cycles with both they are taken
//   take       a wave is taken in this cycle,
//   active     on so many lanes
//   comes      the shape of the job that waits here, waits: of that under way
//   load       times are to be kept at the end of this cycle: nothing is in the lanes then; those of comes (from_next), or of waits
//   half       of the shape in the lanes
//   issue      a job is under way, waiting or not
//   busy       it is, or what it made has not left yet
//
// Jobs of one shape follow one another without a bubble. A job of another shape waits until the lanes are empty.

`default_nettype none

module wuve_control #(
    parameter LANES = 32,
    parameter COUNT = 6,   // bits of a number of lanes
    parameter BITS  = 8,   // of a time
    parameter WAVES = 32   // bits of waves
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             job_valid,
    output wire             job_ready,
    input  wire [      4:0] job_shape,
    input  wire [WAVES-1:0] job_waves,
    input  wire [COUNT-1:0] job_last,
    input  wire             in_valid,
    output wire             in_ready,
    output wire             take,
    output wire [COUNT-1:0] active,
    output wire [      4:0] comes,
    output wire [      4:0] waits,
    output wire             from_next,
    output wire             load,
    output reg  [      4:0] shape,
    input  wire [ BITS-1:0] half,
    output wire             issue,
    output wire             busy
);

  // The job that waits, and the one under way.
  reg next_valid, now_valid;
  reg [4:0] next_shape, now_shape;
  reg [WAVES-1:0] next_waves, waves;
  reg [COUNT-1:0] next_last, now_last;
  reg next_final, final_wave;  // the wave that comes is the last one
  reg [BITS-1:0] drain;  // cycles until all that was taken has left

  assign in_ready = now_valid & now_shape == shape;
  assign take = in_ready & in_valid;
  wire ends = take & final_wave;
  assign active = final_wave ? now_last : LANES[COUNT-1:0];

  wire moves = ~now_valid | ends;
  assign job_ready = ~next_valid | moves;
  assign issue = now_valid;
  assign busy = now_valid | |drain;

  always @(posedge clk)
    if (rst) next_valid <= 1'b0;
    else if (job_ready) next_valid <= job_valid;
  always @(posedge clk)
    if (rst) next_shape <= 5'd0;
    else if (job_ready & job_valid) next_shape <= job_shape;
  always @(posedge clk)
    if (job_ready) begin
      next_waves <= job_waves;
      next_final <= job_waves == {{(WAVES - 1) {1'b0}}, 1'b1};
      next_last  <= job_last;
    end

  always @(posedge clk)
    if (rst) now_valid <= 1'b0;
    else if (moves) now_valid <= next_valid;
  always @(posedge clk)
    if (moves) begin
      now_shape <= next_shape;
      waves     <= next_waves;
      now_last  <= next_last;
      final_wave <= next_final;
    end else if (take) begin
      waves <= waves - 1'b1;
      final_wave <= waves == {{(WAVES - 2) {1'b0}}, 2'd2};
    end

  wire [BITS-1:0] left = |drain ? drain - 1'b1 : drain;
  wire [BITS-1:0] after = take ? half : left;
  always @(posedge clk)
    if (rst) drain <= {BITS{1'b0}};
    else drain <= after;

  assign comes = next_shape;
  assign waits = now_shape;
  assign from_next = moves;
  assign load = ~|after;
  always @(posedge clk) if (load) shape <= moves ? next_shape : now_shape;

endmodule

`default_nettype wire
