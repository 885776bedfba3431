// Processing element: an FP16 multiplier, an FP32 adder, two banks of group registers, an M-to-1 selector, weight registers, accumulators.
//
// Nothing is decided here. What comes from the west says in every cycle what to do; it goes on to the element in the east a cycle later.
// A reach is the number of elements, this one included, that an order still serves: it counts down, and 0 is no order.
//
//   clk                 rising edge
//   mode_*              {the tile is weight stationary; OS sums begin with a start value instead of +0}: from the row's cycle 0 on, a cycle later in the east
//   link_*_in           in cycle t - 1: a word of LINK_W operands and where in the group registers it goes; it can be read from cycle t on
//   slot_*_in           in cycle t: multiply and add. Multiplied in t, added in t + MUL_LATENCY, sum readable in t + MUL_LATENCY + ADD_LATENCY
//   load_*_in           in cycle t: take over a weight (WS) or start value (OS) from the north at the end of the cycle, to keep or to hand on
//   drain_*_in          OS, in cycle t: move a result south, an own one or the one from the north
//   weight_in           in cycle t: {place, value} from the north: OS multiplies with it in this cycle, WS registers it at its end
//   start_in            in cycle t: start value from the north
//   sum_in              in cycle t: WS: the sum of the row above, added to in this cycle; OS: a result of the row above
//   *_out               the same for the neighbours
//
// A slot is {first, last, load, mac, output, bank, base, weight bank, weight register}: first: the sum begins (OS), or is taken from the north
// (WS); last: it is complete; load: OS takes the weight from the north, and keeps it; without mac nothing is multiplied, and -0 is added, which
// leaves the sum as it is; base: where the output's group begins in the bank.
//
// Storage: group registers as LINK_W memories of 16 bits, weights, accumulators, start values and drain registers as one each: LUTRAM. LINK_W
// should be a power of two: others need a division by a constant. drain: serial has drain registers too: results leave while the last sums
// still form, so accumulators that shift out themselves would need a second read port, which is a second memory.
//
// Registers of mul_latency: one behind the selector if there are two or more, the rest in the multiplier. Of add_latency: the last is the
// accumulator, from four on the first is behind its read, the rest are in the adder.

`default_nettype none
`include "stce_fields.vh"

