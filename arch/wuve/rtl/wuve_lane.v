// A lane of WUVE: the formula of the optimiser in operators, each of which starts a new operation every cycle.
//
//   clk        rising edge
//   shape      see wuve_schedule; it stands still while anything is in the lane
//   at         counts cycles, for the rings
//   gradient_at, early, waits   of wuve_schedule
//   c_*        constants of the step, likewise
//   kept       the mask: SR-STE's term is not added
//   w, g, s, v master weight, gradient, first and second state word in cycle t
//   master, half, first, second   new master weight, FP16 weight and state words, each in its own cycle of wuve_schedule
//
// A lane is built for OPTIMISER and does all before it too. Its operators are those of Params.Lane: what a shape does not use is bypassed, and runs idle.
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
    input  wire [     4:0] shape,
    input  wire [BITS-1:0] at,
    // Not all optimisers use all of these.
    /* verilator lint_off UNUSED */
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
    input  wire [    31:0] c_mask_decay,
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

  wire adamw = OPTIMISER > 2 && &shape[4:3];
  // Nor do all ask for these.
  /* verilator lint_off UNUSED */
  wire adam = OPTIMISER > 1 && shape[4];
  wire momentum = shape[3] & ~shape[4];
  /* verilator lint_on UNUSED */
  wire unscales = shape[2];
  wire masks = shape[1];
  wire decays = shape[0];

  // Unscaling. late is the gradient as it is after MUL in any case.
  wire [31:0] unscaled, g_later;
  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) unscale (.clk(clk), .a(g), .b(c_unscale), .y(unscaled));
  fp_delay #(.WIDTH(32), .DEPTH(MUL)) later_g (.clk(clk), .d(g), .q(g_later));
  wire [31:0] late = unscales ? unscaled : g_later;

  // SR-STE. Where the mask says kept the term is -0, which leaves the gradient as it is.
  wire [31:0] mask_product, masked;
  wire kept_later;
  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) mask_mul (.clk(clk), .a(w), .b(c_mask_decay), .y(mask_product));
  fp_delay #(.WIDTH(1), .DEPTH(MUL)) later_kept (.clk(clk), .d(kept), .q(kept_later));
  fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) mask_add (.clk(clk), .a(late), .b(kept_later ? 32'h80000000 : mask_product), .y(masked));

  // Weight decay: added to the gradient, or taken off the weight.
  wire [31:0] decay_product, decay_later, w_later, decayed;
  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) decay_mul (.clk(clk), .a(w), .b(c_weight_decay), .y(decay_product));
  fp_delay #(.WIDTH(32), .DEPTH(ADD)) later_decay (.clk(clk), .d(decay_product), .q(decay_later));
  fp_delay #(.WIDTH(32), .DEPTH(MUL)) later_w (.clk(clk), .d(w), .q(w_later));
  fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) decay_add (
      .clk(clk),
      .a(adamw ? w_later : masks ? masked : late),
      .b(adamw ? {~decay_product[31], decay_product[30:0]} : masks ? decay_later : decay_product),
      .y(decayed)
  );

  wire [31:0] gradient = decays & ~adamw ? decayed : masks ? masked : unscales ? unscaled : g;
  wire [31:0] weight = decays & adamw ? decayed : w;

  // The state words, and what is taken off the weight before its rate.
  wire [31:0] update;
  generate
    if (OPTIMISER > 0) begin : momenta
      wire [31:0] product, waiting, other;
      fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) first_mul (.clk(clk), .a(s), .b(c_momentum), .y(product));
      wuve_ring #(.WIDTH(32), .MAX(GRADIENT), .BITS(BITS)) first_waits (.clk(clk), .at(at), .depth(early), .d(product), .q(waiting));
      fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) first_add (.clk(clk), .a(waiting), .b(other), .y(first));
      // Momentum's gradient may be there before the product.
      wire [31:0] plain = unscales | masks | decays ? gradient : late;
      if (OPTIMISER > 1) begin : moments
        wire [31:0] rest, square, square_rest, second_product, second_waiting, corrected, root, denominator, first_later, quotient;
        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) rest_mul (.clk(clk), .a(gradient), .b(c_rest1), .y(rest));
        assign other = adam ? rest : plain;

        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) square_mul (.clk(clk), .a(gradient), .b(gradient), .y(square));
        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) square_rest_mul (.clk(clk), .a(square), .b(c_rest2), .y(square_rest));
        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) second_mul (.clk(clk), .a(v), .b(c_beta2), .y(second_product));
        wire [31:0] second_moved;
        fp_delay #(.WIDTH(32), .DEPTH(MUL)) second_moves (.clk(clk), .d(second_product), .q(second_moved));
        wuve_ring #(.WIDTH(32), .MAX(GRADIENT), .BITS(BITS)) second_waits (.clk(clk), .at(at), .depth(gradient_at), .d(second_moved), .q(second_waiting));
        fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) second_add (.clk(clk), .a(second_waiting), .b(square_rest), .y(second));

        fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) correct_mul (.clk(clk), .a(second), .b(c_correct2), .y(corrected));
        fp32_sqrt #(.LATENCY(SQRT), .FLUSH(FLUSH)) root_of (.clk(clk), .a(corrected), .y(root));
        fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) epsilon_add (.clk(clk), .a(root), .b(c_epsilon), .y(denominator));
        fp_delay #(.WIDTH(32), .DEPTH(2 * MUL + SQRT + ADD)) first_moves (.clk(clk), .d(first), .q(first_later));
        fp32_div #(.LATENCY(DIV), .FLUSH(FLUSH)) divide (.clk(clk), .a(first_later), .b(denominator), .y(quotient));
        assign update = adam ? quotient : momentum ? first : gradient;
      end else begin : velocity
        assign other = plain;
        assign second = 32'd0;
        assign update = momentum ? first : gradient;
      end
    end else begin : plain
      assign first = 32'd0;
      assign second = 32'd0;
      assign update = gradient;
    end
  endgenerate

  // The weight.
  wire [31:0] weight_waiting, step;
  wuve_ring #(.WIDTH(32), .MAX(LONGEST), .BITS(BITS)) weight_waits (.clk(clk), .at(at), .depth(waits), .d(weight), .q(weight_waiting));
  fp32_mul #(.LATENCY(MUL), .FLUSH(FLUSH)) rate_mul (.clk(clk), .a(update), .b(c_rate), .y(step));
  fp32_add #(.LATENCY(ADD), .FLUSH(FLUSH)) weight_add (.clk(clk), .a(weight_waiting), .b({~step[31], step[30:0]}), .y(master));
  fp32_to_fp16 #(.LATENCY(CONVERT), .FLUSH(FLUSH)) convert (.clk(clk), .a(master), .y(half));

endmodule

`default_nettype wire
