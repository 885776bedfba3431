// Raises the exponent of an FP32 number. Combinational.
//
//   a      the number; FLUSH: not a subnormal one
//   raise  whether it is raised at all
//   whole  by how much, -256 to 256
//   y      what is left: +0 below the normal numbers, +infinity above; infinities, and what is no number, stay

`default_nettype none

module vector_raise (
    input  wire [31:0] a,
    input  wire        raise,
    input  wire [ 9:0] whole,
    output wire [31:0] y
);

  wire [9:0] e = {2'd0, a[30:23]} + whole;
  wire some = raise & ~&a[30:23];
  wire none = some & (e[9] | ~|e[8:0]);
  wire most = some & ~e[9] & (e[8] | &e[7:0]);
  assign y = {a[31] & ~none & ~most, (some ? e[7:0] : a[30:23]) & {8{~none}} | {8{most}}, a[22:0] & {23{~none & ~most}}};

endmodule

`default_nettype wire
