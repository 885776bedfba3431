// An operand of a word: where it comes from, and what is done to its sign.
//
//   source    file (3: 0 zero, 1 literal, 2 port, 3 register, 4 sum, 5 column, 6 scalar, 7 entry), index (3), then: sign turned, sign off, +0 where the bit is clear
//   others    what the files hold at this element
//   y         the operand; FLUSH: a subnormal number is the zero of its sign

`default_nettype none

module vector_operand #(
    parameter FLUSH = 1
) (
    input  wire [ 8:0] source,
    input  wire [31:0] literal,
    input  wire [31:0] port0,
    input  wire [31:0] port1,
    input  wire [31:0] port2,
    input  wire [31:0] register,
    input  wire [31:0] sum,
    input  wire [31:0] column,
    input  wire [31:0] scalar,
    input  wire [31:0] entry,
    input  wire        gate,
    output wire [31:0] y
);

  reg [31:0] x;
  always @*
    case (source[2:0])
      3'd1: x = literal;
      3'd2: x = source[4] ? port2 : source[3] ? port1 : port0;
      3'd3: x = register;
      3'd4: x = sum;
      3'd5: x = column;
      3'd6: x = scalar;
      3'd7: x = entry;
      default: x = 32'd0;
    endcase

  wire s = (x[31] & ~source[7]) ^ source[6];
  wire none = source[8] & ~gate;
  wire zero = none | (FLUSH != 0 && ~|x[30:23]);
  assign y = {s & ~none, x[30:0] & {31{~zero}}};

  // Registers, sums, columns, scalars and entries are picked by their index before.
  /* verilator lint_off UNUSED */
  wire unused = source[5];
  /* verilator lint_on UNUSED */

endmodule

`default_nettype wire
