// Edge of a column where places of outputs come in: read beside the start values of its output buffer, at their addresses, from a memory of places.
//
//   clk          rising edge
//   held_*       of the tile, as stce_column has it: its outputs hold their places; a cycle later in the next column
//   ws, start    of the tile, in this column
//   load_reach   start values and places as they are ordered
//   out_ren_in   read of the output buffer as stce_column has it; out_ren: of a tile with places and without start values there is none
//   place_en     read of a place; it comes READ_LATENCY cycles later, and is on the edge (place) in the cycle after that

`default_nettype none
`include "stce_fields.vh"

module stce_place #(
    parameter COLS    = 4,
    parameter MAX_M   = 8,
    // Set by the others.
    parameter REACH_W = `STCE_BITS(COLS + 1),
    parameter PLACE_W = `STCE_BITS(MAX_M)
) (
    input  wire               clk,
    input  wire               held_in,
    output reg                held_out,
    input  wire               ws,
    input  wire               start,
    input  wire [REACH_W-1:0] load_reach,
    input  wire               out_ren_in,
    output wire               out_ren,
    output wire               place_en,
    input  wire [PLACE_W-1:0] place_data,
    output reg  [PLACE_W-1:0] place
);

  wire holds = held_in & ~ws;
  assign place_en = holds & |load_reach;
  assign out_ren = out_ren_in & ~(holds & ~start);
  always @(posedge clk) begin
    held_out <= held_in;
    place <= place_data;
  end

endmodule

`default_nettype wire
