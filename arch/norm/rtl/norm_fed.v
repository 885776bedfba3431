// The normaliser (norm.v) with its feeder (feed_reader.v) and its drains (feed_writer.v): operands come out of buffers that answer READ cycles after their address, and what is made goes into
// others. The contracts are CONTRACT.md's (norm, Verilog; feed, In Verilog).
//
//   clk, rst       as of norm
//   job_*, busy, count_*  as of norm. A job is told to the unit, to its feeder and, if it is a tile, to the drain of elements, and if that is clipped to the drain of bits, each time in the order
//                  of the jobs and with what each asks for
//   feed_*         of the feeder: where a job's FP16 words begin, which is lowest, and its FP32 words, a wave a word; its waves, of all runs. It is taken READ + 1 cycles before the job for
//                  the first wave to be there when it is asked for; taken with the job, that is READ + 1 cycles late, and nothing else is
//   feed_hold      no wave is read in this cycle
//   wave_*         the buffers of operands, which are read together: by lane, what each asks for; what a job has not is ignored
//   drain_*        of drains 0 and 1, of elements and of bits: where a job's begin, and its waves, of all runs. A drain without words of a job is not told of it. It is taken before the job's
//                  first words leave
//   west_*, mask_*  their buffers: by lane whether it is written, and what
//   feed_busy, drain_busy  something is to be read or normalised; by drain, to be written
//
// Lane l is [l*16+:16] and so on.

`default_nettype none

module norm_fed #(
    parameter LANES   = 32,
    parameter PLACES  = 64,  // channels in each lane's tables
    parameter FRONT   = 1,   // registers: of operands, of the multiplier, of the adder, of what rounds
    parameter MUL     = 3,
    parameter ADD     = 5,
    parameter CONVERT = 2,
    parameter FLUSH   = 1,   // subnormal numbers are zeros
    parameter READ    = 2,   // cycles in which the buffers of operands answer, 1 to 3
    parameter ADDRESS = 16,  // bits of an address
    parameter WAVES   = 32,  // bits of job_runs, of job_waves, and of all waves of a job
    parameter WIDE    = 48,  // bits of a counter
    // What follows from these: bits of a number of lanes, and of a place.
    parameter COUNT   = $clog2(LANES + 1),
    parameter PLACE   = PLACES > 1 ? $clog2(PLACES) : 1
) (
    input  wire                 clk,
    input  wire                 rst,
    input  wire                 job_valid,
    output wire                 job_ready,
    input  wire                 job_factors,
    input  wire [          1:0] job_clip,
    input  wire [    WAVES-1:0] job_runs,
    input  wire [    WAVES-1:0] job_waves,
    input  wire [    COUNT-1:0] job_begin,
    input  wire [    COUNT-1:0] job_end,
    input  wire [    PLACE-1:0] job_from,
    input  wire [    PLACE-1:0] job_wrap,
    input  wire                 feed_valid,
    output wire                 feed_ready,
    input  wire [2*ADDRESS-1:0] feed_base,
    input  wire [    WAVES-1:0] feed_waves,
    input  wire                 feed_hold,
    output wire                 wave_read,
    output wire [2*ADDRESS-1:0] wave_address,
    input  wire [ LANES*16-1:0] wave_half,
    input  wire [ LANES*32-1:0] wave_single,
    input  wire [          1:0] drain_valid,
    output wire [          1:0] drain_ready,
    input  wire [2*ADDRESS-1:0] drain_base,
    input  wire [  2*WAVES-1:0] drain_waves,
    output wire [    LANES-1:0] west_write,
    output wire [  ADDRESS-1:0] west_address,
    output wire [ LANES*16-1:0] west_data,
    output wire [    LANES-1:0] mask_write,
    output wire [  ADDRESS-1:0] mask_address,
    output wire [    LANES-1:0] mask_data,
    output wire                 busy,
    output wire                 feed_busy,
    output wire [          1:0] drain_busy,
    output wire [     WIDE-1:0] count_elements,
    output wire [     WIDE-1:0] count_factors,
    output wire [     WIDE-1:0] count_operations,
    output wire [     WIDE-1:0] count_idle_lane_cycles,
    output wire [     WIDE-1:0] count_issue
);

  wire in_valid, in_ready, out_wave, out_masked;
  wire [LANES-1:0] out_valid, out_bit;
  wire [LANES*16-1:0] in_half, out_half;
  wire [LANES*32-1:0] in_single;

  feed_reader #(.WIDTH(LANES * 48), .READ(READ), .PARTS(2), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) feeder (
      .clk(clk), .rst(rst), .start_valid(feed_valid), .start_ready(feed_ready), .start_base(feed_base), .start_rows(feed_waves), .start_words(2'd1), .hold(feed_hold),
      .mem_enable(wave_read), .mem_address(wave_address), .mem_data({wave_single, wave_half}), .out_valid(in_valid), .out_ready(in_ready), .out_data({in_single, in_half}),
      .busy(feed_busy)
  );

  norm #(
      .LANES(LANES), .PLACES(PLACES), .FRONT(FRONT), .MUL(MUL), .ADD(ADD), .CONVERT(CONVERT), .FLUSH(FLUSH), .RUNS(WAVES), .WAVES(WAVES), .WIDE(WIDE), .COUNT(COUNT), .PLACE(PLACE)
  ) engine (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_factors(job_factors), .job_clip(job_clip), .job_runs(job_runs), .job_waves(job_waves),
      .job_begin(job_begin), .job_end(job_end), .job_from(job_from), .job_wrap(job_wrap), .in_valid(in_valid), .in_ready(in_ready), .in_half(in_half), .in_single(in_single),
      .out_wave(out_wave), .out_masked(out_masked), .out_valid(out_valid), .out_half(out_half), .out_bit(out_bit), .busy(busy), .count_elements(count_elements),
      .count_factors(count_factors), .count_operations(count_operations), .count_idle_lane_cycles(count_idle_lane_cycles), .count_issue(count_issue)
  );

  feed_writer #(.LANES(LANES), .WIDTH(LANES * 16), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) west (
      .clk(clk), .rst(rst), .start_valid(drain_valid[0]), .start_ready(drain_ready[0]), .start_base(drain_base[0+:ADDRESS]), .start_rows(drain_waves[0+:WAVES]), .start_words(2'd1),
      .in_first(out_wave), .in_valid(out_valid), .in_data(out_half), .mem_write(west_write), .mem_address(west_address), .mem_data(west_data), .busy(drain_busy[0])
  );
  feed_writer #(.LANES(LANES), .WIDTH(LANES), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) mask (
      .clk(clk), .rst(rst), .start_valid(drain_valid[1]), .start_ready(drain_ready[1]), .start_base(drain_base[ADDRESS+:ADDRESS]), .start_rows(drain_waves[WAVES+:WAVES]),
      .start_words(2'd1), .in_first(out_masked), .in_valid(out_valid & {LANES{out_masked}}), .in_data(out_bit), .mem_write(mask_write), .mem_address(mask_address), .mem_data(mask_data),
      .busy(drain_busy[1])
  );

endmodule

`default_nettype wire
