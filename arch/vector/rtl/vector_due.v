// Says DEPTH cycles later that something is due; after a reset nothing is.
//
//   clk, rst   rising edge; synchronous, one cycle at least
//   d          in cycle t
//   q          d of cycle t - DEPTH

`default_nettype none

module vector_due #(
    parameter DEPTH = 1
) (
    // Without registers there is nothing to clock.
    /* verilator lint_off UNUSED */
    input  wire clk,
    input  wire rst,
    /* verilator lint_on UNUSED */
    input  wire d,
    output wire q
);

  generate
    if (DEPTH == 0) begin : wires
      assign q = d;
    end else if (DEPTH == 1) begin : register
      reg held;
      always @(posedge clk) held <= d & ~rst;
      assign q = held;
    end else begin : line
      reg [DEPTH-1:0] held;
      always @(posedge clk) held <= rst ? {DEPTH{1'b0}} : {held[DEPTH-2:0], d};
      assign q = held[DEPTH-1];
    end
  endgenerate

endmodule

`default_nettype wire
