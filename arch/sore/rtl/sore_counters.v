// What SORE counts: first how many in a cycle, then their sums.
//
//   clk      rising edge
//   rst      synchronous: all counts are 0
//   step     a slot enters the sorters in this cycle,
//   element  by lane: with an element,
//   n        of which so many are kept
//   group    by lane: a group is complete
//   kept     by lane: a pair leaves
//   issue    a job is under way, waiting or not
//   count_*  two cycles after what they count

`default_nettype none

module sore_counters #(
    parameter LANES  = 32,
    parameter N_BITS = 3,   // bits of n
    parameter COUNT  = 48   // of a counter
) (
    input  wire              clk,
    input  wire              rst,
    input  wire              step,
    input  wire [ LANES-1:0] element,
    input  wire [N_BITS-1:0] n,
    input  wire [ LANES-1:0] group,
    input  wire [ LANES-1:0] kept,
    input  wire              issue,
    output reg  [ COUNT-1:0] count_groups,
    output reg  [ COUNT-1:0] count_elements,
    output reg  [ COUNT-1:0] count_kept,
    output reg  [ COUNT-1:0] count_compares,
    output reg  [ COUNT-1:0] count_idle_lane_cycles,
    output reg  [ COUNT-1:0] count_issue
);

  // Of groups and of what leaves, which come out of the sorters, ones of each half of the lanes; they come together where they are counted, for ones of all would be a long way in one cycle.
  localparam HALF = (LANES + 1) / 2;
  localparam REST = LANES - HALF > 0 ? LANES - HALF : 1;
  localparam ONES = $clog2(LANES + 1);
  wire [ONES-1:0] elements, groups, pairs, groups_rest, pairs_rest;
  fp_ones #(.WIDTH(LANES), .BITS(ONES)) of_elements (.x(element & {LANES{step}}), .n(elements));
  fp_ones #(.WIDTH(HALF), .BITS(ONES)) of_groups (.x(group[HALF-1:0]), .n(groups));
  fp_ones #(.WIDTH(HALF), .BITS(ONES)) of_kept (.x(kept[HALF-1:0]), .n(pairs));
  generate
    if (LANES > 1) begin : more
      fp_ones #(.WIDTH(REST), .BITS(ONES)) of_groups (.x(group[LANES-1:HALF]), .n(groups_rest));
      fp_ones #(.WIDTH(REST), .BITS(ONES)) of_kept (.x(kept[LANES-1:HALF]), .n(pairs_rest));
    end else begin : none
      assign {groups_rest, pairs_rest} = {2 * ONES{1'b0}};
    end
  endgenerate

  reg [ONES-1:0] some_elements, half_groups, half_kept, rest_groups, rest_kept;
  wire [ONES-1:0] some_groups = half_groups + rest_groups;
  wire [ONES-1:0] some_kept = half_kept + rest_kept;
  reg [N_BITS-1:0] some_n;
  reg issued;
  always @(posedge clk) begin
    some_n <= n & {N_BITS{step}};
    issued <= issue & ~rst;
    if (rst) {some_elements, half_groups, half_kept, rest_groups, rest_kept} <= {5 * ONES{1'b0}};
    else {some_elements, half_groups, half_kept, rest_groups, rest_kept} <= {elements, groups, pairs, groups_rest, pairs_rest};
  end

  wire [ONES+N_BITS-1:0] compares = {{N_BITS{1'b0}}, some_elements} * {{ONES{1'b0}}, some_n};
  always @(posedge clk)
    if (rst) begin
      count_groups <= {COUNT{1'b0}};
      count_elements <= {COUNT{1'b0}};
      count_kept <= {COUNT{1'b0}};
      count_compares <= {COUNT{1'b0}};
      count_idle_lane_cycles <= {COUNT{1'b0}};
      count_issue <= {COUNT{1'b0}};
    end else begin
      count_groups <= count_groups + {{(COUNT - ONES) {1'b0}}, some_groups};
      count_elements <= count_elements + {{(COUNT - ONES) {1'b0}}, some_elements};
      count_kept <= count_kept + {{(COUNT - ONES) {1'b0}}, some_kept};
      count_compares <= count_compares + {{(COUNT - ONES - N_BITS) {1'b0}}, compares};
      // Lanes that could have taken an element; those that did come off, some cycles later.
      count_idle_lane_cycles <= count_idle_lane_cycles + {{(COUNT - ONES) {1'b0}}, issued ? LANES[ONES-1:0] : {ONES{1'b0}}} - {{(COUNT - ONES) {1'b0}}, some_elements};
      count_issue <= count_issue + {{(COUNT - 1) {1'b0}}, issued};
    end

endmodule

`default_nettype wire
