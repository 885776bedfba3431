// How many bits of a word are ones, of lanes that many: those of each part are registered, and are added up a cycle later, for ones of all would be a long way in one cycle.
//
//   clk      rising edge
//   rst      synchronous: none are
//   x        the word
//   n        ones in it: a cycle after x by way of an adder of the parts; a register more, and a cycle later, if LATE

`default_nettype none

module sore_ones #(
    parameter WIDTH = 32,
    parameter PART  = 16,  // bits of a part
    parameter BITS  = 6,   // of n: 2**BITS > WIDTH
    parameter LATE  = 0
) (
    input  wire             clk,
    input  wire             rst,
    input  wire [WIDTH-1:0] x,
    output wire [ BITS-1:0] n
);

  localparam PARTS = (WIDTH + PART - 1) / PART;
  localparam SOME = $clog2(PART + 1);
  wire [PARTS*BITS-1:0] some;
  genvar p;
  generate
    for (p = 0; p < PARTS; p = p + 1) begin : part
      localparam HAS = WIDTH - p * PART < PART ? WIDTH - p * PART : PART;
      wire [SOME-1:0] ones;
      reg [SOME-1:0] held;
      fp_ones #(.WIDTH(HAS), .BITS(SOME)) of_part (.x(x[p*PART+:HAS]), .n(ones));
      always @(posedge clk) held <= rst ? {SOME{1'b0}} : ones;
      if (BITS > SOME) begin : wider
        assign some[p*BITS+:BITS] = {{(BITS - SOME) {1'b0}}, held};
      end else begin : wide
        assign some[p*BITS+:BITS] = held;
      end
    end
  endgenerate

  reg [BITS-1:0] all;
  integer i;
  always @* begin
    all = {BITS{1'b0}};
    for (i = 0; i < PARTS; i = i + 1) all = all + some[i*BITS+:BITS];
  end
  generate
    if (LATE != 0) begin : later
      reg [BITS-1:0] held;
      always @(posedge clk) held <= rst ? {BITS{1'b0}} : all;
      assign n = held;
    end else begin : now
      assign n = all;
    end
  endgenerate

endmodule

`default_nettype wire
