// A small memory with a write and a read port: distributed RAM (LUTRAM) where a tool has it, else flip-flops.
//
//   clk          rising edge
//   we, wa, d    d is written to wa at the end of a cycle with we, and read from the next cycle on
//   ra, q        what ra holds, in the same cycle
//
// Nothing is reset: whoever reads has written before.

`default_nettype none

module stce_ram #(
    parameter WIDTH = 16,
    parameter DEPTH = 32,
    parameter ADDR  = 5
) (
    input  wire             clk,
    input  wire             we,
    input  wire [ ADDR-1:0] wa,
    input  wire [WIDTH-1:0] d,
    input  wire [ ADDR-1:0] ra,
    output wire [WIDTH-1:0] q
);

  (* ram_style = "distributed" *) reg [WIDTH-1:0] held[0:DEPTH-1];

  always @(posedge clk) if (we) held[wa] <= d;

  assign q = held[ra];

endmodule

`default_nettype wire
