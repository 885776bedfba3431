// A lane of the normaliser: x * scale + shift, rounded to FP16 and clipped, or a scale or a shift on the way into the lane's tables.
//
//   clk       rising edge; new operands every cycle
//   half      FP16: x of an element; the channel's gamma where a scale is made, its beta where a shift is
//   single    FP32: the channel's 1/deviation where a scale is made, its mean where a shift is
//   factors   a scale or a shift is made; shifts: it is a shift
//   place     of the channel in the tables
//   to_*      FRONT + MUL + ADD cycles after its operands: the place of what is made; it is a scale, or a shift, of this lane
//   y         FRONT + MUL + ADD + CONVERT cycles after the operands: the element as the west buffer takes it, behind registers
//   clip      then: 0 nothing, 1 no less than 0, 2 between 0 and 6
//   through   then: a clip has let it pass, and it is no end of it
//
// What is in the tables may be read in the cycle after it is written. A scale is read for its shift no sooner than y would leave, so with CONVERT it is there.

`default_nettype none

module norm_lane #(
    parameter FRONT   = 1,   // registers: of operands, of the multiplier, of the adder, of what rounds
    parameter MUL     = 3,
    parameter ADD     = 5,
    parameter CONVERT = 2,
    parameter FLUSH   = 1,   // subnormal numbers are zeros
    parameter PLACES  = 64,  // of each table
    parameter PLACE   = 6    // bits of one
) (
    input  wire             clk,
    input  wire [     15:0] half,
    input  wire [     31:0] single,
    input  wire             factors,
    input  wire             shifts,
    input  wire [PLACE-1:0] place,
    input  wire [PLACE-1:0] to_place,
    input  wire             to_scale,
    input  wire             to_shift,
    input  wire [      1:0] clip,
    output wire [     15:0] y,
    output wire             through
);

  (* ram_style = "distributed" *) reg [31:0] scales[0:PLACES-1];
  (* ram_style = "distributed" *) reg [31:0] shifts_of[0:PLACES-1];

  // Operands. A scale is 1/deviation * gamma + (-0), a shift is mean * (-scale) + beta.
  wire [31:0] wide;
  fp16_to_fp32 #(.LATENCY(0), .FLUSH(FLUSH)) widen (.clk(clk), .a(half), .y(wide));
  wire [31:0] scale = scales[place];
  wire [31:0] shift = shifts_of[place];
  wire [31:0] a0 = factors ? single : wide;
  wire [31:0] b0 = factors & ~shifts ? wide : {scale[31] ^ shifts, scale[30:0]};
  wire [31:0] c0 = shifts ? wide : shift;
  wire [31:0] a, b, c1, x, made;
  wire none1;  // of a scale c is -0
  fp_delay #(.WIDTH(97), .DEPTH(FRONT)) operands (.clk(clk), .d({factors & ~shifts, a0, b0, c0}), .q({none1, a, b, c1}));

  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) multiply (.clk(clk), .a(a), .b(b), .y(x));
  // What waits beside the product ends in registers: out of a shift register it would come late into the adder.
  wire [31:0] c;
  generate
    if (MUL == 0) begin : at_once
      assign c = none1 ? 32'h80000000 : c1;
    end else begin : beside
      wire none2;
      wire [31:0] c2;
      reg [31:0] held;
      fp_delay #(.WIDTH(33), .DEPTH(MUL - 1)) waits (.clk(clk), .d({none1, c1}), .q({none2, c2}));
      always @(posedge clk) held <= none2 ? 32'h80000000 : c2;
      assign c = held;
    end
  endgenerate
  fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) add (.clk(clk), .a(x), .b(c), .y(made));
  always @(posedge clk) if (to_scale) scales[to_place] <= made;
  always @(posedge clk) if (to_shift) shifts_of[to_place] <= made;

  // Rounded, and clipped behind the last register. Of FP16 6 is 4600, and what is no number 7e00.
  wire [15:0] h;
  fp32_to_fp16 #(.LATENCY(CONVERT), .FLUSH(FLUSH)) narrow (.clk(clk), .a(made), .y(h));
  wire positive = ~h[15] & |h[14:0] & ~(&h[14:9]);
  wire less = h[14:9] < 6'h23;
  wire kept = positive & (less | ~clip[1]);
  assign y = ~|clip | kept ? h : positive ? 16'h4600 : 16'h0000;
  assign through = kept & |clip;

endmodule

`default_nettype wire
