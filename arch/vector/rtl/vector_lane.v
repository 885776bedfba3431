// A lane of the vector unit: ports, registers, sums and constants, then a multiplier, then an adder beside a comparator. Every word takes the same time.
//
//	in0 in1 in2 bit -> [ports]--.                                             .--> [registers]
//	        [registers]---------+-- a --+-- (*) --.                           |
//	        [sums]--------------+-- b --'         +-- (+), compare, pass -----+--> [sums]
//	        [columns]-----------'-- c --delay-----'                           '--> out
//
//   clk          rising edge
//   word         of this cycle; see vector
//   take         it is the first of a program: in0 .. in_bit are the element's operands, and are kept
//   wide         in0 is FP32, else FP16 in its low half
//   place        of the element in the strip; column_at, sum_at its constants and sums
//   fresh        the sum over columns has no element yet, row_fresh that over the row, at low
//   fold         what is at high of the row's sum, of this lane or one above it, is fold_in, and operand a; fold_out is this lane's
//   scalar_*     of operands b and c; row_sum*: sums over the row, at low
//   op_later     the word's operator, READ + MUL cycles later
//   to_*         where the result goes, READ + MUL + ADD - 1 cycles later: registers and sums have it in the cycle after, as out has
//   column_*     writes a constant; table_write and table_index, table_to, table_data a coefficient of a segment
//   function_of  the job's table, and table_*: what it is beside its coefficients; bits and periodic READ cycles later, through, below and above READ + MUL
//   read_*       reads a sum, and which row the largest was in
//   out*         FP16, and the bit of larger and clamp; each with its own valid

