// A lane of the vector unit: files of a strip's elements, memories of constants and sums, and one multiplier and adder. Every word takes the same time. What a word is, and where
// its operands and its result are, says vector_front, in the cycle in which it is needed; cycle 0 is that in which a word is issued.
//
//	in0 in1 in2 bit -> [ports]--.                                 .--> raise --> [registers]
//	        [registers]---------+-- a --.                         |
//	        [constants]---------+-- b --+-- (*) -- (+) -----------+--> [sums]
//	        [constants, sums]---'-- c --'    |                    '--> round --> out
//	                                         '---- split ---> [registers], [splits]
//
//   clk          rising edge
//   in*          cycle 0: the element's operands. Cycle 1: take: they are kept at `place`; wide: in0 is FP32, else FP16 in its low half
//   b_*, c_at    cycle 1: places of constants; of a table's entry (b_entry, c_entry) the lowest bits are the segment's, of its end (c_end) the lowest says which
//   sum_at*      cycle 1: places of both sums. Row sums lie in both memories: the first has what is added to, the second what is folded
//   place_read   cycle 2, as all to shared_b: of ports and registers
//   a_*, b_*     what the operand is: of ports and registers (from), of a fold, of constants (constant) or of all lanes (shared); +0, or that where the bit is clear (gated);
//                sign: turned (1), off (0)
//   c_file       of ports and registers; c_memory: of sums 0, sums 1, constants
//   c_*          cycle 3: of files (0), of memories (1), of all lanes (2); pick: of the table's end
//   mode         cycle 3; see vector_multiply_add; through: beyond its end the table's function is its operand
//   bits, periodic  cycle 3 + MUL: of the table; see vector_split
//   active, to_* cycle P = 2 + MUL + ADD: where the result goes. Sums have it in the cycle after, registers (to_register) and the port one or three cycles later
//   raises       cycle P: the exponent is raised by the last split's whole part, in the one after
//   constant*    a constant is written, in the cycle after constant
//   fold_*       cycle 2: what this lane has of a fold, and what it takes
//   row_sum      cycle 2: the first memory's word
//   out*         cycle P + 3: FP16, and the bit of larger and clamp; each with its own valid

