// A delay whose length is set while nothing is in it: a ring of memory. All rings of an engine share one counter.
//
//   clk    rising edge
//   at     counts cycles, modulo a power of two that is no less than this ring's size
//   depth  0 to MAX
//   d      in cycle t
//   q      d of cycle t - depth; with HELD it is a register, and d of cycle t - depth - 1

`default_nettype none

module wuve_ring #(
    parameter WIDTH = 32,
    parameter MAX   = 16,
    parameter BITS  = 8,   // of at and depth
    parameter HELD  = 0
) (
    input  wire             clk,
    // A small ring does not need all bits of them.
    /* verilator lint_off UNUSED */
    input  wire [ BITS-1:0] at,
    input  wire [ BITS-1:0] depth,
    /* verilator lint_on UNUSED */
    input  wire [WIDTH-1:0] d,
    output wire [WIDTH-1:0] q
);

  localparam ADDRESS = MAX > 1 ? $clog2(MAX) : 1;

  (* ram_style = "distributed" *) reg [WIDTH-1:0] ring[0:(1<<ADDRESS)-1];
  wire [ADDRESS-1:0] write = at[ADDRESS-1:0];
  wire [ADDRESS-1:0] read = write - depth[ADDRESS-1:0];
  always @(posedge clk) ring[write] <= d;
  // A whole turn behind is where this cycle's word will be written: it is read before.
  generate
    if (HELD == 0) begin : wires
      assign q = |depth ? ring[read] : d;
    end else begin : register
      // No choice with ?: in front of the register: yosys takes that for what a memory with a register of its own does, which it then builds as registers of the address.
      wire waits = |depth;
      reg [WIDTH-1:0] behind;
      always @(posedge clk) behind <= ring[read] & {WIDTH{waits}} | d & ~{WIDTH{waits}};
      assign q = behind;
    end
  endgenerate

endmodule

`default_nettype wire
