// The normaliser: LANES lanes in lockstep between the memory's ports and the west buffer, each of which normalises an element a cycle.
//
//   clk          rising edge
//   rst          synchronous, for at least FRONT + MUL + ADD + CONVERT + 1 cycles
//   job_*        what comes next: see norm_control
//   in_valid     the operands of the next wave are offered to all lanes
//   in_ready     in cycles with both they are taken
//   in_half      by lane, FP16: an element; where factors are made the channel's gamma, then its beta
//   in_single    by lane, FP32: where factors are made the channel's 1/deviation, then its mean; of elements it is ignored
//   out_wave     a wave of elements leaves; out_masked: of a job that clips
//   out_valid    by lane: it holds an element
//   out_half     the element, normalised and clipped
//   out_bit      the bit of its mask: it is no end of the clip
//   busy         between the first cycle of a job and the last result's
//   count_*      since reset, two cycles after what they count is taken
//
// Lane l is [l*16+:16] and so on. Results leave FRONT + MUL + ADD + CONVERT cycles after their operands were taken, whether anybody is ready or not; factors are in their lanes' tables then. Outputs come from a few LUTs behind registers. With
// in_valid low nothing is taken, and what was taken goes on.

`default_nettype none

module norm #(
    parameter LANES   = 32,
    parameter PLACES  = 64,  // channels in each lane's tables
    parameter FRONT   = 1,   // registers: of operands, of the multiplier, of the adder, of what rounds
    parameter MUL     = 3,
    parameter ADD     = 5,
    parameter CONVERT = 2,
    parameter FLUSH   = 1,   // subnormal numbers are zeros
    parameter RUNS    = 32,  // bits of job_runs
    parameter WAVES   = 32,  // bits of job_waves
    parameter WIDE    = 48,  // bits of a counter
    // What follows from these: bits of a number of lanes, and of a place.
    parameter COUNT   = $clog2(LANES + 1),
    parameter PLACE   = PLACES > 1 ? $clog2(PLACES) : 1
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                job_valid,
    output wire                job_ready,
    input  wire                job_factors,
    input  wire [         1:0] job_clip,
    input  wire [    RUNS-1:0] job_runs,
    input  wire [   WAVES-1:0] job_waves,
    input  wire [   COUNT-1:0] job_begin,
    input  wire [   COUNT-1:0] job_end,
    input  wire [   PLACE-1:0] job_from,
    input  wire [   PLACE-1:0] job_wrap,
    input  wire                in_valid,
    output wire                in_ready,
    input  wire [LANES*16-1:0] in_half,
    input  wire [LANES*32-1:0] in_single,
    output wire                out_wave,
    output wire                out_masked,
    output wire [   LANES-1:0] out_valid,
    output wire [LANES*16-1:0] out_half,
    output wire [   LANES-1:0] out_bit,
    output wire                busy,
    output wire [    WIDE-1:0] count_elements,
    output wire [    WIDE-1:0] count_factors,
    output wire [    WIDE-1:0] count_operations,
    output wire [    WIDE-1:0] count_idle_lane_cycles,
    output wire [    WIDE-1:0] count_issue
);

  localparam MADE = FRONT + MUL + ADD;

  wire take, factors, shifts, issue;
  wire [COUNT-1:0] low, high;
  wire [PLACE-1:0] place;
  wire [1:0] clip;
  norm_control #(.LANES(LANES), .COUNT(COUNT), .PLACE(PLACE), .LATENCY(MADE + CONVERT), .RUNS(RUNS), .WAVES(WAVES)) control (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_factors(job_factors), .job_clip(job_clip), .job_runs(job_runs), .job_waves(job_waves),
      .job_begin(job_begin), .job_end(job_end), .job_from(job_from), .job_wrap(job_wrap), .in_valid(in_valid), .in_ready(in_ready), .take(take), .low(low), .high(high),
      .place(place), .factors(factors), .shifts(shifts), .clip(clip), .issue(issue), .busy(busy)
  );

  // What is told of a wave where it is made, and where it leaves.
  wire made_factors, made_shifts, wave;
  wire [1:0] made_clip, out_clip;
  wire [PLACE-1:0] made_place;
  fp_delay #(.WIDTH(5 + PLACE), .DEPTH(MADE)) made (
      .clk(clk), .d({take & ~factors & ~rst, factors, shifts, clip, place}), .q({wave, made_factors, made_shifts, made_clip, made_place})
  );
  fp_delay #(.WIDTH(3), .DEPTH(CONVERT)) leaves (.clk(clk), .d({wave, made_clip}), .q({out_wave, out_clip}));
  assign out_masked = out_wave & |out_clip;

  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      localparam [COUNT-1:0] NUMBER = l;
      wire has;
      fp_delay #(.WIDTH(1), .DEPTH(MADE)) holds (.clk(clk), .d(take & ~rst & low <= NUMBER & high > NUMBER), .q(has));
      fp_delay #(.WIDTH(1), .DEPTH(CONVERT)) left (.clk(clk), .d(has & ~made_factors), .q(out_valid[l]));
      wire to_scale = has & made_factors & ~made_shifts;
      wire to_shift = has & made_factors & made_shifts;
      norm_lane #(.FRONT(FRONT), .MUL(MUL), .ADD(ADD), .CONVERT(CONVERT), .FLUSH(FLUSH), .PLACES(PLACES), .PLACE(PLACE)) operators (
          .clk(clk), .half(in_half[l*16+:16]), .single(in_single[l*32+:32]), .factors(factors), .shifts(shifts), .place(place), .to_place(made_place), .to_scale(to_scale),
          .to_shift(to_shift), .clip(out_clip), .y(out_half[l*16+:16]), .through(out_bit[l])
      );
    end
  endgenerate

  norm_counters #(.LANES(LANES), .COUNT(COUNT), .WIDE(WIDE)) counters (
      .clk(clk), .rst(rst), .take(take), .low(low), .high(high), .factors(factors), .shifts(shifts), .issue(issue), .count_elements(count_elements), .count_factors(count_factors),
      .count_operations(count_operations), .count_idle_lane_cycles(count_idle_lane_cycles), .count_issue(count_issue)
  );

endmodule

`default_nettype wire
