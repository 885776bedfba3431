// SORE, the sparse online reduction engine: LANES sorters in lockstep, each of which takes an element a cycle and keeps the n largest of every m.
//
//   clk         rising edge
//   rst         synchronous, for at least STAGES + 1 cycles
//   job_*       what is sorted next: see sore_control
//   in_valid    a slot is offered to all lanes
//   in_ready    in cycles with both it is taken
//   in_element  by lane: the slot holds an element; 0 in a short group's last slots, and in lanes without a group
//   in_value    by lane: the element, FP16
//   out_first   the first pairs of a wave leave
//   out_valid   by lane: a pair leaves
//   out_value   the element as it came
//   out_index   its place in its group
//   busy        between the first cycle of a job and the last pair's
//   count_*     since reset, two cycles after what they count; three of more than 32 lanes
//
// Lane l is [l*16+:16] and so on. A group's pairs leave in ascending index, the first STAGES + 1 cycles after its last slot was taken, one a cycle,
// whether anybody is ready or not. With in_valid low nothing is taken, and what was taken goes on. Inputs are registered after their first cut only
// if STAGES > 0; outputs come from a multiplexer behind registers.

`default_nettype none

module sore #(
    parameter LANES  = 32,
    parameter MAX_N  = 4,
    parameter MAX_M  = 16,
    parameter STAGES = 2,   // registers in front of a sorter
    parameter WAVES  = 32,  // bits of job_waves
    parameter COUNT  = 48,  // bits of a counter
    // What follows from these: bits of job_n, of job_m, and of an index.
    parameter N_BITS = $clog2(MAX_N + 1),
    parameter M_BITS = $clog2(MAX_M + 1),
    parameter INDEX  = MAX_M > 1 ? $clog2(MAX_M) : 1
) (
    input  wire                   clk,
    input  wire                   rst,
    input  wire                   job_valid,
    output wire                   job_ready,
    input  wire [     N_BITS-1:0] job_n,
    input  wire [     M_BITS-1:0] job_m,
    input  wire [      WAVES-1:0] job_waves,
    input  wire                   in_valid,
    output wire                   in_ready,
    input  wire [      LANES-1:0] in_element,
    input  wire [   LANES*16-1:0] in_value,
    output wire                   out_first,
    output wire [      LANES-1:0] out_valid,
    output wire [   LANES*16-1:0] out_value,
    output wire [LANES*INDEX-1:0] out_index,
    output wire                   busy,
    output wire [      COUNT-1:0] count_groups,
    output wire [      COUNT-1:0] count_elements,
    output wire [      COUNT-1:0] count_kept,
    output wire [      COUNT-1:0] count_compares,
    output wire [      COUNT-1:0] count_idle_lane_cycles,
    output wire [      COUNT-1:0] count_issue
);

  // The last stage holds an element's magnitude too; those before it hold operands as they came.
  localparam EARLY = STAGES > 0 ? STAGES - 1 : 0;
  localparam LATE = STAGES > 0 ? 1 : 0;

  wire take, last_in, issue;
  wire [INDEX-1:0] index_in;
  wire [N_BITS-1:0] n_in;
  sore_control #(
      .MAX_N(MAX_N), .N_BITS(N_BITS), .M_BITS(M_BITS), .INDEX(INDEX), .STAGES(STAGES), .WAVES(WAVES)
  ) control (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_n(job_n), .job_m(job_m), .job_waves(job_waves),
      .in_valid(in_valid), .in_ready(in_ready), .take(take), .last(last_in), .index(index_in), .n(n_in), .issue(issue), .busy(busy)
  );

  wire step, last;
  wire [INDEX-1:0] index;
  wire [N_BITS-1:0] n;
  fp_delay #(.WIDTH(2 + INDEX + N_BITS), .DEPTH(STAGES)) beside (
      .clk(clk), .d({take & ~rst, last_in, index_in, n_in}), .q({step, last, index, n})
  );

  wire [LANES-1:0] element, group;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      wire early_element;
      wire [15:0] early, value;
      wire [14:0] key;
      fp_delay #(.WIDTH(17), .DEPTH(EARLY)) stages (.clk(clk), .d({in_element[l], in_value[l*16+:16]}), .q({early_element, early}));
      wire nan = early[14:0] > 15'h7c00;
      fp_delay #(.WIDTH(32), .DEPTH(LATE)) stage (
          .clk(clk), .d({early_element, early, nan ? 15'h7c01 : early[14:0]}), .q({element[l], value, key})
      );
      sore_lane #(.MAX_N(MAX_N), .N_BITS(N_BITS), .INDEX(INDEX)) sorter (
          .clk(clk), .rst(rst), .step(step), .last(last), .n(n), .element(element[l]), .value(value), .key(key), .index(index),
          .group(group[l]), .out_valid(out_valid[l]), .out_value(out_value[l*16+:16]), .out_index(out_index[l*INDEX+:INDEX])
      );
    end
  endgenerate

  reg first;
  always @(posedge clk) first <= step & last & ~rst;
  assign out_first = first;

  sore_counters #(.LANES(LANES), .N_BITS(N_BITS), .COUNT(COUNT)) counters (
      .clk(clk), .rst(rst), .step(step), .element(element), .n(n), .group(group), .kept(out_valid), .issue(issue), .count_groups(count_groups),
      .count_elements(count_elements), .count_kept(count_kept), .count_compares(count_compares), .count_idle_lane_cycles(count_idle_lane_cycles),
      .count_issue(count_issue)
  );

endmodule

`default_nettype wire
