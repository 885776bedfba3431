// What the normaliser counts: first how many in a cycle, then their sums.
//
//   clk        rising edge
//   rst        synchronous: all counts are 0
//   take       a wave is taken in this cycle,
//   low, high  on lanes from low on, below high;
//   factors    it makes scales, or with shifts these; else it is of elements
//   issue      a job is under way, waiting or not
//   count_*    two cycles after what they count

`default_nettype none

module norm_counters #(
    parameter LANES = 32,
    parameter COUNT = 6,   // bits of a number of lanes
    parameter WIDE  = 48   // of a counter
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             take,
    input  wire [COUNT-1:0] low,
    input  wire [COUNT-1:0] high,
    input  wire             factors,
    input  wire             shifts,
    input  wire             issue,
    output reg  [ WIDE-1:0] count_elements,
    output reg  [ WIDE-1:0] count_factors,
    output reg  [ WIDE-1:0] count_operations,
    output reg  [ WIDE-1:0] count_idle_lane_cycles,
    output reg  [ WIDE-1:0] count_issue
);

  wire [COUNT-1:0] lanes = high - low;
  reg [COUNT-1:0] some, none;
  reg elements, made, issued;
  always @(posedge clk) begin
    some <= lanes & {COUNT{take & ~rst}};
    none <= (LANES[COUNT-1:0] - lanes) & {COUNT{take & ~rst}};
    elements <= ~factors;
    made <= factors & shifts;
    issued <= issue & ~rst;
  end

  wire [WIDE-1:0] operations = {{(WIDE - COUNT) {1'b0}}, some};
  always @(posedge clk)
    if (rst) begin
      count_elements <= {WIDE{1'b0}};
      count_factors <= {WIDE{1'b0}};
      count_operations <= {WIDE{1'b0}};
      count_idle_lane_cycles <= {WIDE{1'b0}};
      count_issue <= {WIDE{1'b0}};
    end else begin
      count_elements <= count_elements + (operations & {WIDE{elements}});
      count_factors <= count_factors + (operations & {WIDE{made}});
      count_operations <= count_operations + operations;
      count_idle_lane_cycles <= count_idle_lane_cycles + {{(WIDE - COUNT) {1'b0}}, none};
      count_issue <= count_issue + {{(WIDE - 1) {1'b0}}, issued};
    end

endmodule

`default_nettype wire
