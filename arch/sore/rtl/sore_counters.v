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
//   count_*  two cycles after what they count; three of more than 32 lanes

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

  // Groups and what leaves come out of the sorters, so ones of half of the lanes are a cycle's way; of more than 32 lanes those of 16, and their sum is another's.
  localparam LATE = LANES > 32 ? 1 : 0;
  localparam PART = LATE != 0 ? 16 : (LANES + 1) / 2;
  localparam ONES = $clog2(LANES + 1);
  wire [ONES-1:0] some_elements, some_groups, some_kept;
  sore_ones #(.WIDTH(LANES), .PART(LATE != 0 ? PART : LANES), .BITS(ONES), .LATE(LATE)) of_elements (.clk(clk), .rst(rst), .x(element & {LANES{step}}), .n(some_elements));
  sore_ones #(.WIDTH(LANES), .PART(PART), .BITS(ONES), .LATE(LATE)) of_groups (.clk(clk), .rst(rst), .x(group), .n(some_groups));
  sore_ones #(.WIDTH(LANES), .PART(PART), .BITS(ONES), .LATE(LATE)) of_kept (.clk(clk), .rst(rst), .x(kept), .n(some_kept));

  reg [N_BITS-1:0] some_n;
  reg issued;
  generate
    if (LATE != 0) begin : later
      reg [N_BITS-1:0] early_n;
      reg early_issue;
      always @(posedge clk) begin
        early_n <= n & {N_BITS{step}};
        early_issue <= issue & ~rst;
        some_n <= early_n;
        issued <= early_issue & ~rst;
      end
    end else begin : now
      always @(posedge clk) begin
        some_n <= n & {N_BITS{step}};
        issued <= issue & ~rst;
      end
    end
  endgenerate

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
