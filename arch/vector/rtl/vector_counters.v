// Counts what the vector unit does: first how many lanes did what, then their sums.
//
//   clk, rst  rising edge; synchronous
//   lanes     that work in this cycle; take: on elements that are new; go: at all; stall: nothing is issued to them
//   count_*   what was done two cycles before

`default_nettype none

module vector_counters #(
    parameter LANES = 32,
    parameter COUNT = 6,
    parameter WIDE  = 48
) (
    input  wire             clk,
    input  wire             rst,
    input  wire [COUNT-1:0] lanes,
    input  wire             take,
    input  wire             go,
    input  wire             stall,
    output reg  [ WIDE-1:0] count_elements,
    output reg  [ WIDE-1:0] count_operations,
    output reg  [ WIDE-1:0] count_idle_lane_cycles,
    output reg  [ WIDE-1:0] count_stall_cycles,
    output reg  [ WIDE-1:0] count_issue
);

  wire [COUNT-1:0] working = lanes & {COUNT{go & ~rst}};
  reg [COUNT-1:0] some, began, idle;
  reg issued, stalled;
  always @(posedge clk) begin
    some <= working;
    began <= working & {COUNT{take}};
    idle <= (LANES[COUNT-1:0] - lanes) & {COUNT{go & ~rst}};
    stalled <= stall & ~rst;
    issued <= (go | stall) & ~rst;
  end
  always @(posedge clk)
    if (rst) begin
      count_elements <= {WIDE{1'b0}};
      count_operations <= {WIDE{1'b0}};
      count_idle_lane_cycles <= {WIDE{1'b0}};
      count_stall_cycles <= {WIDE{1'b0}};
      count_issue <= {WIDE{1'b0}};
    end else begin
      count_elements <= count_elements + {{(WIDE - COUNT) {1'b0}}, began};
      count_operations <= count_operations + {{(WIDE - COUNT) {1'b0}}, some};
      count_idle_lane_cycles <= count_idle_lane_cycles + {{(WIDE - COUNT) {1'b0}}, idle};
      count_stall_cycles <= count_stall_cycles + {{(WIDE - 1) {1'b0}}, stalled};
      count_issue <= count_issue + {{(WIDE - 1) {1'b0}}, issued};
    end

endmodule

`default_nettype wire