module stce_uspe #(
    parameter COLS        = 4,
    parameter MAX_N       = 2,
    parameter MAX_M       = 8,
    parameter MAX_I       = 4,
    parameter LINK_W      = 4,
    parameter MUL_LATENCY = 4,
    parameter ADD_LATENCY = 8,
    parameter FLUSH       = 1,
    parameter SHADOW      = 1,                                                     // preload beside the fold before
    // Set by the others.
    parameter REACH_W     = `STCE_BITS(COLS + 1),
    parameter O_W         = `STCE_BITS(MAX_I),
    parameter PLACE_W     = `STCE_BITS(MAX_M),
    parameter WORD_W      = `STCE_BITS((MAX_M * MAX_I + LINK_W - 1) / LINK_W),
    parameter BASE_W      = `STCE_BITS(MAX_M * MAX_I),
    parameter REG_W       = `STCE_BITS(MAX_N * MAX_I),
    parameter SLOT_W      = 6 + O_W + BASE_W + REG_W,
    parameter LOAD_W      = 2 + REG_W,
    parameter DRAIN_W     = 1 + O_W
) (
    input  wire                  clk,
    input  wire [           1:0] mode_in,
    output reg  [           1:0] mode_out,
    input  wire [   REACH_W-1:0] link_reach_in,
    input  wire [      WORD_W:0] link_to_in,      // {bank, word}
    input  wire [ 16*LINK_W-1:0] link_in,
    output reg  [   REACH_W-1:0] link_reach_out,
    output reg  [      WORD_W:0] link_to_out,
    output reg  [ 16*LINK_W-1:0] link_out,
    input  wire [   REACH_W-1:0] slot_reach_in,
    input  wire [    SLOT_W-1:0] slot_in,
    output reg  [   REACH_W-1:0] slot_reach_out,
    output reg  [    SLOT_W-1:0] slot_out,
    input  wire [   REACH_W-1:0] load_reach_in,
    input  wire [    LOAD_W-1:0] load_in,         // {keep, weight bank, register or output}
    output reg  [   REACH_W-1:0] load_reach_out,
    output reg  [    LOAD_W-1:0] load_out,
    input  wire [   REACH_W-1:0] drain_reach_in,
    input  wire [   DRAIN_W-1:0] drain_in,        // {own, output}
    output reg  [   REACH_W-1:0] drain_reach_out,
    output reg  [   DRAIN_W-1:0] drain_out,
    input  wire [16+PLACE_W-1:0] weight_in,
    output wire [16+PLACE_W-1:0] weight_out,
    input  wire [          31:0] start_in,
    output reg  [          31:0] start_out,
    input  wire [          31:0] sum_in,
    output reg  [          31:0] sum_out
);

  localparam SELECTED = MUL_LATENCY >= 2 ? 1 : 0;
  localparam FETCHED = ADD_LATENCY >= 4 ? 1 : 0;

  // What goes on to the east. Words are registered as they come; orders are obeyed and then registered.
  wire ws, start;
  assign {ws, start} = mode_in;
  always @(posedge clk) begin
    mode_out        <= mode_in;
    link_reach_out  <= link_reach_in - {{(REACH_W - 1) {1'b0}}, |link_reach_in};
    link_to_out     <= link_to_in;
    link_out        <= link_in;
    slot_reach_out  <= slot_reach_in - {{(REACH_W - 1) {1'b0}}, |slot_reach_in};
    slot_out        <= slot_in;
    load_reach_out  <= load_reach_in - {{(REACH_W - 1) {1'b0}}, |load_reach_in};
    load_out        <= load_in;
    drain_reach_out <= drain_reach_in - {{(REACH_W - 1) {1'b0}}, |drain_reach_in};
    drain_out       <= drain_in;
  end

  wire has_word = |link_reach_in;
  wire has_slot = |slot_reach_in;
  wire has_load = |load_reach_in;
  wire has_drain = |drain_reach_in;

  wire first, last, load, mac, bank;
  /* verilator lint_off UNUSED */  // without shadow there is one bank
  wire weight_bank, load_bank;
  /* verilator lint_on UNUSED */
  wire [   O_W-1:0] output_at;
  wire [BASE_W-1:0] base;
  wire [ REG_W-1:0] register;
  assign {first, last, load, mac, output_at, bank, base, weight_bank, register} = slot_in;

  wire keep, own;
  wire [REG_W-1:0] load_to;
  wire [O_W-1:0] drain_at;
  assign {keep, load_bank, load_to} = load_in;
  assign {own, drain_at} = drain_in;

  // Weights. One register is the OS weight and the WS hop; WS weights are kept in a file of one or two banks.
  reg [16+PLACE_W-1:0] weight;
  assign weight_out = weight;
  always @(posedge clk) if (ws ? has_load & ~keep : has_slot & load) weight <= weight_in;

  wire [16+PLACE_W-1:0] kept;
  wire [(SHADOW!=0?REG_W:REG_W-1):0] load_at, kept_at;
  generate
    if (SHADOW != 0) begin : banks
      assign load_at = {load_bank, load_to};
      assign kept_at = {weight_bank, register};
    end else begin : bank_only
      assign load_at = load_to;
      assign kept_at = register;
    end
  endgenerate
  stce_ram #(
      .WIDTH(16 + PLACE_W), .DEPTH((SHADOW != 0 ? 2 : 1) << REG_W), .ADDR(SHADOW != 0 ? REG_W + 1 : REG_W)
  ) weights (
      .clk(clk), .we(ws & has_load & keep), .d(weight_in), .q(kept),
      .wa(load_at), .ra(kept_at)
  );

  wire [PLACE_W-1:0] place;
  wire [15:0] factor;
  assign {place, factor} = ws ? kept : load ? weight_in : weight;

  // Group registers and selector.
  /* verilator lint_off WIDTH */  // a place is narrower than a bank; a bank's operands fit the address
  wire [BASE_W-1:0] at = base + place;
  wire [WORD_W-1:0] word_at = at / LINK_W;
  wire [BASE_W-1:0] lane_at = at % LINK_W;
  /* verilator lint_on WIDTH */
  wire [16*LINK_W-1:0] word;
  genvar l;
  generate
    for (l = 0; l < LINK_W; l = l + 1) begin : lane
      stce_ram #(
          .WIDTH(16), .DEPTH(2 << WORD_W), .ADDR(WORD_W + 1)
      ) operands (
          .clk(clk), .we(has_word), .wa(link_to_in), .d(link_in[16*l+:16]), .ra({bank, word_at}), .q(word[16*l+:16])
      );
    end
  endgenerate
  /* verilator lint_off WIDTH */  // the product has the 16's 32 bits, and a place in a word needs fewer
  wire [15:0] operand = word[16*lane_at+:16];
  /* verilator lint_on WIDTH */

  // Multiply.
  wire [15:0] x, w;
  fp_delay #(.WIDTH(32), .DEPTH(SELECTED)) selected (.clk(clk), .d({operand, factor}), .q({x, w}));
  wire [31:0] product;
  fp16_mul #(.LATENCY(MUL_LATENCY - SELECTED), .FLUSH(FLUSH), .OPEN(0)) multiplier (.clk(clk), .a(x), .b(w), .y(product));

  wire add, add_first, add_last, add_mac;
  wire [O_W-1:0] add_to;
  fp_delay #(
      .WIDTH(O_W + 4), .DEPTH(MUL_LATENCY)
  ) to_add (
      .clk(clk), .d({has_slot, first, last, mac, output_at}), .q({add, add_first, add_last, add_mac, add_to})
  );

  // Add. The accumulator is written at the end of the adder's last cycle, but for a complete OS sum, which goes to a drain register.
  wire write, write_last;
  wire [O_W-1:0] write_to;
  wire [31:0] sum, held, begins, result;
  wire starts = SHADOW == 0 && ~ws && has_load && keep;
  wire [O_W-1:0] start_to = load_to[O_W-1:0];
  stce_ram #(
      .WIDTH(32), .DEPTH(1 << O_W), .ADDR(O_W)
  ) accumulators (
      .clk(clk), .we(starts | write & (ws | ~write_last)), .wa(starts ? start_to : write_to), .d(starts ? start_in : sum),
      .ra(add_to), .q(held)
  );

  generate
    if (SHADOW != 0) begin : shadow
      stce_ram #(
          .WIDTH(32), .DEPTH(1 << O_W), .ADDR(O_W)
      ) start_values (
          .clk(clk), .we(~ws & has_load & keep), .wa(start_to), .d(start_in), .ra(add_to), .q(begins)
      );
    end else begin : serial
      assign begins = held;
    end
  endgenerate

  stce_ram #(
      .WIDTH(32), .DEPTH(1 << O_W), .ADDR(O_W)
  ) leaving (
      .clk(clk), .we(~ws & write & write_last), .wa(write_to), .d(sum), .ra(drain_at), .q(result)
  );

  wire [31:0] addend = add_mac ? product : 32'h80000000;
  wire [31:0] augend = ~add_first ? held : ws ? sum_in : start ? begins : 32'd0;
  wire [31:0] a, b;
  fp_delay #(.WIDTH(64), .DEPTH(FETCHED)) fetched (.clk(clk), .d({addend, augend}), .q({a, b}));
  fp32_add #(.LATENCY(ADD_LATENCY - 1 - FETCHED), .FLUSH(FLUSH), .OPEN(1)) adder (.clk(clk), .a(a), .b(b), .y(sum));
  fp_delay #(
      .WIDTH(O_W + 2), .DEPTH(ADD_LATENCY - 1)
  ) to_write (
      .clk(clk), .d({add, add_last, add_to}), .q({write, write_last, write_to})
  );

  // South.
  always @(posedge clk) begin
    if (ws ? write & write_last : has_drain) sum_out <= ws ? sum : own ? result : sum_in;
    if (~ws & has_load & ~keep) start_out <= start_in;
  end

endmodule

`default_nettype wire
