// Makes the orders by which weights (WS) or start values (OS) enter: those of the bottom row first, row by row upwards, one a cycle; an element's
// n-major, then output by output. CHASE: weights from the top row on, row by row downwards.
//
//   clk, rst    rising edge; synchronous
//   ws, over_t, n_full, n_short, tap_last   registers of the tile; the last: groups of a tap, less one
//   go, go_d    the first order is there two cycles later: {bank of the weight registers; WS: groups in its tap after the last row's, CHASE: after the first row's; of the fold: rows, extra
//               rows, depth, n, columns, extra columns, columns used, outputs without and with an extra one}
//   reach       columns that the weight or start value is for, from column 0 on; 0: this turn is nobody's
//   rows        rows to pass
//   to, to_bank register of the weight, or output of the start value

`default_nettype none
`include "stce_fields.vh"

module stce_loader #(
    parameter ROWS    = 4,
    parameter COLS    = 4,
    parameter MAX_N   = 2,
    parameter MAX_I   = 4,
    parameter CHASE   = 0,
    // Set by the others.
    parameter REACH_W = `STCE_BITS(COLS + 1),
    parameter REG_W   = `STCE_BITS(MAX_N * MAX_I),
    parameter R_W     = `STCE_BITS(ROWS + 1),
    parameter N_W     = `STCE_BITS(MAX_N + 1),
    parameter D_W     = `STCE_BITS(MAX_I + 1),
    parameter LOAD_W  = 17 + 2 * R_W + N_W + 4 * D_W + 2 * REACH_W
) (
    input  wire               clk,
    input  wire               rst,
    input  wire               ws,
    input  wire               over_t,
    input  wire [    N_W-1:0] n_full,
    input  wire [    N_W-1:0] n_short,
    input  wire [       15:0] tap_last,
    input  wire               go,
    input  wire [ LOAD_W-1:0] go_d,
    output reg  [REACH_W-1:0] reach,
    output reg  [    R_W-1:0] rows,
    output reg  [  REG_W-1:0] to,
    output reg                to_bank
);

  // Numbers of different widths meet below.
  /* verilator lint_off WIDTH */
  wire bank;
  wire [15:0] place;
  wire [R_W-1:0] all_rows, extra_rows;
  wire [D_W-1:0] depth_in, cols_in, outs0_in, outs1_in;
  wire [N_W-1:0] n_in;
  wire [REACH_W-1:0] extra_cols_in, used_in;
  assign {bank, place, all_rows, extra_rows, depth_in, n_in, cols_in, extra_cols_in, used_in, outs0_in, outs1_in} = go_d;

  wire down = CHASE != 0 & ws;
  reg run, bank_at;
  reg [R_W-1:0] row, end_row, extra;
  reg [D_W-1:0] depth, cols, outs0, outs1, at;
  reg [N_W-1:0] n, round;
  reg [REACH_W-1:0] extra_cols, used;
  reg [REG_W-1:0] register;
  reg [15:0] to_end;  // WS: groups in its tap after the row's
  wire has_extra = row < extra;
  wire [N_W-1:0] kept = ~has_extra ? 0 : ~|to_end ? n_short : n_full;
  wire [D_W-1:0] outputs = has_extra ? outs1 : outs0;
  wire wanted = run & (ws ? round < kept : at < outputs);
  wire last_at = at + 1'b1 == depth;
  wire last_round = round + 1'b1 == n;

  always @(posedge clk) begin
    if (rst) run <= 1'b0;
    else if (go) run <= 1'b1;
    else if (last_at & last_round & row == end_row) run <= 1'b0;
    if (go) begin
      bank_at <= bank;
      row <= down ? 0 : all_rows - 1'b1;
      end_row <= down ? all_rows - 1'b1 : 0;
      extra <= extra_rows;
      depth <= ws & over_t ? 1 : depth_in;
      cols <= cols_in;
      outs0 <= outs0_in;
      outs1 <= outs1_in;
      n <= ws ? n_in : 1;
      extra_cols <= extra_cols_in;
      used <= used_in;
      round <= 0;
      at <= 0;
      register <= 0;
      to_end <= place;
    end else begin
      at <= last_at ? 0 : at + 1'b1;
      register <= register + 1'b1;
      if (last_at) begin
        round <= round + 1'b1;
        if (last_round) begin
          round <= 0;
          register <= 0;
          row <= down ? row + 1'b1 : row - 1'b1;
          if (has_extra) to_end <= down ? (~|to_end ? tap_last : to_end - 16'd1) : to_end == tap_last ? 16'd0 : to_end + 16'd1;
        end
      end
    end
    reach <= ~wanted | rst ? 0 : over_t ? used : at < cols ? COLS : at == cols ? extra_cols : 0;
    rows <= row;
    to <= register;
    to_bank <= bank_at;
  end
  /* verilator lint_on WIDTH */

endmodule

`default_nettype wire
