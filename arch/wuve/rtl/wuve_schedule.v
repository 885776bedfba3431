// When what is made in a lane, in cycles after its operands, for one shape of job. Combinational.
//
//   shape    optimiser (4:3: sgd, momentum, adam, adamw), unscale (2), mask decay (1), weight decay (0)
//   gradient the gradient that the optimiser sees, so long is the second moment's product ahead of its partner, less a multiplication
//   first    the first state word leaves: velocity or first moment
//   second   the second moment leaves
//   early    the first state word's product waits so long for its partner
//   waits    the weight waits so long for what is taken off it
//   master   the new master weight leaves
//   half     the FP16 weight leaves

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
    output wire [BITS-1:0] half
);

  localparam [BITS-1:0] M = MUL[BITS-1:0];
  localparam [BITS-1:0] A = ADD[BITS-1:0];
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
  assign waits = update + M - (shrinks ? M + A : {BITS{1'b0}});
  assign master = update + M + A;
  assign half = master + CONVERT[BITS-1:0];

endmodule

`default_nettype wire
