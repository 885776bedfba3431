// Programs, and the word that the sequencer is at: it is read a cycle before it is needed.
//
//   clk         rising edge
//   write*      a word is written
//   begins      the next word is the first of the job to come, `first`; restarts: of the job under way; steps: the one after this; else it stays
//   word        the word, a register

`default_nettype none

module vector_words #(
    parameter WORDS = 32,
    parameter WBITS = 5
) (
    input  wire             clk,
    input  wire             write,
    input  wire [WBITS-1:0] write_to,
    input  wire [     75:0] write_data,
    input  wire             begins,
    input  wire [WBITS-1:0] first,
    input  wire             restarts,
    input  wire             steps,
    output reg  [     75:0] word
);

  reg [75:0] words[0:WORDS-1];
  always @(posedge clk) if (write) words[write_to] <= write_data;

  reg [WBITS-1:0] after, second;  // this word, and the job's first
  reg [75:0] again;
  wire [75:0] coming = words[first];
  wire [WBITS-1:0] coming_after = first + 1'b1;
  always @(posedge clk)
    if (begins) begin
      word <= coming;
      again <= coming;
      after <= coming_after;
      second <= coming_after;
    end else if (restarts) begin
      word <= again;
      after <= second;
    end else if (steps) begin
      word <= words[after];
      after <= after + 1'b1;
    end

endmodule

`default_nettype wire
