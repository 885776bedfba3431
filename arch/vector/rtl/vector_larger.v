// Which of two FP32 numbers is larger: zeros of both signs are equal, and what is no number is not larger, and nothing is larger than it.
//
//   a, c   numbers
//   above  a > c, in the same cycle; below a < c

`default_nettype none

module vector_larger (
    input  wire [31:0] a,
    input  wire [31:0] c,
    output wire        above,
    output wire        below
);

  wire nan = (&a[30:23] & |a[22:0]) | (&c[30:23] & |c[22:0]);
  wire zeros = ~|a[30:0] & ~|c[30:0];
  wire more = a[30:0] > c[30:0];
  wire less = a[30:0] < c[30:0];
  assign above = ~nan & ~zeros & (a[31] != c[31] ? c[31] : a[31] ? less : more);
  assign below = ~nan & ~zeros & (a[31] != c[31] ? a[31] : a[31] ? more : less);

endmodule

`default_nettype wire
