// A lane of WUVE: the formula of the optimiser in operators, each of which starts a new operation every cycle.
//
//   clk        rising edge
//   choices    of wuve_schedule; they stand still while anything is in the lane
//   at         counts cycles, for the rings
//   gradient_at, early, waits   of wuve_schedule
//   c_*        constants of the step, likewise
//   kept       the mask: SR-STE's term is not added
//   w, g, s, v master weight, gradient, first and second state word in cycle t
//   master, half, first, second   new master weight, FP16 weight and state words, each in its own cycle of wuve_schedule
//
// A lane is built for OPTIMISER and does all before it too. Its operators are those of its formula (CONTRACT.md: wuve, Formulas): what a shape does not use is bypassed, and runs idle.
//
// Where multiplier and adder have registers, the last of those in front of an adder stands behind the multiplexer: an adder's operands are registers. What
// multiplexers choose in front of a multiplier, the gradient and what the rate multiplies, belongs to its first part.
//
//	g -- *unscale -- +mask*w -- +decay*w -- gradient ----*rest1-- (+) first ---------------- (/) -- *rate -- (-) master -- half
//	                                          |      s --*beta1---'                           |              |
//	                                          +--square --*rest2-- (+) second --*correct2 -- root -- +eps    |
//	                                                 v --*beta2---'                                          |
//	w ------------------------------------------------------------------------------ -shrink*w --------------'

