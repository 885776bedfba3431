// SORE (sore.v) with its feeder (feed_reader.v) and its drain (feed_writer.v): slots come out of a buffer that answers READ cycles after its address, and pairs go into another. The
// contracts are CONTRACT.md's (sore, Verilog; feed, In Verilog).
//
//   clk, rst       as of sore
//   job_*, busy, count_*  as of sore. A job is told three times, to the engine, to its feeder and to its drain, each time in the order of the jobs and with what each asks for
//   feed_*         of the feeder: a job's slots begin at `base`, one a word; its waves and the slots of a group (m of the engine's job). It is taken READ + 1 cycles before the job for
//                  the first slot to be there when it is asked for; taken with the job, that is READ + 1 cycles late, and nothing else is
//   feed_hold      no slot is read in this cycle
//   slot_*         the buffer of slots: by lane, it holds an element, and the element
//   drain_*        of the drain: a job's pairs go to `base` and on, word i of wave w to w * n + i; its waves and n. It is taken before the job's first pairs leave
//   pair_*         the buffer of pairs: by lane whether it is written, the element and its place in its group
//   feed_busy, drain_busy  something is to be read or sorted; to be written
//
// Lane l is [l*16+:16] and so on.

`default_nettype none

module sore_fed #(
    parameter LANES   = 32,
    parameter MAX_N   = 4,
    parameter MAX_M   = 16,
    parameter STAGES  = 2,   // registers in front of a sorter
    parameter READ    = 2,   // cycles in which the buffer of slots answers, 1 to 3
    parameter ADDRESS = 16,  // bits of an address
    parameter WAVES   = 32,  // bits of job_waves
    parameter COUNT   = 48,  // bits of a counter
    // What follows from these: bits of job_n, of job_m, and of an index.
    parameter N_BITS  = $clog2(MAX_N + 1),
    parameter M_BITS  = $clog2(MAX_M + 1),
    parameter INDEX   = MAX_M > 1 ? $clog2(MAX_M) : 1
) (
    input  wire                   clk,
    input  wire                   rst,
    input  wire                   job_valid,
    output wire                   job_ready,
    input  wire [     N_BITS-1:0] job_n,
    input  wire [     M_BITS-1:0] job_m,
    input  wire [      WAVES-1:0] job_waves,
    input  wire                   feed_valid,
    output wire                   feed_ready,
    input  wire [    ADDRESS-1:0] feed_base,
    input  wire [      WAVES-1:0] feed_waves,
    input  wire [     M_BITS-1:0] feed_slots,
    input  wire                   feed_hold,
    output wire                   slot_read,
    output wire [    ADDRESS-1:0] slot_address,
    input  wire [      LANES-1:0] slot_element,
    input  wire [   LANES*16-1:0] slot_value,
    input  wire                   drain_valid,
    output wire                   drain_ready,
    input  wire [    ADDRESS-1:0] drain_base,
    input  wire [      WAVES-1:0] drain_waves,
    input  wire [     N_BITS-1:0] drain_pairs,
    output wire [      LANES-1:0] pair_write,
    output wire [    ADDRESS-1:0] pair_address,
    output wire [   LANES*16-1:0] pair_value,
    output wire [LANES*INDEX-1:0] pair_index,
    output wire                   busy,
    output wire                   feed_busy,
    output wire                   drain_busy,
    output wire [      COUNT-1:0] count_groups,
    output wire [      COUNT-1:0] count_elements,
    output wire [      COUNT-1:0] count_kept,
    output wire [      COUNT-1:0] count_compares,
    output wire [      COUNT-1:0] count_idle_lane_cycles,
    output wire [      COUNT-1:0] count_issue
);

  wire in_valid, in_ready, out_first;
  wire [LANES-1:0] in_element, out_valid;
  wire [LANES*16-1:0] in_value, out_value;
  wire [LANES*INDEX-1:0] out_index;

  feed_reader #(.WIDTH(LANES * 17), .READ(READ), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(M_BITS)) feeder (
      .clk(clk), .rst(rst), .start_valid(feed_valid), .start_ready(feed_ready), .start_base(feed_base), .start_rows(feed_waves), .start_words(feed_slots), .hold(feed_hold),
      .mem_enable(slot_read), .mem_address(slot_address), .mem_data({slot_element, slot_value}), .out_valid(in_valid), .out_ready(in_ready), .out_data({in_element, in_value}),
      .busy(feed_busy)
  );

  sore #(
      .LANES(LANES), .MAX_N(MAX_N), .MAX_M(MAX_M), .STAGES(STAGES), .WAVES(WAVES), .COUNT(COUNT), .N_BITS(N_BITS), .M_BITS(M_BITS), .INDEX(INDEX)
  ) engine (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_n(job_n), .job_m(job_m), .job_waves(job_waves),
      .in_valid(in_valid), .in_ready(in_ready), .in_element(in_element), .in_value(in_value), .out_first(out_first), .out_valid(out_valid), .out_value(out_value), .out_index(out_index),
      .busy(busy), .count_groups(count_groups), .count_elements(count_elements), .count_kept(count_kept), .count_compares(count_compares),
      .count_idle_lane_cycles(count_idle_lane_cycles), .count_issue(count_issue)
  );

  feed_writer #(.LANES(LANES), .WIDTH(LANES * (16 + INDEX)), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(N_BITS)) drain (
      .clk(clk), .rst(rst), .start_valid(drain_valid), .start_ready(drain_ready), .start_base(drain_base), .start_rows(drain_waves), .start_words(drain_pairs),
      .in_first(out_first), .in_valid(out_valid), .in_data({out_value, out_index}), .mem_write(pair_write), .mem_address(pair_address), .mem_data({pair_value, pair_index}),
      .busy(drain_busy)
  );

endmodule

`default_nettype wire
