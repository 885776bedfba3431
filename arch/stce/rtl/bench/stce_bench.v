// Holds the array to the exact model: tiles of stce_bench.txt one after the other, every edge in every cycle, results in the output buffers,
// cycles and all counts. It ends with "equal: N tiles", or with the first difference: tile, cycle, port, lane, what it is and should be.
//
// stce_bench.txt holds hexadecimal numbers. A tile: "case", cycles, cycles held back; registers: how many, then address and value of each; folds: how
// many, then how long each is held back; words of each row's west buffer: how many, then they; likewise each column's north and output buffer;
// for each cycle, and the one after the last, the words that cross: how many, then port (0 west, 1 weight, 2 sum, 3 south), lane, operands (1 but
// for west) and content of each; of each column's output buffer how many results, then they; counts as stce.v numbers them, those of rows first.
//
// Inputs of the array are driven from a clocked block, by nonblocking assignments. Handshakes are checked: asks stays until there is ready, and is so
// often as there are folds; ticks follow each other; busy is from start to done.

`timescale 1ns / 1ps
`default_nettype none
`include "stce_fields.vh"

module stce_bench #(
    parameter ROWS         = 4,
    parameter COLS         = 4,
    parameter MAX_N        = 2,
    parameter MAX_M        = 8,
    parameter MAX_I        = 4,
    parameter LINK_W       = 4,
    parameter MUL_LATENCY  = 4,
    parameter ADD_LATENCY  = 8,
    parameter READ_LATENCY = 2,
    parameter ADDR_W       = 12,
    parameter FLUSH        = 1,
    parameter SHADOW       = 1
);

  localparam PLACE_W = `STCE_BITS(MAX_M);
  localparam SIZE_W = `STCE_BITS(LINK_W + 1);
  localparam ROW_W = `STCE_BITS(ROWS);
  localparam LINK = 16 * LINK_W;
  localparam WEIGHT = 16 + PLACE_W;
  localparam DATA = LINK + 32;
  localparam LANES = ROWS > COLS ? ROWS : COLS;
  localparam RESET = ROWS + COLS + MUL_LATENCY + ADD_LATENCY + 2 * READ_LATENCY + 8;
  localparam COUNTS = 8 + 13;

  reg clk;
  initial clk = 1'b0;
  always #5 clk = ~clk;

  // The array.
  reg rst, reg_we, start;
  reg [8:0] reg_wa;
  reg [31:0] reg_wd;
  reg count_all;
  reg [ROW_W-1:0] count_row;
  reg [3:0] count_at;
  reg [31:0] hold;
  wire ready = hold == 32'd0;
  wire asks, busy, tick, done;
  wire [ROWS-1:0] west_en;
  wire [ROWS*ADDR_W-1:0] west_addr;
  wire [ROWS*SIZE_W-1:0] west_count;
  wire [ROWS*LINK-1:0] west_data;
  wire [COLS-1:0] north_en, out_ren, out_we, out_whalf, result_valid;
  wire [COLS*ADDR_W-1:0] north_addr, out_raddr, out_waddr;
  wire [COLS*WEIGHT-1:0] north_data;
  wire [COLS*32-1:0] out_rdata, out_wdata, result;
  wire [39:0] count;
  stce #(
      .ROWS(ROWS), .COLS(COLS), .MAX_N(MAX_N), .MAX_M(MAX_M), .MAX_I(MAX_I), .LINK_W(LINK_W), .MUL_LATENCY(MUL_LATENCY),
      .ADD_LATENCY(ADD_LATENCY), .READ_LATENCY(READ_LATENCY), .ADDR_W(ADDR_W), .COUNT_W(40), .FLUSH(FLUSH), .SHADOW(SHADOW)
  ) dut (
      .clk(clk), .rst(rst), .reg_we(reg_we), .reg_wa(reg_wa), .reg_wd(reg_wd), .start(start), .asks(asks), .ready(ready), .busy(busy),
      .tick(tick), .done(done), .west_en(west_en), .west_addr(west_addr), .west_count(west_count), .west_data(west_data), .north_en(north_en),
      .north_addr(north_addr), .north_data(north_data), .out_ren(out_ren), .out_raddr(out_raddr), .out_rdata(out_rdata), .out_we(out_we),
      .out_waddr(out_waddr), .out_wdata(out_wdata), .out_whalf(out_whalf), .result_valid(result_valid), .result(result),
      .count_all(count_all), .count_row(count_row), .count_at(count_at), .count(count)
  );

  // Buffers.
  reg load_we;
  reg [1:0] load_port;
  reg [31:0] load_lane;
  reg [ADDR_W-1:0] load_addr, peek_addr;
  reg [DATA-1:0] load_data;
  wire [COLS*32-1:0] peeks;
  genvar g;
  generate
    for (g = 0; g < ROWS; g = g + 1) begin : wests
      stce_bench_buffer #(
          .WIDTH(LINK), .ADDR_W(ADDR_W), .READ_LATENCY(READ_LATENCY)
      ) bank (
          .clk(clk), .load_we(load_we & load_port == 2'd0 & load_lane == g), .load_addr(load_addr), .load_data(load_data[LINK-1:0]),
          .en(west_en[g]), .addr(west_addr[g*ADDR_W+:ADDR_W]), .data(west_data[g*LINK+:LINK]), .we(1'b0), .waddr(load_addr),
          .wdata(load_data[LINK-1:0]), .peek_addr(peek_addr), .peek()
      );
    end
    for (g = 0; g < COLS; g = g + 1) begin : norths
      stce_bench_buffer #(
          .WIDTH(WEIGHT), .ADDR_W(ADDR_W), .READ_LATENCY(READ_LATENCY)
      ) bank (
          .clk(clk), .load_we(load_we & load_port == 2'd1 & load_lane == g), .load_addr(load_addr), .load_data(load_data[WEIGHT-1:0]),
          .en(north_en[g]), .addr(north_addr[g*ADDR_W+:ADDR_W]), .data(north_data[g*WEIGHT+:WEIGHT]), .we(1'b0), .waddr(load_addr),
          .wdata(load_data[WEIGHT-1:0]), .peek_addr(peek_addr), .peek()
      );
    end
    for (g = 0; g < COLS; g = g + 1) begin : outs
      stce_bench_buffer #(
          .WIDTH(32), .ADDR_W(ADDR_W), .READ_LATENCY(READ_LATENCY)
      ) bank (
          .clk(clk), .load_we(load_we & load_port == 2'd2 & load_lane == g), .load_addr(load_addr), .load_data(load_data[31:0]),
          .en(out_ren[g]), .addr(out_raddr[g*ADDR_W+:ADDR_W]), .data(out_rdata[g*32+:32]), .we(out_we[g]),
          .waddr(out_waddr[g*ADDR_W+:ADDR_W]), .wdata(out_wdata[g*32+:32]), .peek_addr(peek_addr), .peek(peeks[g*32+:32])
      );
    end
  endgenerate

  // Reads, as old as the words that they gave are when these are on the array's edges.
  reg [(READ_LATENCY+1)*ROWS*SIZE_W-1:0] wests_read;
  reg [(READ_LATENCY+1)*COLS-1:0] norths_read, outs_read;
  reg [ROWS*LINK-1:0] west_word;
  wire [ROWS*SIZE_W-1:0] west_now = wests_read[(READ_LATENCY+1)*ROWS*SIZE_W-1-:ROWS*SIZE_W];
  wire [COLS-1:0] north_now = norths_read[(READ_LATENCY+1)*COLS-1-:COLS];
  wire [COLS-1:0] out_now = outs_read[(READ_LATENCY+1)*COLS-1-:COLS];
  reg [ROWS*SIZE_W-1:0] west_reads;
  integer l;
  always @* for (l = 0; l < ROWS; l = l + 1) west_reads[l*SIZE_W+:SIZE_W] = west_en[l] ? west_count[l*SIZE_W+:SIZE_W] : {SIZE_W{1'b0}};
  always @(posedge clk) begin
    wests_read  <= {wests_read[READ_LATENCY*ROWS*SIZE_W-1:0], west_reads};
    norths_read <= {norths_read[READ_LATENCY*COLS-1:0], north_en};
    outs_read   <= {outs_read[READ_LATENCY*COLS-1:0], out_ren};
    west_word   <= west_data;
  end

  // What the file says of this cycle. Used by one block only.
  integer file, got, i, j, n, port, lane, size, tiles, cycle, cycles, held;
  reg [64*8-1:0] name;
  reg [31:0] address, number;
  reg [DATA-1:0] data, mask, is;
  reg [39:0] counted[0:COUNTS-1];
  reg [39:0] total;
  reg [LANES-1:0] expects[0:3];
  integer folds, fold;
  integer holds[0:65535];
  reg failed, asked;

  // Takes part in a step of the bench: resets, loads, runs, checks.
  localparam RESETS = 0, CASE = 1, LOADS = 2, SETS = 3, STARTS = 4, RUNS = 5, PEEKS = 6, COUNTS_UP = 7, ENDS = 8;
  integer step, left, at;

  task differs;
    input [8*8-1:0] what;
    input integer where;
    input [DATA-1:0] a;
    input [DATA-1:0] b;
    begin
      if (!failed) $display("tile %0d cycle %0d %0s %0d: %h, not %h", tiles, cycle, what, where, a, b);
      failed = 1'b1;
    end
  endtask

  task next;
    output [31:0] v;
    begin
      got = $fscanf(file, "%h", v);
      if (got != 1) begin
        if (!failed) $display("stce_bench.txt ends in tile %0d", tiles);
        failed = 1'b1;
        v = 32'd0;
      end
    end
  endtask

  // Holds this cycle's edges to the file.
  task compare;
    begin
      for (j = 0; j < 4; j = j + 1) expects[j] = 0;
      next(n);
      for (i = 0; i < n; i = i + 1) begin
        next(port);
        next(lane);
        next(size);
        got = $fscanf(file, "%h", data);
        expects[port][lane] = 1'b1;
        case (port)
          0: begin
            mask = ~({DATA{1'b1}} << 16 * size);
            is = west_word[lane*LINK+:LINK];
            is = is & mask;
            if (west_now[lane*SIZE_W+:SIZE_W] != size) differs("operands", lane, west_now[lane*SIZE_W+:SIZE_W], size);
            else if (is !== (data & mask)) differs("west", lane, is, data & mask);
          end
          1:
          if (!north_now[lane]) differs("weight", lane, 0, data);
          else if (dut.weights[lane*WEIGHT+:WEIGHT] !== data[WEIGHT-1:0]) differs("weight", lane, dut.weights[lane*WEIGHT+:WEIGHT], data);
          2:
          if (!out_now[lane]) differs("sum", lane, 0, data);
          else if (dut.sums_in[lane*32+:32] !== data[31:0]) differs("sum", lane, dut.sums_in[lane*32+:32], data);
          default:
          if (!result_valid[lane]) differs("south", lane, 0, data);
          else if (result[lane*32+:32] !== data[31:0]) differs("south", lane, result[lane*32+:32], data);
        endcase
      end
      for (i = 0; i < ROWS; i = i + 1) if (!expects[0][i] && west_now[i*SIZE_W+:SIZE_W] != 0) differs("west", i, west_now[i*SIZE_W+:SIZE_W], 0);
      for (i = 0; i < COLS; i = i + 1) begin
        if (!expects[1][i] && north_now[i] !== 1'b0) differs("weight", i, 1, 0);
        if (!expects[2][i] && out_now[i] !== 1'b0) differs("sum", i, 1, 0);
        if (!expects[3][i] && result_valid[i] !== 1'b0) differs("south", i, 1, 0);
      end
    end
  endtask

  initial begin
    file = $fopen("stce_bench.txt", "r");
    tiles = 0;
    failed = 1'b0;
    step = RESETS;
    left = RESET;
  end

  always @(posedge clk) begin
    // For Verilator 5.006 too: it takes $fscanf to write its file, and keeps a file not read before in a variable of this block, where it is 0.
    if (file == 0) begin
      $display("stce_bench.txt is not there");
      $finish;
    end
    rst <= step == RESETS;
    reg_we <= 1'b0;
    start <= 1'b0;
    load_we <= 1'b0;
    case (step)
      RESETS: begin
        left = left - 1;
        if (left == 0) step = CASE;
      end
      CASE: begin
        got = $fscanf(file, "%s", name);
        if (got != 1) begin
          $display("equal: %0d tiles", tiles);
          step = ENDS;
        end else begin
          next(cycles);
          next(held);
          next(left);
          step = SETS;
        end
      end
      SETS:
      if (left != 0) begin
        next(address);
        next(number);
        reg_we <= 1'b1;
        reg_wa <= address[8:0];
        reg_wd <= number;
        left = left - 1;
      end else begin
        next(folds);
        for (i = 0; i < folds; i = i + 1) begin
          next(number);
          holds[i] = number;
        end
        fold = 0;
        hold <= holds[0];
        port = 0;
        lane = 0;
        at = 0;
        next(left);
        step = LOADS;
      end
      LOADS:
      if (left != 0) begin
        got = $fscanf(file, "%h", data);
        load_we <= 1'b1;
        load_port <= port[1:0];
        load_lane <= lane;
        load_addr <= at[ADDR_W-1:0];
        load_data <= data;
        at = at + 1;
        left = left - 1;
      end else begin
        at = 0;
        lane = lane + 1;
        if (lane == (port == 0 ? ROWS : COLS)) begin
          lane = 0;
          port = port + 1;
        end
        if (port == 3) step = STARTS;
        else next(left);
      end
      STARTS: begin
        start <= 1'b1;
        asked = 1'b0;
        if (busy) differs("busy", 0, 1, 0);
        cycle = 0;
        step = RUNS;
      end
      RUNS: begin
        if (asked & ~asks) differs("asks", 0, 0, 1);
        asked = asks & ~ready;
        if (cycle != 0 && !busy) differs("busy", 0, 0, 1);
        if (asks & ready) begin
          fold = fold + 1;
          hold <= fold < folds ? holds[fold] : 0;
        end else if (asks) hold <= hold - 1;
        if (tick | done) begin
          compare;
          cycle = cycle + 1;
        end else if (cycle != 0) differs("tick", 0, 0, 1);
        if (tick && cycle > cycles) differs("cycles", 0, cycle, cycles);
        if (done) begin
          if (cycle != cycles + 1) differs("cycles", 0, cycle - 1, cycles);
          if (fold != folds) differs("folds", 0, fold, folds);
          port = 0;
          next(left);
          at = 0;
          peek_addr <= 0;
          step = PEEKS;
        end else if (cycle == 0) begin
          left = left + 1;
          if (left > 1000 + held) differs("start", 0, 0, 1);
        end
      end
      // The first cycle lets the last results be written.
      PEEKS:
      if (at == 0 && port == 0) begin
        port = 1;
        lane = 0;
      end else if (left != 0) begin
        next(number);
        if (peeks[lane*32+:32] !== number) differs("output", lane, peeks[lane*32+:32], number);
        at = at + 1;
        peek_addr <= at[ADDR_W-1:0];
        left = left - 1;
        port = 2;
      end else begin
        lane = lane + 1;
        at = 0;
        peek_addr <= 0;
        if (lane == COLS) begin
          for (i = 0; i < COUNTS; i = i + 1) got = $fscanf(file, "%h", counted[i]);
          step = COUNTS_UP;
          at = 0;
          lane = 0;
          total = 0;
          count_all <= 1'b0;
          count_row <= 0;
          count_at <= 0;
          left = 2;
        end else begin
          next(left);
        end
      end
      COUNTS_UP:
      if (left != 0) left = left - 1;
      else begin
        left = 1;
        total = total + count;
        lane = lane + 1;
        if (at < 8 && lane < ROWS) count_row <= lane;
        else begin
          if (total !== counted[at]) differs("count", at, total, counted[at]);
          total = 0;
          lane = 0;
          count_row <= 0;
          at = at + 1;
          count_all <= at >= 8;
          count_at <= at >= 8 ? at - 8 : at;
          if (at == COUNTS) begin
            tiles = tiles + 1;
            step = CASE;
          end
        end
      end
      default: $finish;
    endcase
    if (failed) begin
      $finish;
      step = ENDS;
    end
  end

endmodule

`default_nettype wire
