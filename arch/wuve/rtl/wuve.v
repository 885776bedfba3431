// WUVE, the weight update vector engine: LANES lanes in lockstep, each of which updates a parameter a cycle.
//
//   clk          rising edge
//   rst          synchronous
//   job_*        what is updated next: see wuve_control
//   c_*          constants of the step, as FP32; they stand still while busy
//   in_valid     the operands of the next wave are offered to all lanes
//   in_ready     in cycles with both they are taken
//   in_kept      by lane: the mask; with mask decay only
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
    input  wire [        31:0] c_mask_decay,
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
    output reg  [    WIDE-1:0] count_parameters,
    output reg  [    WIDE-1:0] count_multiplies,
    output reg  [    WIDE-1:0] count_adds,
    output reg  [    WIDE-1:0] count_divides,
    output reg  [    WIDE-1:0] count_square_roots,
    output reg  [    WIDE-1:0] count_converts,
    output reg  [    WIDE-1:0] count_idle_lane_cycles,
    output reg  [    WIDE-1:0] count_issue
);

  wire take, load, issue;
  wire [COUNT-1:0] active;
  wire [4:0] shape_in, shape;
  reg [BITS-1:0] at;
  reg [BITS-1:0] gradient_at, first_at, second_at, early, waits, master_at, half_at;

  wuve_control #(.LANES(LANES), .COUNT(COUNT), .BITS(BITS), .WAVES(WAVES)) control (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_shape(job_shape), .job_waves(job_waves), .job_last(job_last),
      .in_valid(in_valid), .in_ready(in_ready), .take(take), .active(active), .shape_in(shape_in), .load(load), .shape(shape), .half(half_at),
      .issue(issue), .busy(busy)
  );

  always @(posedge clk) at <= rst ? {BITS{1'b0}} : at + 1'b1;

  // The times of the shape in the lanes.
  wire [BITS-1:0] gradient_in, first_in, second_in, early_in, waits_in, master_in, half_in;
  wuve_schedule #(.MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .BITS(BITS)) schedule (
      .shape(shape_in), .gradient(gradient_in), .first(first_in), .second(second_in), .early(early_in), .waits(waits_in), .master(master_in), .half(half_in)
  );
  always @(posedge clk)
    if (load) begin
      gradient_at <= gradient_in;
      first_at <= first_in;
      second_at <= second_in;
      early <= early_in;
      waits <= waits_in;
      master_at <= master_in;
      half_at <= half_in;
    end

  // Where waves are: one bit a cycle of age, and beside it how many lanes are active. Waves that have left are forgotten before another shape
  // has later times.
  reg [(1<<BITS)-2:0] line;
  always @(posedge clk)
    if (rst | load) line <= {((1 << BITS) - 1) {1'b0}};
    else line <= due[(1<<BITS)-2:0];
  wire [(1<<BITS)-1:0] due = {line, take};

  localparam MAX = (1 << BITS) - 1;
  wire [COUNT-1:0] master_lanes, half_lanes, first_lanes, second_lanes;
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_master (.clk(clk), .at(at), .depth(master_at), .d(active), .q(master_lanes));
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_half (.clk(clk), .at(at), .depth(half_at), .d(active), .q(half_lanes));
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_first (.clk(clk), .at(at), .depth(first_at), .d(active), .q(first_lanes));
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_second (.clk(clk), .at(at), .depth(second_at), .d(active), .q(second_lanes));
  wire master_due = due[master_at];
  wire half_due = due[half_at];
  wire first_due = due[first_at] & |shape[4:3];
  wire second_due = due[second_at] & shape[4];

  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      wuve_lane #(
          .OPTIMISER(OPTIMISER), .MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .FLUSH(FLUSH), .BITS(BITS)
      ) operators (
          .clk(clk), .shape(shape), .at(at), .gradient_at(gradient_at), .early(early), .waits(waits),
          .c_unscale(c_unscale), .c_mask_decay(c_mask_decay), .c_weight_decay(c_weight_decay), .c_rate(c_rate), .c_momentum(c_momentum),
          .c_rest1(c_rest1), .c_beta2(c_beta2), .c_rest2(c_rest2), .c_correct2(c_correct2), .c_epsilon(c_epsilon),
          .kept(in_kept[l]), .w(in_master[l*32+:32]), .g(in_gradient[l*32+:32]), .s(in_first[l*32+:32]), .v(in_second[l*32+:32]),
          .master(out_master[l*32+:32]), .half(out_half[l*16+:16]), .first(out_first[l*32+:32]), .second(out_second[l*32+:32])
      );
      assign out_master_valid[l] = master_due & master_lanes > l[COUNT-1:0];
      assign out_half_valid[l] = half_due & half_lanes > l[COUNT-1:0];
      assign out_first_valid[l] = first_due & first_lanes > l[COUNT-1:0];
      assign out_second_valid[l] = second_due & second_lanes > l[COUNT-1:0];
    end
  endgenerate

  // Counters: first how many parameters and how many operators each, then their sums. Every parameter passes through every operator of its shape.
  reg [COUNT-1:0] some;
  reg [3:0] multiplies, adds;
  reg adam, issued;
  always @(posedge clk) begin
    some <= active & {COUNT{take & ~rst}};
    issued <= issue & ~rst;
    adam <= shape[4] & take;
    multiplies <= ((shape[4] ? 4'd7 : shape[3] ? 4'd2 : 4'd1) + {3'd0, shape[2]} + {3'd0, shape[1]} + {3'd0, shape[0]}) & {4{take}};
    adds <= ((shape[4] ? 4'd4 : shape[3] ? 4'd2 : 4'd1) + {3'd0, shape[1]} + {3'd0, shape[0]}) & {4{take}};
  end
  wire [WIDE-1:0] parameters = {{(WIDE - COUNT) {1'b0}}, some};
  wire [COUNT+3:0] products = {4'd0, some} * {{COUNT{1'b0}}, multiplies};
  wire [COUNT+3:0] sums = {4'd0, some} * {{COUNT{1'b0}}, adds};
  always @(posedge clk)
    if (rst) begin
      count_parameters <= {WIDE{1'b0}};
      count_multiplies <= {WIDE{1'b0}};
      count_adds <= {WIDE{1'b0}};
      count_divides <= {WIDE{1'b0}};
      count_square_roots <= {WIDE{1'b0}};
      count_converts <= {WIDE{1'b0}};
      count_idle_lane_cycles <= {WIDE{1'b0}};
      count_issue <= {WIDE{1'b0}};
    end else begin
      count_parameters <= count_parameters + parameters;
      count_multiplies <= count_multiplies + {{(WIDE - COUNT - 4) {1'b0}}, products};
      count_adds <= count_adds + {{(WIDE - COUNT - 4) {1'b0}}, sums};
      count_divides <= count_divides + (parameters & {WIDE{adam}});
      count_square_roots <= count_square_roots + (parameters & {WIDE{adam}});
      count_converts <= count_converts + parameters;
      count_idle_lane_cycles <= count_idle_lane_cycles + {{(WIDE - COUNT) {1'b0}}, issued ? LANES[COUNT-1:0] : {COUNT{1'b0}}} - parameters;
      count_issue <= count_issue + {{(WIDE - 1) {1'b0}}, issued};
    end

endmodule

`default_nettype wire
