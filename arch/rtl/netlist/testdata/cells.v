// One of each kind of cell, for tests of counts and paths: parity of 36 bits, a product, a small memory, a delay line, a sum.
module cells (
    input  wire        clk,
    input  wire [35:0] a,
    input  wire [10:0] x, y,
    input  wire [3:0]  write, read,
    input  wire        enable,
    input  wire [13:0] d,
    output reg         parity,
    output reg  [21:0] product,
    output reg  [13:0] word,
    output wire        late,
    output reg  [15:0] sum
);
  reg [35:0] ar;
  reg [10:0] xr, yr;
  reg [13:0] memory [0:15];
  reg [20:0] line;
  assign late = line[20];
  always @(posedge clk) begin
    ar <= a;
    parity <= ^ar;
    xr <= x;
    yr <= y;
    product <= xr * yr;
    if (enable) memory[write] <= d;
    word <= memory[read];
    line <= {line[19:0], enable};
    sum <= sum + {2'b0, d};
  end
endmodule