`default_nettype none

module wuve_lane #(
    parameter OPTIMISER = 3,
    parameter MUL       = 4,
    parameter ADD       = 6,
    parameter DIV       = 28,
    parameter SQRT      = 28,
    parameter CONVERT   = 2,
    parameter FLUSH     = 1,
    parameter BITS      = 8   // of a time
) (
    input  wire            clk,
    input  wire [BITS-1:0] at,
    // Not all optimisers use all of these.
    /* verilator lint_off UNUSED */
    input  wire [    12:0] choices,
    input  wire [BITS-1:0] gradient_at,
    input  wire [BITS-1:0] early,
    input  wire [    31:0] c_momentum,
    input  wire [    31:0] c_rest1,
    input  wire [    31:0] c_beta2,
    input  wire [    31:0] c_rest2,
    input  wire [    31:0] c_correct2,
    input  wire [    31:0] c_epsilon,
    input  wire [    31:0] s,
    input  wire [    31:0] v,
    /* verilator lint_on UNUSED */
    input  wire [BITS-1:0] waits,
    input  wire [    31:0] c_unscale,
    input  wire [    31:0] c_sr_ste,
    input  wire [    31:0] c_weight_decay,
    input  wire [    31:0] c_rate,
    input  wire            kept,
    input  wire [    31:0] w,
    input  wire [    31:0] g,
    output wire [    31:0] master,
    output wire [    15:0] half,
    output wire [    31:0] first,
    output wire [    31:0] second
);

  // The longest waits: for the gradient, and for all that comes before the last subtraction.
  localparam GRADIENT = MUL + 2 * ADD;
  localparam LONGEST = OPTIMISER > 1 ? GRADIENT + 4 * MUL + 2 * ADD + SQRT + DIV : GRADIENT + ADD + MUL;

  // Registers behind multiplexers, and of the operators in front of them.
  localparam HELD = MUL > 0 && ADD > 0 ? 1 : 0;
  localparam M = MUL - HELD;
  localparam A = ADD - HELD;

  /* verilator lint_off UNUSED */  // not all optimisers make all of these choices
  wire shrinks, some, unscales;
  wire [1:0] updates, makes, made, later, decays;
  assign {shrinks, updates, makes, some, made, later, decays, unscales} = choices;
  /* verilator lint_on UNUSED */

  // Unscaling. What is not unscaled is multiplied by one, so that it is there after MUL as well.
  wire [31:0] unscaled;
  fp32_mul #(.LATENCY(M), .FLUSH(FLUSH), .OPEN(HELD), .BEHIND(1)) unscale (.clk(clk), .a(g), .b(unscales ? c_unscale : 32'h3f800000), .y(unscaled));

  // SR-STE. Where the mask says kept the term is -0, which leaves the gradient as it is.
  wire [31:0] mask_product, mask_a, mask_b, masked;
  wire kept_later;
  fp32_mul #(.LATENCY(M), .FLUSH(FLUSH), .OPEN(HELD), .BEHIND(1)) mask_mul (.clk(clk), .a(w), .b(c_sr_ste), .y(mask_product));
  fp_delay #(.WIDTH(1), .DEPTH(M)) later_kept (.clk(clk), .d(kept), .q(kept_later));
  fp_delay #(.WIDTH(64), .DEPTH(HELD)) mask_held (
      .clk(clk), .d({unscaled, kept_later ? 32'h80000000 : mask_product}), .q({mask_a, mask_b})
  );
  fp32_add #(.LATENCY(A), .FLUSH(FLUSH), .OPEN(HELD)) mask_add (.clk(clk), .a(mask_a), .b(mask_b), .y(masked));

  // Weight decay: added to the gradient, or taken off the weight.
  wire [31:0] decay_product, decay_later, w_later, decay_a, decay_b, decayed;
  fp32_mul #(.LATENCY(M), .FLUSH(FLUSH), .OPEN(HELD), .BEHIND(1)) decay_mul (.clk(clk), .a(w), .b(c_weight_decay), .y(decay_product));
  fp_delay #(.WIDTH(32), .DEPTH(ADD)) later_decay (.clk(clk), .d(decay_product), .q(decay_later));
  generate
    if (OPTIMISER > 2) begin : off_the_weight
      fp_delay #(.WIDTH(32), .DEPTH(M)) later_w (.clk(clk), .d(w), .q(w_later));
    end else begin : off_nothing
      assign w_later = masked;
    end
  endgenerate
  wire [31:0] decay_from = ~decays[1] ? unscaled : decays[0] ? w_later : masked;
  wire [31:0] decay_by = later[0] ? decay_later : {decay_product[31] ^ (OPTIMISER > 2 & later[1]), decay_product[30:0]};
  fp_delay #(.WIDTH(64), .DEPTH(HELD)) decay_held (.clk(clk), .d({decay_from, decay_by}), .q({decay_a, decay_b}));
  fp32_add #(.LATENCY(A), .FLUSH(FLUSH), .OPEN(HELD)) decay_add (.clk(clk), .a(decay_a), .b(decay_b), .y(decayed));

  // The gradient as it was made, after MUL at the earliest, and the weight.
  wire [31:0] late;
  fp_delay #(.WIDTH(32), .DEPTH(HELD)) late_held (.clk(clk), .d(~made[1] ? unscaled : made[0] ? decayed : masked), .q(late));
  wire [31:0] weight;
  generate
    if (OPTIMISER > 2) begin : shrunk
      wire [31:0] less;
      fp_delay #(.WIDTH(32), .DEPTH(HELD)) less_held (.clk(clk), .d(decayed), .q(less));
      assign weight = shrinks ? less : w;
    end else begin : whole
      assign weight = w;
    end
  endgenerate

  // The state words, and what is taken off the weight before its rate.
  wire [31:0] update;
  generate
    if (OPTIMISER > 0) begin : momenta
      wire [31:0] product, waiting, added;
      fp32_mul #(.LATENCY(M), .FLUSH(FLUSH), .OPEN(HELD), .BEHIND(1)) first_mul (.clk(clk), .a(s), .b(c_momentum), .y(product));
      wuve_ring #(.WIDTH(32), .MAX(GRADIENT), .BITS(BITS), .HELD(HELD)) first_waits (.clk(clk), .at(at), .depth(early), .d(product), .q(waiting));
      fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) first_add (.clk(clk), .a(waiting), .b(added), .y(first));
      if (OPTIMISER > 1) begin : moments
        wire [31:0] gradient, rest, square, square_rest, second_product, second_waiting, corrected, root, denominator, first_later, quotient;
        assign gradient = some ? late : g;
        fp32_mul #(.LATENCY(M), .FLUSH(FLUSH), .OPEN(HELD), .BEHIND(1)) rest_mul (.clk(clk), .a(gradient), .b(c_rest1), .y(rest));
        fp_delay #(.WIDTH(32), .DEPTH(HELD)) added_held (.clk(clk), .d(makes[1] ? (makes[0] ? decayed : masked) : makes[0] ? rest : unscaled), .q(added));

        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH), .BEHIND(1)) square_mul (.clk(clk), .a(gradient), .b(gradient), .y(square));
        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH), .BEHIND(1)) square_rest_mul (.clk(clk), .a(square), .b(c_rest2), .y(square_rest));
        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH), .BEHIND(1)) second_mul (.clk(clk), .a(v), .b(c_beta2), .y(second_product));
        wire [31:0] second_moved;
        fp_delay #(.WIDTH(32), .DEPTH(M)) second_moves (.clk(clk), .d(second_product), .q(second_moved));
        wuve_ring #(.WIDTH(32), .MAX(GRADIENT), .BITS(BITS), .HELD(HELD)) second_waits (
            .clk(clk), .at(at), .depth(gradient_at), .d(second_moved), .q(second_waiting)
        );
        fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) second_add (.clk(clk), .a(second_waiting), .b(square_rest), .y(second));

        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH), .BEHIND(1)) correct_mul (.clk(clk), .a(second), .b(c_correct2), .y(corrected));
        fp32_sqrt #(.LATENCY(SQRT), .FLUSH(FLUSH)) root_of (.clk(clk), .a(corrected), .y(root));
        fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) epsilon_add (.clk(clk), .a(root), .b(c_epsilon), .y(denominator));
        fp_delay #(.WIDTH(32), .DEPTH(2 * MUL + SQRT + ADD)) first_moves (.clk(clk), .d(first), .q(first_later));
        fp32_div #(.LATENCY(DIV), .FLUSH(FLUSH)) divide (.clk(clk), .a(first_later), .b(denominator), .y(quotient));
        assign update = updates[1] ? (updates[0] ? quotient : first) : updates[0] ? late : g;
      end else begin : velocity
        assign added = late;
        assign second = 32'd0;
        assign update = updates[1] ? first : updates[0] ? late : g;
      end
    end else begin : plain
      assign first = 32'd0;
      assign second = 32'd0;
      assign update = updates[0] ? late : g;
    end
  endgenerate

  // The weight.
  wire [31:0] weight_waiting, step;
  wuve_ring #(.WIDTH(32), .MAX(LONGEST), .BITS(BITS), .HELD(HELD)) weight_waits (.clk(clk), .at(at), .depth(waits), .d(weight), .q(weight_waiting));
  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH), .BEHIND(1)) rate_mul (.clk(clk), .a(update), .b(c_rate), .y(step));
  fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) weight_add (.clk(clk), .a(weight_waiting), .b({~step[31], step[30:0]}), .y(master));
  fp32_to_fp16 #(.LATENCY(CONVERT), .FLUSH(FLUSH)) convert (.clk(clk), .a(master), .y(half));

endmodule

`default_nettype wire
