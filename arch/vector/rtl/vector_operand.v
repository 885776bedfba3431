// An operand of a word that all lanes share, or of the work once a row: a literal or a scalar, and what is done to its sign. Combinational.
//
//   source    from bit 0: file (3: 1 literal, 6 scalar; else zero), index (3), then: sign turned, sign off
//   y         the operand

`default_nettype none

module vector_operand (
    // A scalar is picked by its index before; what is +0 where a bit is clear is a lane's.
    /* verilator lint_off UNUSED */
    input  wire [ 8:0] source,
    /* verilator lint_on UNUSED */
    input  wire [31:0] literal,
    input  wire [31:0] scalar,
    output wire [31:0] y
);

  wire [31:0] x = source[2:0] == 3'd1 ? literal : source[2:0] == 3'd6 ? scalar : 32'd0;
  assign y = {(x[31] & ~source[7]) ^ source[6], x[30:0]};

endmodule

`default_nettype wire
