// When what is made in a lane, in cycles after its operands, for one shape of job, and what its multiplexers choose. Combinational.
//
//   shape    optimiser (4:3: sgd, momentum, adam, adamw), unscale (2), SR-STE (1), weight decay (0)
//   times    what follows, gradient highest:
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
    input  wire [         4:0] shape,
    output wire [7*BITS+12:0] times
);

  localparam [BITS-1:0] M = MUL[BITS-1:0];
  localparam [BITS-1:0] A = ADD[BITS-1:0];
  localparam [BITS-1:0] HELD = MUL > 0 && ADD > 0 ? M - 1'b1 : M;
  localparam [BITS-1:0] LONG = SQRT[BITS-1:0] + DIV[BITS-1:0];
  localparam ALL = 7 * BITS + 13;

  // All of it for a shape, which is known before there is hardware: sums are worked out then.
  function [ALL-1:0] made_of;
    input [4:0] of;
    reg adam, adamw, momentum, shrunk, adds, some;
    reg [BITS-1:0] masked, decayed, grad, other, one, two, update, whole;
    reg [1:0] so_far, made;
    begin
      adam = of[4];
      adamw = of[4] & of[3];
      momentum = of[3] & ~adam;
      shrunk = of[0] & adamw;
      adds = of[0] & ~adamw;
      // Each of SR-STE and weight decay adds a product that is there after MUL.
      masked = of[1] ? M + A : of[2] ? M : {BITS{1'b0}};
      decayed = (masked > M ? masked : M) + A;
      grad = adds ? decayed : masked;
      other = adam ? grad + M : grad;
      one = (other > M ? other : M) + A;
      two = grad + M + M + A;
      update = adam ? two + M + A + LONG : momentum ? one : grad;
      whole = update + M + A;
      some = of[2] | of[1] | adds;
      so_far = {of[1], 1'b0};
      made = adds ? 2'd3 : so_far;
      made_of = {grad, one, two, other > M ? other - M : {BITS{1'b0}}, update + HELD - (shrunk ? M + A : {BITS{1'b0}}), whole, whole + CONVERT[BITS-1:0],
                 shrunk, adam ? 2'd3 : momentum ? 2'd2 : {1'b0, some}, adam ? 2'd1 : made, some, made, adamw ? 2'd2 : {1'b0, of[1]}, adamw ? 2'd3 : so_far, of[2]};
    end
  endfunction

  // A bit of it is a table of the shape: a LUT, where sums would be chains of them.
  genvar b, s;
  generate
    for (b = 0; b < ALL; b = b + 1) begin : of_bit
      wire [31:0] by_shape;
      for (s = 0; s < 32; s = s + 1) begin : of_shape
        localparam [ALL-1:0] ROW = made_of(s);
        assign by_shape[s] = ROW[b];
      end
      assign times[b] = by_shape[shape];
    end
  endgenerate
endmodule

`default_nettype wire
