// What WUVE counts: first how many parameters and how many operators each, then their sums. Every parameter passes through every operator of its shape.
//
//   clk      rising edge
//   rst      synchronous: all counts are 0
//   take     a wave is taken in this cycle,
//   active   on so many lanes,
//   shape    of this shape (see wuve_schedule)
//   issue    a job is under way, waiting or not
//   count_*  two cycles after what they count

`default_nettype none

module wuve_counters #(
    parameter LANES = 32,
    parameter COUNT = 6,   // bits of a number of lanes
    parameter WIDE  = 48   // of a counter
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             take,
    input  wire [COUNT-1:0] active,
    input  wire [      4:0] shape,
    input  wire             issue,
    output reg  [ WIDE-1:0] count_parameters,
    output reg  [ WIDE-1:0] count_multiplies,
    output reg  [ WIDE-1:0] count_adds,
    output reg  [ WIDE-1:0] count_divides,
    output reg  [ WIDE-1:0] count_square_roots,
    output reg  [ WIDE-1:0] count_converts,
    output reg  [ WIDE-1:0] count_idle_lane_cycles,
    output reg  [ WIDE-1:0] count_issue
);

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
