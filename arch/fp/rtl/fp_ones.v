// The number of ones in a word. Combinational.
//
//   x   the word
//   n   ones in it

`default_nettype none

module fp_ones #(
    parameter WIDTH = 32,
    parameter BITS  = 6    // of n: 2**BITS > WIDTH
) (
    input  wire [WIDTH-1:0] x,
    output wire [ BITS-1:0] n
);

  generate
    if (WIDTH == 1) begin : leaf
      if (BITS == 1) begin : narrow
        assign n = x;
      end else begin : wide
        assign n = {{(BITS - 1) {1'b0}}, x};
      end
    end else begin : halves
      localparam HIGH = WIDTH / 2;
      localparam LOW = WIDTH - HIGH;
      wire [BITS-1:0] high, low;
      fp_ones #(.WIDTH(HIGH), .BITS(BITS)) of_high (.x(x[WIDTH-1:LOW]), .n(high));
      fp_ones #(.WIDTH(LOW), .BITS(BITS)) of_low (.x(x[LOW-1:0]), .n(low));
      assign n = high + low;
    end
  endgenerate

endmodule

`default_nettype wire
