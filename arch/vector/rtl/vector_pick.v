// A scalar by its index: 0 and 1 are given to the job, 2 to 6 are the row's. Combinational.

`default_nettype none

module vector_pick (
    input  wire [ 2:0] index,
    input  wire [63:0] given,
    input  wire [31:0] s2,
    input  wire [31:0] s3,
    input  wire [31:0] s4,
    input  wire [31:0] s5,
    input  wire [31:0] s6,
    output reg  [31:0] y
);

  always @*
    case (index)
      3'd0: y = given[31:0];
      3'd1: y = given[63:32];
      3'd2: y = s2;
      3'd3: y = s3;
      3'd4: y = s4;
      3'd5: y = s5;
      default: y = s6;
    endcase

endmodule

`default_nettype wire
