// WUVE, the weight update vector engine: LANES lanes in lockstep, each of which updates a parameter a cycle.
//
//   clk          rising edge
//   rst          synchronous, for at least two cycles
//   job_*        what is updated next: see wuve_control
//   c_*          constants of the step, as FP32; they stand still while busy
//   in_valid     the operands of the next wave are offered to all lanes
//   in_ready     in cycles with both they are taken
//   in_kept      by lane: the mask; with SR-STE only
//   in_master    by lane, FP32, as are gradient, first and second state word; what the shape does not use is ignored
//   out_*_valid  by lane: master weight, FP16 weight, first and second state word leave, each kind in a cycle of its own
//   busy         between the first cycle of a job and its last FP16 weight's
//   count_*      since reset, two cycles after what they count is taken
//
// Lane l is [l*32+:32] and so on. Lanes past a job's last parameter are idle in its last wave. Results leave whether anybody is ready or not. With in_valid
// low nothing is taken, and what was taken goes on.

`default_nettype none

module wuve #(
    parameter LANES     = 32,
    parameter OPTIMISER = 3,   // the largest: 0 sgd, 1 momentum, 2 adam, 3 adamw
    parameter MUL       = 4,   // registers of the operators
    parameter ADD       = 6,
    parameter DIV       = 28,
    parameter SQRT      = 28,
    parameter CONVERT   = 2,
    parameter FLUSH     = 1,   // subnormal numbers are zeros
    parameter WAVES     = 32,  // bits of job_waves
    parameter WIDE      = 48,  // bits of a counter
    // What follows from these: bits of a number of lanes, and of a time in a lane.
    parameter COUNT     = $clog2(LANES + 1),
    parameter BITS      = $clog2((OPTIMISER > 1 ? 5 * MUL + 5 * ADD + SQRT + DIV : 2 * MUL + 4 * ADD) + CONVERT + 2)
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                job_valid,
    output wire                job_ready,
    input  wire [         4:0] job_shape,
    input  wire [   WAVES-1:0] job_waves,
    input  wire [   COUNT-1:0] job_last,
    input  wire [        31:0] c_unscale,
    input  wire [        31:0] c_sr_ste,
    input  wire [        31:0] c_weight_decay,  // adamw: times the rate
    input  wire [        31:0] c_rate,          // adam: over 1 - beta1**t
    input  wire [        31:0] c_momentum,      // adam: beta1
    input  wire [        31:0] c_rest1,         // 1 - beta1
    input  wire [        31:0] c_beta2,
    input  wire [        31:0] c_rest2,         // 1 - beta2
    input  wire [        31:0] c_correct2,      // 1 over 1 - beta2**t
    input  wire [        31:0] c_epsilon,
    input  wire                in_valid,
    output wire                in_ready,
    input  wire [   LANES-1:0] in_kept,
    input  wire [LANES*32-1:0] in_master,
    input  wire [LANES*32-1:0] in_gradient,
    input  wire [LANES*32-1:0] in_first,
    input  wire [LANES*32-1:0] in_second,
    output wire [   LANES-1:0] out_master_valid,
    output wire [   LANES-1:0] out_half_valid,
    output wire [   LANES-1:0] out_first_valid,
    output wire [   LANES-1:0] out_second_valid,
    output wire [LANES*32-1:0] out_master,
    output wire [LANES*16-1:0] out_half,
    output wire [LANES*32-1:0] out_first,
    output wire [LANES*32-1:0] out_second,
    output wire                busy,
    output wire [    WIDE-1:0] count_parameters,
    output wire [    WIDE-1:0] count_multiplies,
    output wire [    WIDE-1:0] count_adds,
    output wire [    WIDE-1:0] count_divides,
    output wire [    WIDE-1:0] count_square_roots,
    output wire [    WIDE-1:0] count_converts,
    output wire [    WIDE-1:0] count_idle_lane_cycles,
    output wire [    WIDE-1:0] count_issue
);

  wire take, load, from_next, issue;
  wire [COUNT-1:0] active;
  wire [4:0] comes, under_way, shape;
  reg [BITS-1:0] at;
  reg [BITS-1:0] gradient_at, first_at, second_at, early, waits, master_at, half_at;
  reg [12:0] choices;

  wuve_control #(.LANES(LANES), .COUNT(COUNT), .BITS(BITS), .WAVES(WAVES)) control (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_shape(job_shape), .job_waves(job_waves), .job_last(job_last),
      .in_valid(in_valid), .in_ready(in_ready), .take(take), .active(active), .comes(comes), .waits(under_way), .from_next(from_next), .load(load), .shape(shape), .half(half_at),
      .issue(issue), .busy(busy)
  );

  always @(posedge clk) at <= rst ? {BITS{1'b0}} : at + 1'b1;

  // The times of the shape in the lanes, and what they choose: both shapes that may come have theirs at once.
  localparam TIMES = 7 * BITS + 13;
  wire [TIMES-1:0] of_next, of_now;
  wuve_schedule #(.MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .BITS(BITS)) next (.shape(comes), .times(of_next));
  wuve_schedule #(.MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .BITS(BITS)) now (.shape(under_way), .times(of_now));
  always @(posedge clk)
    if (load) {gradient_at, first_at, second_at, early, waits, master_at, half_at, choices} <= from_next ? of_next : of_now;

  wuve_waves #(.LANES(LANES), .COUNT(COUNT), .BITS(BITS), .SOON(MUL + ADD == 0)) waves (
      .clk(clk), .rst(rst), .load(load), .at(at), .take(take), .active(active), .states(shape[4:3]), .master_at(master_at), .half_at(half_at),
      .first_at(first_at), .second_at(second_at), .master_valid(out_master_valid), .half_valid(out_half_valid), .first_valid(out_first_valid),
      .second_valid(out_second_valid)
  );

  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      wuve_lane #(
          .OPTIMISER(OPTIMISER), .MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .FLUSH(FLUSH), .BITS(BITS)
      ) operators (
          .clk(clk), .choices(choices), .at(at), .gradient_at(gradient_at), .early(early), .waits(waits),
          .c_unscale(c_unscale), .c_sr_ste(c_sr_ste), .c_weight_decay(c_weight_decay), .c_rate(c_rate), .c_momentum(c_momentum),
          .c_rest1(c_rest1), .c_beta2(c_beta2), .c_rest2(c_rest2), .c_correct2(c_correct2), .c_epsilon(c_epsilon),
          .kept(in_kept[l]), .w(in_master[l*32+:32]), .g(in_gradient[l*32+:32]), .s(in_first[l*32+:32]), .v(in_second[l*32+:32]),
          .master(out_master[l*32+:32]), .half(out_half[l*16+:16]), .first(out_first[l*32+:32]), .second(out_second[l*32+:32])
      );
    end
  endgenerate

  wuve_counters #(.LANES(LANES), .COUNT(COUNT), .WIDE(WIDE)) counters (
      .clk(clk), .rst(rst), .take(take), .active(active), .shape(shape), .issue(issue), .count_parameters(count_parameters),
      .count_multiplies(count_multiplies), .count_adds(count_adds), .count_divides(count_divides), .count_square_roots(count_square_roots),
      .count_converts(count_converts), .count_idle_lane_cycles(count_idle_lane_cycles), .count_issue(count_issue)
  );

endmodule

`default_nettype wire
