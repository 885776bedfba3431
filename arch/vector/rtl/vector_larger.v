// a > c of FP32 numbers: zeros of both signs are equal, and what is no number is not larger, and nothing is larger than it.
//
//   a, c     operands
//   larger   a > c, in the same cycle

`default_nettype none

module vector_larger (
    input  wire [31:0] a,
    input  wire [31:0] c,
    output wire        larger
);

  wire nan = (&a[30:23] & |a[22:0]) | (&c[30:23] & |c[22:0]);
  wire zeros = ~|a[30:0] & ~|c[30:0];
  wire above = a[30:0] > c[30:0];
  wire below = a[30:0] < c[30:0];
  assign larger = ~nan & ~zeros & (a[31] != c[31] ? c[31] : a[31] ? below : above);

endmodule

`default_nettype wire
