// A delay of DEPTH cycles; 0 is a wire. No reset: what was in it before is for whoever reads it to ignore.
//
//   clk   rising edge
//   d     in cycle t
//   q     d of cycle t - DEPTH

`default_nettype none

module fp_delay #(
    parameter WIDTH = 1,
    parameter DEPTH = 1
) (
    // Without registers there is nothing to clock.
    /* verilator lint_off UNUSED */
    input  wire             clk,
    /* verilator lint_on UNUSED */
    input  wire [WIDTH-1:0] d,
    output wire [WIDTH-1:0] q
);

  generate
    if (DEPTH == 0) begin : wires
      assign q = d;
    end else if (DEPTH == 1) begin : register
      reg [WIDTH-1:0] held;
      always @(posedge clk) held <= d;
      assign q = held;
    end else begin : line
      reg [WIDTH*DEPTH-1:0] held;
      always @(posedge clk) held <= {held[WIDTH*(DEPTH-1)-1:0], d};
      assign q = held[WIDTH*DEPTH-1-:WIDTH];
    end
  endgenerate

endmodule

`default_nettype wire
