// Leading zeros of a word, WIDTH if there is no one in it. Combinational.
//
//   x   the word
//   n   zeros above its highest one
//
// The word is padded to a power of two and halved: the upper half counts if it holds a one, else the lower half and its own width.

`default_nettype none

module fp_zeros #(
    parameter WIDTH = 28,
    parameter BITS  = 5    // of n: 2**BITS > WIDTH
) (
    input  wire [WIDTH-1:0] x,
    output wire [ BITS-1:0] n
);

  generate
    if (WIDTH == 1) begin : leaf
      assign n = {{(BITS - 1) {1'b0}}, ~x};
    end else begin : halves
      // The upper half has a power of two of bits, so that a zero in it adds a single bit to n.
      localparam HIGH = WIDTH > 32 ? 32 : WIDTH > 16 ? 16 : WIDTH > 8 ? 8 : WIDTH > 4 ? 4 : WIDTH > 2 ? 2 : 1;
      localparam LOW  = WIDTH - HIGH;
      wire [BITS-1:0] high, low;
      fp_zeros #(.WIDTH(HIGH), .BITS(BITS)) of_high (.x(x[WIDTH-1:LOW]), .n(high));
      fp_zeros #(.WIDTH(LOW), .BITS(BITS)) of_low (.x(x[LOW-1:0]), .n(low));
      assign n = |x[WIDTH-1:LOW] ? high : HIGH[BITS-1:0] + low;
    end
  endgenerate

endmodule

`default_nettype wire
