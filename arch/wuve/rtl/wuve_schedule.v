// When what is made in a lane, in cycles after its operands, for one shape of job, and what its multiplexers choose. Combinational.
//
//   shape    optimiser (4:3: sgd, momentum, adam, adamw), unscale (2), SR-STE (1), weight decay (0)
//   gradient the gradient that the optimiser sees, so long is the second moment's product ahead of its partner, less a multiplication
//   first    the first state word leaves: velocity or first moment
//   second   the second moment leaves
//   early    the first state word's product waits so long for its partner
//   waits    the weight waits so long for what is taken off it, less the register of its ring, which is there where operators have registers
//   master   the new master weight leaves
//   half     the FP16 weight leaves
//   choices  of the lane's multiplexers, from bit 0 on:
//              unscales    the gradient is multiplied by the constant, else by one
//              decays (2)  the adder of weight decay has the gradient, 0 behind that multiplier, 2 with SR-STE's term; 3 the weight
//              later (2)   and adds the product 0 at once, 1 after SR-STE's adder; 2 takes it off
//              made (2)    the gradient in the end is that 0 behind the multiplier, 2 with SR-STE's term, 3 with weight decay
//              some        it is, else it is as it came
//              added (2)   the first state word has added the gradient as made; 1 the product of it
//              updates (2) the rate multiplies the gradient, 0 as it came, 1 as made; 2 the first state word; 3 the quotient
//              shrinks     the weight is that behind the adder of weight decay

`default_nettype none

module wuve_schedule #(
    parameter MUL     = 4,
    parameter ADD     = 6,
    parameter DIV     = 28,
    parameter SQRT    = 28,
    parameter CONVERT = 2,
    parameter BITS    = 8   // of a time
) (
    input  wire [     4:0] shape,
    output wire [BITS-1:0] gradient,
    output wire [BITS-1:0] first,
    output wire [BITS-1:0] second,
    output wire [BITS-1:0] early,
    output wire [BITS-1:0] waits,
    output wire [BITS-1:0] master,
    output wire [BITS-1:0] half,
    output wire [    12:0] choices
);

  localparam [BITS-1:0] M = MUL[BITS-1:0];
  localparam [BITS-1:0] A = ADD[BITS-1:0];
  localparam [BITS-1:0] HELD = MUL > 0 && ADD > 0 ? M - 1'b1 : M;
  localparam [BITS-1:0] LONG = SQRT[BITS-1:0] + DIV[BITS-1:0];

  wire adam = shape[4];
  wire adamw = &shape[4:3];
  wire momentum = shape[3] & ~adam;
  wire shrinks = shape[0] & adamw;

  // Each of SR-STE and weight decay adds a product that is there after MUL.
  wire [BITS-1:0] masked = shape[1] ? M + A : shape[2] ? M : {BITS{1'b0}};
  wire [BITS-1:0] decayed = (masked > M ? masked : M) + A;
  assign gradient = shape[0] & ~adamw ? decayed : masked;

  wire [BITS-1:0] other = adam ? gradient + M : gradient;
  assign early = other > M ? other - M : {BITS{1'b0}};
  assign first = (other > M ? other : M) + A;
  assign second = gradient + M + M + A;

  wire [BITS-1:0] update = adam ? second + M + A + LONG : momentum ? first : gradient;
  assign waits = update + HELD - (shrinks ? M + A : {BITS{1'b0}});
  assign master = update + M + A;
  assign half = master + CONVERT[BITS-1:0];

  wire masks = shape[1];
  wire adds = shape[0] & ~adamw;
  wire some = |shape[2:1] | adds;
  wire [1:0] so_far = {masks, 1'b0};
  wire [1:0] made = adds ? 2'd3 : so_far;
  wire [1:0] updates = adam ? 2'd3 : momentum ? 2'd2 : {1'b0, some};
  assign choices = {shrinks, updates, adam ? 2'd1 : made, some, made, adamw ? 2'd2 : {1'b0, masks}, adamw ? 2'd3 : so_far, shape[2]};

endmodule

`default_nettype wire
