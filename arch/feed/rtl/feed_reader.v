// A reader: brings a unit the words of its jobs out of buffers that answer READ cycles after their address, ahead of their being asked for. CONTRACT.md has the cycles (feed, A reader).
//
//   clk         rising edge
//   rst         synchronous, for a cycle at least
//   start_*     what is read next: `rows` rows of `words` words each, neither of them 0, from these addresses on. It is offered (valid) until it is taken (ready), and does not change
//               meanwhile; ready is high while nothing is read, and in the cycle of the last address
//   hold        no address in this cycle: the words are not there yet, or somebody else has the port
//   mem_enable  the buffers are read
//   mem_address by part, part 0 lowest: where. It moves on with every word, or, of parts that BY_ROW names, with every row
//   mem_data    what was read, READ cycles after its address; all parts side by side
//   out_*       a word: it stays, unchanged, until it is taken, in cycles with both valid and ready
//   busy        something is to be read, or to be taken
//
// The first word is offered READ + 2 cycles after its start was taken, and one a cycle after that, for as long as they are taken and nothing is held: READ + 2 words are on their way
// or wait. No path leads from out_ready to the buffers.

`default_nettype none

module feed_reader #(
    parameter WIDTH   = 16,
    parameter READ    = 2,   // cycles in which the buffers answer, 1 to 3
    parameter PARTS   = 1,   // addresses
    parameter BY_ROW  = 0,   // a bit a part
    parameter ADDRESS = 16,  // bits of one
    parameter ROWS    = 32,  // bits of rows
    parameter WORDS   = 16   // bits of words
) (
    input  wire                     clk,
    input  wire                     rst,
    input  wire                     start_valid,
    output wire                     start_ready,
    input  wire [PARTS*ADDRESS-1:0] start_base,
    input  wire [         ROWS-1:0] start_rows,
    input  wire [        WORDS-1:0] start_words,
    input  wire                     hold,
    output wire                     mem_enable,
    output wire [PARTS*ADDRESS-1:0] mem_address,
    input  wire [        WIDTH-1:0] mem_data,
    output reg                      out_valid,
    input  wire                     out_ready,
    output reg  [        WIDTH-1:0] out_data,
    output wire                     busy
);

  localparam [2:0] PLACES = READ[2:0] + 3'd2;

  reg active;
  reg [ROWS-1:0] rows;              // to be read, this one included
  reg [WORDS-1:0] words, left;      // of a row; of this one to be read
  reg [2:0] free;                   // places for words

  assign mem_enable = active & |free & ~hold;
  wire row_ends = left == {{(WORDS - 1) {1'b0}}, 1'b1};
  wire ends = mem_enable & row_ends & rows == {{(ROWS - 1) {1'b0}}, 1'b1};
  assign start_ready = ~active | ends;

  always @(posedge clk)
    if (rst) active <= 1'b0;
    else if (start_ready) active <= start_valid;

  always @(posedge clk)
    if (start_ready) begin
      rows  <= start_rows;
      words <= start_words;
      left  <= start_words;
    end else if (mem_enable) begin
      left <= row_ends ? words : left - 1'b1;
      if (row_ends) rows <= rows - 1'b1;
    end

  genvar p;
  generate
    for (p = 0; p < PARTS; p = p + 1) begin : part
      reg [ADDRESS-1:0] address;
      wire moves = ((BY_ROW >> p) & 1) == 0 | row_ends;
      always @(posedge clk)
        if (start_ready) address <= start_base[p*ADDRESS+:ADDRESS];
        else if (mem_enable & moves) address <= address + 1'b1;
      assign mem_address[p*ADDRESS+:ADDRESS] = address;
    end
  endgenerate

  // What was read comes.
  wire comes;
  generate
    if (READ == 1) begin : one
      reg line;
      always @(posedge clk) line <= mem_enable & ~rst;
      assign comes = line;
    end else begin : more
      reg [READ-1:0] line;
      always @(posedge clk)
        if (rst) line <= {READ{1'b0}};
        else line <= {line[READ-2:0], mem_enable};
      assign comes = line[READ-1];
    end
  endgenerate

  // The word that is offered, and those behind it.
  (* ram_style = "distributed" *) reg [WIDTH-1:0] held[0:3];
  reg [1:0] to, from;
  reg [2:0] waiting;
  wire take = out_valid & out_ready;
  wire next = ~out_valid | take;
  wire some = |waiting;
  wire keep = comes & (some | ~next);
  wire give = some & next;

  always @(posedge clk) if (keep) held[to] <= mem_data;
  always @(posedge clk) if (next) out_data <= some ? held[from] : mem_data;
  always @(posedge clk)
    if (rst) begin
      out_valid <= 1'b0;
      to        <= 2'd0;
      from      <= 2'd0;
      waiting   <= 3'd0;
      free      <= PLACES;
    end else begin
      if (next) out_valid <= some | comes;
      if (keep) to <= to + 1'b1;
      if (give) from <= from + 1'b1;
      waiting <= waiting + {2'b0, keep} - {2'b0, give};
      free    <= free + {2'b0, take} - {2'b0, mem_enable};
    end

  assign busy = active | free != PLACES;

endmodule

`default_nettype wire