`default_nettype none

module vector_lane #(
    parameter STRIP = 8,
    parameter PLACE = 3,  // bits of a place in a strip
    parameter BWORD = 9,  // bits of a place among constants of b, 7 or more
    parameter CWORD = 9,  // of c
    parameter SWORD = 9,  // of sums
    parameter MUL   = 3,  // 2 or more
    parameter ADD   = 5,  // 1 or more
    parameter FLUSH = 1
) (
    input  wire             clk,
    input  wire [     31:0] in0,
    input  wire [     15:0] in1,
    input  wire [     15:0] in2,
    input  wire             in_bit,
    input  wire             take,
    input  wire             wide,
    input  wire [PLACE-1:0] place,
    input  wire             b_entry,
    input  wire [BWORD-1:0] b_at,
    input  wire             c_entry,
    input  wire             c_end,
    input  wire [CWORD-1:0] c_at,
    input  wire [SWORD-1:0] sum_at0,
    input  wire [SWORD-1:0] sum_at1,
    input  wire [PLACE-1:0] place_read,
    input  wire [      1:0] a_from,
    input  wire             a_fold,
    input  wire             a_zero,
    input  wire             a_gated,
    input  wire [      1:0] a_sign,
    input  wire [      1:0] b_from,
    input  wire             b_constant,
    input  wire             b_shared,
    input  wire             b_gated,
    input  wire [      1:0] b_sign,
    input  wire [      1:0] c_file,
    input  wire [      1:0] c_memory,
    input  wire [     31:0] shared_b,
    input  wire [      1:0] c_of,
    input  wire             c_pick,
    input  wire             c_gated,
    input  wire [      1:0] c_sign,
    input  wire [     31:0] shared_c,
    input  wire [      1:0] mode,
    input  wire             through,
    input  wire [      2:0] bits,
    input  wire             periodic,
    input  wire             active,
    input  wire             to_sum0,
    input  wire             to_sum1,
    input  wire             to_row,
    input  wire [SWORD-1:0] to_at,
    input  wire [     15:0] to_turn,
    input  wire             to_split,
    input  wire [      1:0] to_register,
    input  wire [PLACE-1:0] to_place,
    input  wire [PLACE-1:0] to_split_place,
    input  wire             to_out,
    input  wire             to_bit,
    input  wire             raises,
    input  wire [     31:0] constant,
    input  wire             constant_b,
    input  wire [BWORD-1:0] constant_b_at,
    input  wire             constant_c,
    input  wire [CWORD-1:0] constant_c_at,
    input  wire [     31:0] fold_in,
    output wire [     31:0] fold_out,
    output wire [     31:0] row_sum,
    output wire             out_valid,
    output wire [     15:0] out,
    output wire             out_bit_valid,
    output wire             out_bit
);

  localparam P = 2 + MUL + ADD;

  // Cycle 1: operands are widened, and kept. FP16 has ten bits of fraction.
  reg [31:0] taken0;
  reg [15:0] taken1, taken2;
  reg taken_bit;
  always @(posedge clk) {taken_bit, taken0, taken1, taken2} <= {in_bit, in0, in1, in2};
  wire [31:0] wide0;
  wire [31:0] widened0;
  // Below its fraction an FP16 number has nothing.
  /* verilator lint_off UNUSED */
  wire [31:0] widened1, widened2;
  /* verilator lint_on UNUSED */
  fp16_to_fp32 #(.LATENCY(0), .FLUSH(FLUSH)) widen0 (.clk(clk), .a(taken0[15:0]), .y(widened0));
  fp16_to_fp32 #(.LATENCY(0), .FLUSH(FLUSH)) widen1 (.clk(clk), .a(taken1), .y(widened1));
  fp16_to_fp32 #(.LATENCY(0), .FLUSH(FLUSH)) widen2 (.clk(clk), .a(taken2), .y(widened2));
  assign wide0 = ~wide ? widened0 : FLUSH != 0 && ~|taken0[30:23] ? {taken0[31], 31'd0} : taken0;

  reg [31:0] port0_of[0:STRIP-1];
  reg [18:0] port1_of[0:STRIP-1];
  reg [18:0] port2_of[0:STRIP-1];
  reg gate_of[0:STRIP-1];
  reg [31:0] register0_of[0:STRIP-1];
  reg [31:0] register1_of[0:STRIP-1];
  reg [17:0] split_of[0:STRIP-1];
  always @(posedge clk)
    if (take) begin
      port0_of[place] <= wide0;
      port1_of[place] <= widened1[31:13];
      port2_of[place] <= widened2[31:13];
      gate_of[place]  <= taken_bit;
    end

  // Cycle 1: places of constants, of tables by the last split.
  wire [1:0] beyond1;
  wire [9:0] whole1;
  wire [5:0] segment;
  assign {beyond1, whole1, segment} = split_of[place];
  wire [BWORD-1:0] b_word = {b_at[BWORD-1:6], b_entry ? segment : b_at[5:0]};
  wire [CWORD-1:0] c_word = {c_at[CWORD-1:6], c_entry ? segment : {c_at[5:1], c_end ? beyond1[1] : c_at[0]}};

  // Memories. Multiplier and adder flush constants.
  (* ram_style = "block" *) reg [31:0] b_constants[0:(1<<BWORD)-1];
  (* ram_style = "block" *) reg [31:0] c_constants[0:(1<<CWORD)-1];
  (* ram_style = "block" *) reg [31:0] sums0[0:(1<<SWORD)-1];
  (* ram_style = "block" *) reg [31:0] sums1[0:(1<<SWORD)-1];
  reg [31:0] written;
  always @(posedge clk) written <= constant;
  reg [31:0] b_held, c_held, sum0, sum1;
  always @(posedge clk) begin
    if (constant_b) b_constants[constant_b_at] <= written;
    b_held <= b_constants[b_word];
  end
  always @(posedge clk) begin
    if (constant_c) c_constants[constant_c_at] <= written;
    c_held <= c_constants[c_word];
  end
  wire [31:0] y;
  wire above;
  wire write0 = active & to_sum0;
  wire write1 = active & (to_sum1 | (to_row & (above | ~|to_turn)));  // a sum's first element is in row 0
  always @(posedge clk) begin
    if (write0) sums0[to_at] <= y;
    sum0 <= sums0[sum_at0];
  end
  always @(posedge clk) begin
    if (write1) sums1[to_at] <= {y[31:16], to_row ? to_turn : y[15:0]};
    sum1 <= sums1[sum_at1];
  end
  assign fold_out = sum1;
  assign row_sum = sum0;

  // Cycle 2: operands.
  wire [31:0] port0 = port0_of[place_read];
  wire [31:0] port1 = {port1_of[place_read], 13'd0};
  wire [31:0] port2 = {port2_of[place_read], 13'd0};
  wire [31:0] register0 = register0_of[place_read];
  wire [31:0] register1 = register1_of[place_read];
  wire gate = gate_of[place_read];
  wire [31:0] a_files = a_from[1] ? (a_from[0] ? register1 : register0) : a_from[0] ? port1 : port0;
  wire [31:0] a_read = a_fold ? fold_in : a_files;
  wire [31:0] b_files = b_from[1] ? (b_from[0] ? register0 : port2) : b_from[0] ? port1 : port0;
  wire [31:0] b_read = b_shared ? shared_b : b_constant ? b_held : b_files;
  wire a_none = a_zero | (a_gated & ~gate);
  wire b_none = b_gated & ~gate;
  reg [31:0] a, b, c_files, c_memories;
  reg gate3;
  reg [1:0] beyond, beyond3;
  always @(posedge clk) begin
    if (a_none) a <= 32'd0;
    else a <= {(a_read[31] & ~a_sign[0]) ^ a_sign[1], a_read[30:0]};
    if (b_none) b <= 32'd0;
    else b <= {b_shared ? b_read[31] : (b_read[31] & ~b_sign[0]) ^ b_sign[1], b_read[30:0]};
    c_files <= c_file[1] ? (c_file[0] ? register1 : register0) : c_file[0] ? port1 : port0;
    c_memories <= c_memory[1] ? c_held : c_memory[0] ? sum1 : sum0;
    gate3 <= gate;
    beyond <= beyond1;
    beyond3 <= beyond;
  end

  // Cycle 3: the last operand. Of pick it is the port where the function is its operand, else the table's end.
  wire c_memory3 = c_pick ? ~(beyond3[0] & through) : c_of[0];
  wire [31:0] c_read = c_of[1] ? shared_c : c_memory3 ? c_memories : c_files;
  wire c_none = c_gated & ~gate3;
  wire c_sign3 = c_of[1] ? c_read[31] : (c_read[31] & ~c_sign[0]) ^ c_sign[1];
  wire [31:0] x;
  vector_multiply_add #(.MUL(MUL), .ADD(ADD), .FLUSH(FLUSH)) compute (
      .clk(clk), .a(a), .b(b), .c({c_sign3, c_read[30:0]} & {32{~c_none}}), .mode(mode), .outside(|beyond3), .x(x), .y(y), .above(above)
  );
  wire [31:0] rest0;
  wire [17:0] split;
  vector_split #(.LATENCY(ADD - 1), .OPEN(1)) find (
      .clk(clk), .a(x), .bits(bits), .periodic(periodic), .rest(rest0), .segment(split[5:0]), .whole(split[15:6]), .beyond(split[17:16])
  );
  always @(posedge clk) if (active & to_split) split_of[to_split_place] <= split;

  // Cycle P + 1: raised, and kept.
  reg [31:0] result, rest;
  reg active_later, splits, above_later;
  reg [9:0] whole2;
  wire [9:0] whole;
  always @(posedge clk) begin
    result <= y;
    rest <= rest0;
    splits <= to_split;
    above_later <= above;
    active_later <= active;
    whole2 <= whole1;
  end
  fp_delay #(.WIDTH(10), .DEPTH(P - 2)) whole_waits (.clk(clk), .d(whole2), .q(whole));
  wire [31:0] raised;
  vector_raise raise_it (.clk(clk), .raise(raises), .whole(whole), .a(result), .y(raised));
  wire [31:0] kept = splits ? rest : raised;
  always @(posedge clk) if (active_later & to_register[0]) register0_of[to_place] <= kept;
  always @(posedge clk) if (active_later & to_register[1]) register1_of[to_place] <= kept;

  // And what leaves is rounded.
  fp32_to_fp16 #(.LATENCY(2), .FLUSH(FLUSH)) narrow (.clk(clk), .a(result), .y(out));
  fp_delay #(.WIDTH(3), .DEPTH(2)) leaves (
      .clk(clk), .d({active_later & to_out, active_later & to_bit, above_later}), .q({out_valid, out_bit_valid, out_bit})
  );

endmodule

`default_nettype wire
