// An order on its way from a row to the next: it comes out SKEW cycles after it went in, which the kind of fold decides. One at a time is on
// its way, or with a skew of one, one a cycle.
//
//   clk, rst   rising edge; synchronous
//   in, d      an order in cycle t, with what it says
//   skew       at least 1, in cycle t
//   out, q     the order in cycle t + skew

`default_nettype none

module stce_hop #(
    parameter WIDTH = 1,
    parameter SKEW  = 16  // bits of a skew
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             in,
    input  wire [ SKEW-1:0] skew,
    input  wire [WIDTH-1:0] d,
    output wire             out,
    output reg  [WIDTH-1:0] q
);

  reg under_way;
  reg [SKEW-1:0] left;

  assign out = under_way & ~|left;

  always @(posedge clk) begin
    if (rst) under_way <= 1'b0;
    else if (in) under_way <= 1'b1;
    else if (out) under_way <= 1'b0;
    if (in) begin
      left <= skew - 1'b1;
      q <= d;
    end else left <= left - 1'b1;
  end

endmodule

`default_nettype wire
