// Registers of a tile, written before it starts; a tile may run meanwhile, since what describes folds is kept twice.
//
//   clk, rst     rising edge; a register that is used has been written, and only which of the two is which is reset
//   we, wa, wd   a register of stce_fields.vh is written at the end of the cycle; not while a tile is queued
//   start        a tile is to run with what has been written; bank, from the next cycle on: where its folds are described. What has not been written
//                since the last start is as it was then, of folds either all or nothing
//   tile         all registers of the tile
//   kind_at, pair_at   {bank, which kind of fold}, {bank, which two folds}; kind, pair: all that is said of them, in the same cycle

`default_nettype none
`include "stce_fields.vh"

module stce_registers #(
    parameter PRODUCTS = 1,  // 0: a tile is one, and its number is not kept
    // Set by the others.
    parameter TILE_W   = 32 * `STCE_TILE_WORDS,
    parameter KIND_W   = 16 * `STCE_KIND_WORDS,
    parameter PAIR_W   = 32 * `STCE_PAIR_WORDS
) (
    input  wire              clk,
    input  wire              rst,
    input  wire              we,
    input  wire [       8:0] wa,
    input  wire [      31:0] wd,
    input  wire              start,
    output reg               bank,
    output reg  [TILE_W-1:0] tile,
    input  wire [       2:0] kind_at,
    output wire [KIND_W-1:0] kind,
    input  wire [       4:0] pair_at,
    output wire [PAIR_W-1:0] pair
);

  reg other, written;  // the bank that is written; it has been
  wire folds = |wa[8:5];
  always @(posedge clk)
    if (rst) begin
      bank <= 1'b0;
      other <= 1'b0;
      written <= 1'b0;
    end else if (start) begin
      written <= 1'b0;
      if (written) begin
        bank <= other;
        other <= ~other;
      end
    end else if (we & folds) written <= 1'b1;

  integer t;
  always @(posedge clk)
    for (t = 0; t < `STCE_TILE_WORDS; t = t + 1) if (we & ~folds & wa[4:0] == t[4:0] & (PRODUCTS != 0 | t != `STCE_PRODUCTS)) tile[32*t+:32] <= wd;

  wire [3:0] described = wa[8:5] - 4'd1;
  genvar i;
  generate
    for (i = 0; i < `STCE_KIND_WORDS; i = i + 1) begin : kinds
      stce_ram #(
          .WIDTH(16), .DEPTH(8), .ADDR(3)
      ) words (
          .clk(clk), .we(we & folds & described[3:2] == 2'b00 & wa[4:0] == i[4:0]), .wa({other, described[1:0]}), .d(wd[15:0]), .ra(kind_at),
          .q(kind[16*i+:16])
      );
    end
    for (i = 0; i < `STCE_PAIR_WORDS; i = i + 1) begin : pairs
      stce_ram #(
          .WIDTH(32), .DEPTH(32), .ADDR(5)
      ) words (
          .clk(clk), .we(we & wa[8:7] == 2'b10 & wa[2:0] == i[2:0]), .wa({other, wa[6:3]}), .d(wd), .ra(pair_at), .q(pair[32*i+:32])
      );
    end
  endgenerate

endmodule

`default_nettype wire
