// Registers of a tile, written before it starts and held while it runs.
//
//   clk          rising edge; nothing is reset: a register that is used has been written
//   we, wa, wd   a register of stce_fields.vh is written at the end of the cycle
//   tile, kinds  all registers of the tile and of its kinds of folds
//   pair_at      which two folds; pair: what lies between them, in the same cycle

`default_nettype none
`include "stce_fields.vh"

module stce_registers #(
    // Set by the others.
    parameter TILE_W  = 32 * `STCE_TILE_WORDS,
    parameter KINDS_W = 4 * 16 * `STCE_KIND_WORDS,
    parameter PAIR_W  = 32 * `STCE_PAIR_WORDS
) (
    input  wire               clk,
    input  wire               we,
    input  wire [        8:0] wa,
    input  wire [       31:0] wd,
    output reg  [ TILE_W-1:0] tile,
    output reg  [KINDS_W-1:0] kinds,
    input  wire [        3:0] pair_at,
    output wire [ PAIR_W-1:0] pair
);

  genvar i;
  integer t, k, f;

  always @(posedge clk) begin
    for (t = 0; t < `STCE_TILE_WORDS; t = t + 1) if (we & wa == t[8:0]) tile[32*t+:32] <= wd;
    for (k = 0; k < 4; k = k + 1)
      for (f = 0; f < `STCE_KIND_WORDS; f = f + 1)
        if (we & wa[8:5] == {2'b00, k[1:0]} + 4'd1 & wa[4:0] == f[4:0]) kinds[16*(`STCE_KIND_WORDS*k+f)+:16] <= wd[15:0];
  end

  generate
    for (i = 0; i < `STCE_PAIR_WORDS; i = i + 1) begin : pairs
      stce_ram #(
          .WIDTH(32), .DEPTH(16), .ADDR(4)
      ) words (
          .clk(clk), .we(we & wa[8:7] == 2'b10 & wa[2:0] == i[2:0]), .wa(wa[6:3]), .d(wd), .ra(pair_at), .q(pair[32*i+:32])
      );
    end
  endgenerate

endmodule

`default_nettype wire
