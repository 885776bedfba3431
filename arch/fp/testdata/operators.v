// Holds one operator, at several latencies and in all its forms, to results that are known: a word of vectors.hex is a, b, and what is to
// come of them with subnormals and without.
module operators #(
    parameter OPERATOR = 0,
    parameter COUNT    = 16,
    parameter FORMS    = 36   // 4 a latency
);

  localparam DEEP  = 41;

  reg clk = 1'b0;
  always #1 clk = ~clk;

  reg [127:0] vectors[0:COUNT-1];
  initial $readmemh("vectors.hex", vectors);

  integer next = 0;
  reg [31:0] a, b;
  reg valid = 1'b0;
  reg [DEEP-1:0] due = 0;
  reg [63:0] wanted[0:DEEP-1];  // in the cycles after the operands'
  integer i;

  always @(posedge clk) begin
    valid <= next < COUNT;
    due   <= {due[DEEP-2:0], next < COUNT};
    if (next < COUNT) {a, b, wanted[0]} <= vectors[next];
    for (i = 1; i < DEEP; i = i + 1) wanted[i] <= wanted[i-1];
    next <= next + 1;
    if (next == COUNT + DEEP + 1) $finish;
  end

  genvar k;
  generate
    for (k = 0; k < FORMS; k = k + 1) begin : form
      localparam STEP = k / 4;
      localparam LATENCY = STEP == 0 ? 5 : STEP < 6 ? STEP - 1 : STEP == 6 ? 6 : STEP == 7 ? 12 : 40;
      localparam FLUSH = k % 2;
      localparam OPEN = k / 2 % 2;
      wire [31:0] y;
      wire [31:0] want = FLUSH != 0 ? wanted[LATENCY][31:0] : wanted[LATENCY][63:32];
      case (OPERATOR)
        0: fp16_mul #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN)) dut (.clk(clk), .a(a[15:0]), .b(b[15:0]), .y(y));
        1: fp32_add #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN)) dut (.clk(clk), .a(a), .b(b), .y(y));
        2: begin
          wire [31:0] plain, behind;
          fp32_mul #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN)) dut (.clk(clk), .a(a), .b(b), .y(plain));
          fp32_mul #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN), .BEHIND(1)) other (.clk(clk), .a(a), .b(b), .y(behind));
          assign y = plain === behind ? plain : ~want;
        end
        3: fp32_div #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN)) dut (.clk(clk), .a(a), .b(b), .y(y));
        4: fp32_sqrt #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN)) dut (.clk(clk), .a(a), .y(y));
        5: begin
          assign y[31:16] = 16'd0;
          fp32_to_fp16 #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN)) dut (.clk(clk), .a(a), .y(y[15:0]));
        end
        default: fp16_to_fp32 #(.LATENCY(LATENCY), .FLUSH(FLUSH), .OPEN(OPEN)) dut (.clk(clk), .a(a[15:0]), .y(y));
      endcase

      integer checked = 0, wrong = 0;
      always @(posedge clk)
        if (due[LATENCY]) begin
          checked <= checked + 1;
          if (y !== want) begin
            wrong <= wrong + 1;
            if (wrong == 0) $display("differs: latency %0d flush %0d open %0d, vector %0d: %h, want %h", LATENCY, FLUSH, OPEN, checked, y, want);
          end
        end
      always @(posedge clk)
        if (next == COUNT + DEEP + 1) $display("form %0d: %0d checked, %0d wrong", k, checked, wrong);
    end
  endgenerate

endmodule
