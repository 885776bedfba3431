// What goes from lane to lane in a fold, and which lanes take a result.
//
//   clk      rising edge
//   above    how many lanes above what is folded is, a power of two, or 0: of the lane itself. Lanes below it work
//   out, in  of every lane, in the same cycle
//   lanes    how many there are of a result; active: in the cycle after, each whether it is one

`default_nettype none

module vector_shuffle #(
    parameter LANES = 32,
    parameter COUNT = 6
) (
    input  wire                clk,
    input  wire [   COUNT-1:0] above,
    input  wire [LANES*32-1:0] out,
    output reg  [LANES*32-1:0] in,
    input  wire [   COUNT-1:0] lanes,
    output reg  [   LANES-1:0] active
);

  integer l, i;
  always @* begin
    in = out;
    for (l = 0; l < LANES; l = l + 1)
      for (i = 0; i < COUNT; i = i + 1)
        if (above[i] && l < (1 << i) && l + (1 << i) < LANES) in[l*32+:32] = out[(l+(1<<i))*32+:32];
  end
  always @(posedge clk) for (l = 0; l < LANES; l = l + 1) active[l] <= lanes > l[COUNT-1:0];

endmodule

`default_nettype wire
