// A generator of random numbers, SplitMix64, a number a cycle: what the resource estimate counts (package fpga), held to package nm by a test. It is not within the unit in Verilog.
// first is the sequence's key and one step; number is of the state fifteen cycles before.
module vector_random (
    input  wire        clk,
    input  wire        restart,
    input  wire [63:0] first,
    output reg  [22:0] number
);
    reg [63:0] state, a, c;
    wire [63:0] b, d;
    always @(posedge clk) begin
        state <= restart ? first : state + 64'h9e3779b97f4a7c15;
        a <= state ^ (state >> 30);
        c <= b ^ (b >> 27);
        number <= d[63:41];
    end
    vector_random_multiply #(.FACTOR(64'hbf58476d1ce4e5b9)) one (.clk(clk), .x(a), .p(b));
    vector_random_multiply #(.FACTOR(64'h94d049bb133111eb)) two (.clk(clk), .x(c), .p(d));
endmodule

// The lower 64 bits of a product: columns of 24 bits of x, each a chain of slices that multiply 17 bits of the factor and add what the one before carries.
module vector_random_multiply #(
    parameter [63:0] FACTOR = 1
) (
    input  wire        clk,
    input  wire [63:0] x,
    output reg  [63:0] p
);
    reg [63:0] x1, x2, x3, x4;
    reg [40:0] s0, s1, s2, t0, t1;
    reg [29:0] s3, t2;
    reg [15:0] u0;
    reg [16:0] s0a, s0b, s0c, s1a, s1b, s2a, t0a, t0b, t1a;
    always @(posedge clk) begin
        x1 <= x; x2 <= x1; x3 <= x2; x4 <= x3;
        s0 <= x1[23:0] * FACTOR[16:0];
        s1 <= x2[23:0] * FACTOR[33:17] + (s0 >> 17);
        s2 <= x3[23:0] * FACTOR[50:34] + (s1 >> 17);
        s3 <= x4[23:0] * FACTOR[63:51] + (s2 >> 17);
        t0 <= x2[47:24] * FACTOR[16:0];
        t1 <= x3[47:24] * FACTOR[33:17] + (t0 >> 17);
        t2 <= x4[47:24] * FACTOR[50:34] + (t1 >> 17);
        u0 <= x4[63:48] * FACTOR[15:0];
        s0a <= s0[16:0]; s0b <= s0a; s0c <= s0b;
        s1a <= s1[16:0]; s1b <= s1a;
        s2a <= s2[16:0];
        t0a <= t0[16:0]; t0b <= t0a;
        t1a <= t1[16:0];
        p <= {s3[12:0], s2a, s1b, s0c} + {t2[5:0], t1a, t0b, 24'd0} + {u0, 48'd0};
    end
endmodule