`default_nettype none

module vector_lane #(
    parameter STRIP   = 8,
    parameter PLACE   = 3,   // bits of a place in a strip
    parameter COLUMNS = 64,
    parameter CBITS   = 6,
    parameter SUMS    = 64,
    parameter SBITS   = 6,
    parameter TABLES  = 1,
    parameter TBITS   = 1,
    parameter READ    = 0,   // registers before the multiplier
    parameter MUL     = 4,
    parameter ADD     = 4,   // 1 or more
    parameter FLUSH   = 1
) (
    input  wire             clk,
    // Where results go is said later.
    /* verilator lint_off UNUSED */
    input  wire [     75:0] word,
    /* verilator lint_on UNUSED */
    input  wire             take,
    input  wire             wide,
    input  wire [PLACE-1:0] place,
    input  wire [CBITS-1:0] column_at,
    input  wire [SBITS-1:0] sum_at,
    input  wire             fresh,
    input  wire             fold,
    input  wire [PLACE-1:0] low,
    input  wire [PLACE-1:0] high,
    input  wire             row_fresh,
    input  wire [     31:0] scalar_b,
    input  wire [     31:0] scalar_c,
    output wire [     31:0] fold_out,
    input  wire [     31:0] fold_in,
    output wire [     31:0] row_sum0,
    output wire [     31:0] row_sum1,
    input  wire [     31:0] in0,
    input  wire [     15:0] in1,
    input  wire [     15:0] in2,
    input  wire             in_bit,
    input  wire [      2:0] op_later,
    input  wire             to_active,
    input  wire [      1:0] to_file,
    input  wire [      1:0] to_index,
    input  wire [PLACE-1:0] to_place,
    input  wire [SBITS-1:0] to_sum,
    input  wire             to_rows,
    input  wire [PLACE-1:0] to_low,
    input  wire             to_bit,
    input  wire [     15:0] to_row,
    input  wire             column_write,
    input  wire [      1:0] column_index,
    input  wire [CBITS-1:0] column_to,
    input  wire [     31:0] column_data,
    input  wire             table_write,
    input  wire [      1:0] table_index,
    input  wire [TBITS+5:0] table_to,
    input  wire [     31:0] table_data,
    input  wire [TBITS-1:0] function_of,
    input  wire [      2:0] table_bits,
    input  wire             table_periodic,
    input  wire             table_through,
    input  wire [     31:0] table_below,
    input  wire [     31:0] table_above,
    input  wire             read_total,
    input  wire [SBITS-1:0] read_at,
    output wire [     31:0] read_sum,
    output wire [     15:0] read_row,
    output reg              out_valid,
    output reg              out_index,
    output wire [     15:0] out,
    output reg              out_bit_valid,
    output reg              out_bit
);

  localparam ADD_OP = 3'd1, MUL_OP = 3'd2, MUL_ADD = 3'd3, LARGER = 3'd4, CLAMP = 3'd5, SPLIT = 3'd6, PICK = 3'd7;

  // The files.
  reg [31:0] first_port[0:STRIP-1];
  reg [15:0] second_port[0:STRIP-1];
  reg [15:0] third_port[0:STRIP-1];
  reg gates[0:STRIP-1];
  reg [31:0] register0[0:STRIP-1];
  reg [31:0] register1[0:STRIP-1];
  reg [31:0] column[0:4*COLUMNS-1];
  reg [31:0] sum0[0:SUMS-1];
  reg [31:0] sum1[0:SUMS-1];
  reg [15:0] row[0:SUMS-1];
  reg [31:0] ways0[0:STRIP-1];
  reg [31:0] ways1[0:STRIP-1];
  reg [17:0] splits[0:STRIP-1];
  reg [31:0] table0[0:64*TABLES-1];
  reg [31:0] table1[0:64*TABLES-1];
  reg [31:0] table2[0:64*TABLES-1];

  always @(posedge clk)
    if (take) begin
      first_port[place] <= port0;
      second_port[place] <= in1;
      third_port[place] <= in2;
      gates[place] <= in_bit;
    end
  always @(posedge clk) if (column_write) column[{column_index, column_to}] <= column_data;
  always @(posedge clk) if (table_write & table_index == 2'd0) table0[table_to] <= table_data;
  always @(posedge clk) if (table_write & table_index == 2'd1) table1[table_to] <= table_data;
  always @(posedge clk) if (table_write & table_index == 2'd2) table2[table_to] <= table_data;

  // What the word reads.
  wire [31:0] widened, port1, port2;
  fp16_to_fp32 #(.LATENCY(0), .FLUSH(FLUSH)) widen0 (.clk(clk), .a(in0[15:0]), .y(widened));
  fp16_to_fp32 #(.LATENCY(0), .FLUSH(FLUSH)) widen1 (.clk(clk), .a(take ? in1 : second_port[place]), .y(port1));
  fp16_to_fp32 #(.LATENCY(0), .FLUSH(FLUSH)) widen2 (.clk(clk), .a(take ? in2 : third_port[place]), .y(port2));
  wire [31:0] port0 = ~take ? first_port[place] : wide ? in0 : widened;
  wire gate = take ? in_bit : gates[place];
  wire [31:0] none = word[35] ? 32'hff800000 : 32'd0;
  assign row_sum0 = ways0[low];
  assign row_sum1 = ways1[low];
  assign fold_out = word[24] ? ways1[high] : ways0[high];
  wire [31:0] sum = (word[37] ? row_fresh : fresh) ? none : word[37] ? (word[24] ? row_sum1 : row_sum0) : word[24] ? sum1[sum_at] : sum0[sum_at];

  wire [1:0] beyond;
  wire [9:0] whole;
  wire [5:0] segment;
  assign {beyond, whole, segment} = splits[place];
  wire [TBITS+5:0] entry_at = {function_of, segment};

  wire [31:0] register_a = word[6] ? register1[place] : register0[place];
  wire [31:0] register_b = word[15] ? register1[place] : register0[place];
  wire [31:0] register_c = word[24] ? register1[place] : register0[place];
  wire [31:0] column_b = column[{word[16:15], column_at}];
  wire [31:0] column_c = column[{word[25:24], column_at}];
  wire [31:0] entry_a = table2[entry_at];
  wire [31:0] entry_c = word[24] ? table1[entry_at] : table0[entry_at];
  wire [31:0] a0, b0, c0;
  vector_operand #(.FLUSH(FLUSH)) of_a (
      .source(word[11:3]), .literal(word[75:44]), .port0(port0), .port1(port1), .port2(port2),
      .register(register_a), .sum(32'd0), .column(32'd0), .entry(entry_a), .scalar(32'd0), .gate(gate), .y(a0)
  );
  vector_operand #(.FLUSH(FLUSH)) of_b (
      .source(word[20:12]), .literal(word[75:44]), .port0(port0), .port1(port1), .port2(port2),
      .register(register_b), .sum(32'd0), .column(column_b), .entry(32'd0), .scalar(scalar_b), .gate(gate), .y(b0)
  );
  vector_operand #(.FLUSH(FLUSH)) of_c (
      .source(word[29:21]), .literal(word[75:44]), .port0(port0), .port1(port1), .port2(port2),
      .register(register_c), .sum(sum), .column(column_c),
      .entry(entry_c), .scalar(scalar_c), .gate(gate), .y(c0)
  );

  // Multiply, or pass.
  wire [31:0] product, a1, b1, c1;
  wire [31:0] a, b, c;
  wire [15:0] row0, row1;
  wire [1:0] beyond0, beyond1;
  fp_delay #(.WIDTH(114), .DEPTH(READ)) read (
      .clk(clk), .d({beyond, fresh ? 16'd0 : row[sum_at], fold ? fold_in : a0, b0, c0}), .q({beyond0, row0, a, b, c})
  );
  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) multiply (.clk(clk), .a(a), .b(b), .y(product));
  fp_delay #(.WIDTH(114), .DEPTH(MUL)) passed (.clk(clk), .d({beyond0, row0, a, b, c}), .q({beyond1, row1, a1, b1, c1}));
  wire multiplies = op_later == MUL_OP | op_later == MUL_ADD;
  wire adds = op_later == ADD_OP | op_later == MUL_ADD;
  wire [31:0] x = multiplies ? product : a1;

  // Add, compare, or pass.
  wire [31:0] added, other, x2;
  wire above, below, adds2, splits2, bit2;
  wire [15:0] row2;
  fp32_add #(.LATENCY(ADD - 1), .FLUSH(FLUSH), .OPEN(1)) add (.clk(clk), .a(x), .b(c1), .y(added));
  vector_larger lower (.a(a1), .c(op_later == CLAMP ? b1 : c1), .larger(above));
  vector_larger upper (.a(c1), .c(a1), .larger(below));
  wire set = above & (op_later == LARGER | below);
  wire [31:0] picked = beyond1[1] ? table_below : beyond1[0] & table_through ? b1 : beyond1[0] ? table_above : a1;
  assign other = op_later == LARGER ? (above ? a1 : c1) : op_later == CLAMP ? (~above ? b1 : below ? a1 : c1) : op_later == PICK ? picked : x;
  fp_delay #(.WIDTH(51), .DEPTH(ADD - 1)) compared (.clk(clk), .d({row1, adds, op_later == SPLIT, set, other}), .q({row2, adds2, splits2, bit2, x2}));

  // A split takes the time of both.
  wire [31:0] rest;
  wire [17:0] split;
  vector_split #(.LATENCY(MUL + ADD - 1), .OPEN(1)) find (
      .clk(clk), .a(a), .bits(table_bits), .periodic(table_periodic), .rest(rest), .segment(split[5:0]), .whole(split[15:6]), .beyond(split[17:16])
  );
  wire raises;
  wire [9:0] raise_by;
  fp_delay #(.WIDTH(11), .DEPTH(READ + MUL + ADD - 1)) raised (.clk(clk), .d({word[36], whole}), .q({raises, raise_by}));
  wire [31:0] result;
  vector_raise raised_by (.a(adds2 ? added : splits2 ? rest : x2), .raise(raises), .whole(raise_by), .y(result));

  // Where it goes.
  wire to_register = to_active & to_file == 2'd1;
  wire to_sums = to_active & to_file == 2'd2;
  always @(posedge clk) if (to_register & ~to_index[0]) register0[to_place] <= result;
  always @(posedge clk) if (to_register & to_index[0]) register1[to_place] <= result;
  always @(posedge clk) if (to_register & splits2) splits[to_place] <= split;
  always @(posedge clk) if (to_sums & ~to_rows & ~to_index[0]) sum0[to_sum] <= result;
  always @(posedge clk) if (to_sums & ~to_rows & to_index[0]) sum1[to_sum] <= result;
  always @(posedge clk) if (to_sums & to_rows & ~to_index[0]) ways0[to_low] <= result;
  always @(posedge clk) if (to_sums & to_rows & to_index[0]) ways1[to_low] <= result;
  always @(posedge clk) if (to_sums & ~to_rows & ~to_index[0]) row[to_sum] <= bit2 ? to_row : row2;

  reg [31:0] leaves;
  always @(posedge clk) begin
    leaves <= result;
    out_valid <= to_active & to_file == 2'd3;
    out_index <= to_index[0];
    out_bit_valid <= to_active & to_bit;
    out_bit <= bit2;
  end
  fp32_to_fp16 #(.LATENCY(0), .FLUSH(FLUSH)) narrow (.clk(clk), .a(leaves), .y(out));

  assign read_sum = read_total ? sum1[read_at] : sum0[read_at];
  assign read_row = row[read_at];

  /* verilator lint_off UNUSED */
  wire unused = to_index[1];
  /* verilator lint_on UNUSED */

endmodule

`default_nettype wire
