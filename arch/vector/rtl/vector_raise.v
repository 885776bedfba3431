// Raises the exponent of an FP32 number.
//
//   clk    rising edge
//   raise  in cycle t: whether the next cycle's number is raised at all; whole: by how much, -256 to 256
//   a      in cycle t + 1: the number; FLUSH: not a subnormal one
//   y      then: what is left: +0 below the normal numbers, +infinity above; infinities, and what is no number, stay
//
// From which exponents on it is too much is made beside the number, and compared instead of the sum.

`default_nettype none

module vector_raise (
    input  wire        clk,
    input  wire        raise,
    input  wire [ 9:0] whole,
    input  wire [31:0] a,
    output wire [31:0] y
);

  reg [7:0] by, least, most;
  reg raises, down, up, gone, over;
  always @(posedge clk) begin
    raises <= raise;
    by <= whole[7:0];
    least <= -whole[7:0];
    most <= ~whole[7:0];
    down <= whole[9] | ~|whole;
    up <= ~whole[9] & |whole;
    gone <= whole[9] & ~|whole[7:0];  // -256
    over <= ~whole[9] & whole[8];     // 256
  end

  wire some = raises & ~&a[30:23];
  wire none = some & down & (gone | a[30:23] <= least);
  wire all = some & up & (over | a[30:23] >= most);
  wire [7:0] e = a[30:23] + by;
  assign y = {a[31] & ~none & ~all, (some ? e : a[30:23]) & {8{~none}} | {8{all}}, a[22:0] & {23{~none & ~all}}};

endmodule

`default_nettype wire
