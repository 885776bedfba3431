// Makes the orders by which weights (WS) or start values (OS) enter: those of the bottom row first, row by row upwards, one a cycle; an element's
// n-major, then output by output.
//
//   clk, rst    rising edge; synchronous
//   go          the first order is made in the cycle after it
//   kind, phase, bank   in that cycle: kind of fold; WS: place of row 0's group in its tap; bank of the weight registers
//   reach       columns that the weight or start value is for, from column 0 on; 0: this turn is nobody's
//   rows        rows to pass
//   to, to_bank register of the weight, or output of the start value
//
// The other inputs are registers of the tile.

`default_nettype none
`include "stce_fields.vh"

module stce_loader #(
    parameter COLS    = 4,
    parameter MAX_N   = 2,
    parameter MAX_I   = 4,
    // Set by the others.
    parameter REACH_W = `STCE_BITS(COLS + 1),
    parameter REG_W   = `STCE_BITS(MAX_N * MAX_I),
    parameter KINDS_W = 4 * 16 * `STCE_KIND_WORDS
) (
    input  wire               clk,
    input  wire               rst,
    input  wire               ws,
    input  wire               over_t,
    input  wire [       15:0] n_full,
    input  wire [       15:0] n_short,
    input  wire [       15:0] per_tap,
    input  wire [KINDS_W-1:0] kinds,
    input  wire               go,
    input  wire [        1:0] kind,
    input  wire [       15:0] phase,
    input  wire               bank,
    output wire [REACH_W-1:0] reach,
    output wire [       15:0] rows,
    output wire [  REG_W-1:0] to,
    output reg                to_bank
);

  localparam KIND_W = 16 * `STCE_KIND_WORDS;

  // Numbers of different widths meet below, and a kind has more fields than are needed here.
  /* verilator lint_off WIDTH */
  /* verilator lint_off UNUSED */
  reg run;
  reg [1:0] kind_at;
  reg [15:0] row, round, at, register;
  reg [15:0] place;  // WS: of the row's group in its tap
  wire [KIND_W-1:0] k = kinds[kind_at*KIND_W+:KIND_W];
  wire [KIND_W-1:0] g = kinds[kind*KIND_W+:KIND_W];

  wire [15:0] rounds = ws ? k[16*`STCE_N+:16] : 16'd1;
  wire [15:0] depth = ws & over_t ? 16'd1 : k[16*`STCE_DEPTH+:16];
  wire has_extra = row < k[16*`STCE_EXTRA_ROWS+:16];
  wire tap_end = place + 16'd1 == per_tap;
  wire [15:0] kept = ~has_extra ? 16'd0 : tap_end ? n_short : n_full;
  wire [15:0] outputs = has_extra ? k[16*`STCE_OUTS1+:16] : k[16*`STCE_OUTS0+:16];
  wire wanted = run & (ws ? round < kept : at < outputs);
  wire last_at = at + 16'd1 == depth;
  wire last_round = round + 16'd1 == rounds;

  assign reach =
      ~wanted ? 0 : over_t ? k[16*`STCE_USED+:16] : at < k[16*`STCE_COLS+:16] ? COLS :
      at == k[16*`STCE_COLS+:16] ? k[16*`STCE_EXTRA_COLS+:16] : 0;
  assign rows = row;
  assign to = register;

  wire [16:0] bottom = phase + g[16*`STCE_PHASE+:16];

  always @(posedge clk) begin
    if (rst) run <= 1'b0;
    else if (go) run <= 1'b1;
    else if (last_at & last_round & row == 16'd0) run <= 1'b0;
    if (go) begin
      kind_at <= kind;
      to_bank <= bank;
      row <= g[16*`STCE_ROWS+:16] - 16'd1;
      round <= 16'd0;
      at <= 16'd0;
      register <= 16'd0;
      place <= bottom >= per_tap ? bottom - per_tap : bottom;
    end else begin
      at <= last_at ? 16'd0 : at + 16'd1;
      register <= register + 16'd1;
      if (last_at) begin
        round <= round + 16'd1;
        if (last_round) begin
          round <= 16'd0;
          register <= 16'd0;
          row <= row - 16'd1;
          if (has_extra) place <= place == 16'd0 ? per_tap - 16'd1 : place - 16'd1;
        end
      end
    end
  end
  /* verilator lint_on UNUSED */
  /* verilator lint_on WIDTH */

endmodule

`default_nettype wire
