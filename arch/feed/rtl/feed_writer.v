// A writer: gives what leaves a unit its place in a buffer. Results cannot be held, so it never makes one wait: whoever starts it has reserved the room. CONTRACT.md has the
// cycles (feed, A writer).
//
//   clk          rising edge
//   rst          synchronous, for a cycle at least
//   start_*      what is written next: `rows` rows of `words` words each, neither of them 0, from this address on. It is offered (valid) until it is taken (ready), and does not change
//                meanwhile; ready is high while no row is to come, and in the cycle of the first word of the last one. It is taken before the first word of its first row
//   in_first     the first word of a row passes; the others follow, one a cycle
//   in_valid     by lane: it holds something. A word without is left as it was, but has its place
//   in_data      all lanes side by side
//   mem_write    by lane: written, a cycle later
//   mem_address  where
//   mem_data     what
//   busy         something is to come, or to be written

`default_nettype none

module feed_writer #(
    parameter LANES   = 1,
    parameter WIDTH   = 16,  // of all lanes
    parameter ADDRESS = 16,  // bits of one
    parameter ROWS    = 32,  // bits of rows
    parameter WORDS   = 16   // bits of words, no more than of an address
) (
    input  wire               clk,
    input  wire               rst,
    input  wire               start_valid,
    output wire               start_ready,
    input  wire [ADDRESS-1:0] start_base,
    input  wire [   ROWS-1:0] start_rows,
    input  wire [  WORDS-1:0] start_words,
    input  wire               in_first,
    input  wire [  LANES-1:0] in_valid,
    input  wire [  WIDTH-1:0] in_data,
    output reg  [  LANES-1:0] mem_write,
    output reg  [ADDRESS-1:0] mem_address,
    output reg  [  WIDTH-1:0] mem_data,
    output wire               busy
);

  reg [ROWS-1:0] rows;        // to come
  reg [WORDS-1:0] words;      // of one
  reg [ADDRESS-1:0] row;      // where the next one begins
  reg [ADDRESS-1:0] place;    // of the next word of this one
  reg [WORDS-1:0] left;       // of this one to come

  wire none = ~|rows;
  assign start_ready = none | (in_first & rows == {{(ROWS - 1) {1'b0}}, 1'b1});
  wire [ADDRESS-1:0] now = in_first ? row : place;

  always @(posedge clk)
    if (rst) rows <= {ROWS{1'b0}};
    else if (start_ready) rows <= start_valid ? start_rows : {ROWS{1'b0}};
    else if (in_first) rows <= rows - 1'b1;

  always @(posedge clk)
    if (start_ready) begin
      row   <= start_base;
      words <= start_words;
    end else if (in_first) row <= row + {{(ADDRESS - WORDS) {1'b0}}, words};

  always @(posedge clk)
    if (rst) left <= {WORDS{1'b0}};
    else if (in_first) left <= words - 1'b1;
    else if (|left) left <= left - 1'b1;

  always @(posedge clk) begin
    place       <= now + 1'b1;
    mem_write   <= rst ? {LANES{1'b0}} : in_valid;
    mem_address <= now;
    mem_data    <= in_data;
  end

  assign busy = ~none | |left | |mem_write;

endmodule

`default_nettype wire
