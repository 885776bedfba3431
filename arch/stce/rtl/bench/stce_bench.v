// Holds the array to the exact model: tiles of stce_bench.txt one after the other, every edge in every cycle, results in the output buffers,
// cycles and all counts. It ends with "equal: N tiles", or with the first difference: tile, cycle, port, lane, what it is and should be. +vcd=FILE writes all
// signals.
//
// With +reset=K all tiles run twice: in cycle K, counted over all of them without quiet ones, the array is reset with whatever is under way, for as many cycles as it needs at least,
// and all is replayed to its end; if they do not have so many, it is reset when all are over. What differs after that is said with "replay" before it.
//
// stce_bench.txt holds hexadecimal numbers. A tile: "case", or "next" if it is to begin where the tile before ends, without a cycle between; cycles, cycles held
// back; registers: how many, then address and value of each; folds: how many, then how long each is held back; words of each row's west buffer: how many, then
// they; likewise each column's north and output buffer, with a place, if its output holds one, in front of a word; for each cycle, and the one after the last, the words that cross: how many, then port (0 west, 1 weight,
// 2 sum, 3 south, 4 place), lane, operands (1 but for west) and content of each; of each column's output buffer how many results, then they; counts as stce.v
// numbers them, those of rows first.
//
// The file is read twice: ahead, to write the registers and buffers of the next tile while one runs, and for what should cross the edges. The tile before a
// "next" waits at its first fold until the next one is queued; these cycles are quiet, and held back. Results and counts are compared when a row of tiles is over.
// Each of them has a part of the buffers, of which there are four.
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
    parameter ADDR_W       = 14,
    parameter FLUSH        = 1,
    parameter SHADOW       = 1,
    parameter CHASE        = 0,
    parameter PRODUCTS     = 1,
    parameter HELD         = 0
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
  reg rst, reg_we, start, clear;
  reg [8:0] reg_wa;
  reg [31:0] reg_wd;
  reg count_all;
  reg [ROW_W-1:0] count_row;
  reg [3:0] count_at;
  reg ready;
  wire queued, asks, busy, tick, done;
  wire [ROWS-1:0] west_en;
  wire [ROWS*ADDR_W-1:0] west_addr;
  wire [ROWS*SIZE_W-1:0] west_count;
  wire [ROWS*LINK-1:0] west_data;
  wire [COLS-1:0] north_en, out_ren, out_we, out_whalf, result_valid;
  wire [COLS*ADDR_W-1:0] north_addr, out_raddr, out_waddr;
  wire [COLS*WEIGHT-1:0] north_data;
  wire [COLS*32-1:0] out_rdata, out_wdata, result;
  wire [COLS-1:0] place_en;
  wire [COLS*PLACE_W-1:0] place_data;
  wire [39:0] count;
  stce #(
      .ROWS(ROWS), .COLS(COLS), .MAX_N(MAX_N), .MAX_M(MAX_M), .MAX_I(MAX_I), .LINK_W(LINK_W), .MUL_LATENCY(MUL_LATENCY),
      .ADD_LATENCY(ADD_LATENCY), .READ_LATENCY(READ_LATENCY), .ADDR_W(ADDR_W), .COUNT_W(40), .FLUSH(FLUSH), .SHADOW(SHADOW), .CHASE(CHASE), .PRODUCTS(PRODUCTS), .HELD(HELD)
  ) dut (
      .clk(clk), .rst(rst), .reg_we(reg_we), .reg_wa(reg_wa), .reg_wd(reg_wd), .start(start), .queued(queued), .asks(asks), .ready(ready), .busy(busy),
      .tick(tick), .done(done), .west_en(west_en), .west_addr(west_addr), .west_count(west_count), .west_data(west_data), .north_en(north_en),
      .north_addr(north_addr), .north_data(north_data), .out_ren(out_ren), .out_raddr(out_raddr), .out_rdata(out_rdata), .place_en(place_en), .place_data(place_data), .out_we(out_we),
      .out_waddr(out_waddr), .out_wdata(out_wdata), .out_whalf(out_whalf), .result_valid(result_valid), .result(result),
      .clear(clear), .count_all(count_all), .count_row(count_row), .count_at(count_at), .count(count)
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
      if (HELD != 0) begin : places
        stce_bench_buffer #(
            .WIDTH(PLACE_W), .ADDR_W(ADDR_W), .READ_LATENCY(READ_LATENCY)
        ) bank (
            .clk(clk), .load_we(load_we & load_port == 2'd2 & load_lane == g), .load_addr(load_addr), .load_data(load_data[32+:PLACE_W]),
            .en(place_en[g]), .addr(out_raddr[g*ADDR_W+:ADDR_W]), .data(place_data[g*PLACE_W+:PLACE_W]), .we(1'b0), .waddr(load_addr),
            .wdata(load_data[32+:PLACE_W]), .peek_addr(peek_addr), .peek()
        );
      end else begin : no_places
        assign place_data[g*PLACE_W+:PLACE_W] = {PLACE_W{1'b0}};
      end
    end
  endgenerate

  // Reads, as old as the words that they gave are when these are on the array's edges.
  reg [(READ_LATENCY+1)*ROWS*SIZE_W-1:0] wests_read;
  reg [(READ_LATENCY+1)*COLS-1:0] norths_read, outs_read, places_read;
  reg [ROWS*LINK-1:0] west_word;
  wire [ROWS*SIZE_W-1:0] west_now = wests_read[(READ_LATENCY+1)*ROWS*SIZE_W-1-:ROWS*SIZE_W];
  wire [COLS-1:0] north_now = norths_read[(READ_LATENCY+1)*COLS-1-:COLS];
  wire [COLS-1:0] out_now = outs_read[(READ_LATENCY+1)*COLS-1-:COLS];
  wire [COLS-1:0] place_now = places_read[(READ_LATENCY+1)*COLS-1-:COLS];
  reg [ROWS*SIZE_W-1:0] west_reads;
  integer l;
  always @* for (l = 0; l < ROWS; l = l + 1) west_reads[l*SIZE_W+:SIZE_W] = west_en[l] ? west_count[l*SIZE_W+:SIZE_W] : {SIZE_W{1'b0}};
  always @(posedge clk) begin
    wests_read  <= {wests_read[READ_LATENCY*ROWS*SIZE_W-1:0], west_reads};
    norths_read <= {norths_read[READ_LATENCY*COLS-1:0], north_en};
    outs_read   <= {outs_read[READ_LATENCY*COLS-1:0], out_ren};
    places_read <= {places_read[READ_LATENCY*COLS-1:0], place_en};
    west_word   <= west_data;
  end

  // The reader ahead: resets, waits for a row of tiles to be over, writes registers, then buffers, starts.
  localparam RESETS = 0, FINDS = 1, WAITS = 2, SETS = 3, LOADS = 4, STARTS = 5, LOADED = 6;
  integer ahead, step, left, port, lane, at, part, started;
  reg follows, over;  // the tile that is found begins where the one before ends; there is none
  reg [31:0] base;
  integer folds_of[0:3];
  integer holds[0:4*4096-1];
  // The array's control, by tiles asked for: their folds, which of them is held back and for how long.
  integer asked_tile, fold, hold;
  reg asked;
  // A tile waits at its first fold until it is known whether another follows, and that one is queued.
  reg known;
  // Quiet cycles, as late as what they hold back.
  reg [READ_LATENCY+3:0] quiet;
  // The reader of edges.
  integer file, got, i, j, n, compared, cycle, cycles, held, extra;
  reg [64*8-1:0] name;
  reg [31:0] number, size, to, on;
  reg [DATA-1:0] data, mask, is;
  reg [39:0] counted[0:COUNTS-1];
  reg [39:0] total;
  reg [LANES-1:0] expects[0:4];
  reg [31:0] outputs[0:4*COLS*4096-1];
  integer outputs_of[0:4*COLS-1];
  reg failed, running;
  // The reset under way: in which cycle, and how many there were; it is to come; it was.
  integer reset, worked;
  reg resets, again;
  // What is compared when a row of tiles is over.
  localparam NOT = 0, SETTLES = 1, PEEKS = 2, COUNTS_UP = 3;
  integer idle, ends, first, peek_tile, peek_lane, peeked, settle;

  task differs;
    input [8*8-1:0] what;
    input integer where;
    input [DATA-1:0] a;
    input [DATA-1:0] b;
    begin
      if (!failed) $display("%0stile %0d cycle %0d %0s %0d: %h, not %h", again ? "replay " : "", compared, cycle, what, where, a, b);
      failed = 1'b1;
    end
  endtask

  // From the file, and ahead.
  task next;
    output [31:0] v;
    begin
      got = $fscanf(file, "%h", v);
      if (got != 1) begin
        if (!failed) $display("stce_bench.txt ends in tile %0d", compared);
        failed = 1'b1;
        v = 32'd0;
      end
    end
  endtask

  task next_ahead;
    output [31:0] v;
    begin
      got = $fscanf(ahead, "%h", v);
      if (got != 1) v = 32'd0;
    end
  endtask

  // The head of a tile, to its cycles.
  task enter;
    begin
      got = $fscanf(file, "%s", name);
      if (got == 1) begin
        next(cycles);
        next(held);
        next(n);
        for (i = 0; i < 2 * n; i = i + 1) next(number);
        next(n);
        for (i = 0; i < n; i = i + 1) next(number);
        for (j = 0; j < ROWS + 2 * COLS; j = j + 1) begin
          next(n);
          for (i = 0; i < n; i = i + 1) got = $fscanf(file, "%h", data);
        end
        cycle = 0;
      end
    end
  endtask

  // A line of the file: what should cross in this cycle does.
  task compare;
    begin
      next(n);
      for (i = 0; i < n; i = i + 1) begin
        next(to);
        next(on);
        next(size);
        got = $fscanf(file, "%h", data);
        expects[to][on] = 1'b1;
        case (to)
          0: begin
            mask = ~({DATA{1'b1}} << 16 * size);
            is = west_word[on*LINK+:LINK];
            is = is & mask;
            if (west_now[on*SIZE_W+:SIZE_W] != size) differs("operands", on, west_now[on*SIZE_W+:SIZE_W], size);
            else if (is !== (data & mask)) differs("west", on, is, data & mask);
          end
          1:
          if (!north_now[on]) differs("weight", on, 0, data);
          else if (dut.weights[on*WEIGHT+:WEIGHT] !== data[WEIGHT-1:0]) differs("weight", on, dut.weights[on*WEIGHT+:WEIGHT], data);
          2:
          if (!out_now[on]) differs("sum", on, 0, data);
          else if (dut.sums_in[on*32+:32] !== data[31:0]) differs("sum", on, dut.sums_in[on*32+:32], data);
          4:
          if (!place_now[on]) differs("place", on, 0, data);
          else if (dut.places[on*PLACE_W+:PLACE_W] !== data[PLACE_W-1:0]) differs("place", on, dut.places[on*PLACE_W+:PLACE_W], data);
          default:
          if (!result_valid[on]) differs("south", on, 0, data);
          else if (result[on*32+:32] !== data[31:0]) differs("south", on, result[on*32+:32], data);
        endcase
      end
    end
  endtask

  // What the lines of this cycle do not have does not cross.
  task compare_rest;
    begin
      for (i = 0; i < ROWS; i = i + 1) if (!expects[0][i] && west_now[i*SIZE_W+:SIZE_W] != 0) differs("west", i, west_now[i*SIZE_W+:SIZE_W], 0);
      for (i = 0; i < COLS; i = i + 1) begin
        if (!expects[1][i] && north_now[i] !== 1'b0) differs("weight", i, 1, 0);
        if (!expects[2][i] && out_now[i] !== 1'b0) differs("sum", i, 1, 0);
        if (!expects[3][i] && result_valid[i] !== 1'b0) differs("south", i, 1, 0);
        if (!expects[4][i] && place_now[i] !== 1'b0) differs("place", i, 1, 0);
      end
    end
  endtask

  reg [8*256-1:0] vcd;
  initial if ($value$plusargs("vcd=%s", vcd)) begin
    $dumpfile(vcd);
    $dumpvars(0, stce_bench);
  end

  // As it is at power-up, and from a reset on.
  task begins;
    begin
      compared = 0;
      cycle = 0;
      running = 1'b0;
      asked = 1'b0;
      follows = 1'b0;
      over = 1'b0;
      started = 0;
      asked_tile = 0;
      fold = 0;
      hold = 0;
      part = 3;
      ends = NOT;
      first = 0;
      extra = 0;
      idle = 0;
      step = RESETS;
      left = RESET;
      for (i = 0; i < COUNTS; i = i + 1) counted[i] = 0;
    end
  endtask

  initial begin
    file = $fopen("stce_bench.txt", "r");
    ahead = $fopen("stce_bench.txt", "r");
    failed = 1'b0;
    worked = 0;
    again = 1'b0;
    got = $value$plusargs("reset=%d", reset);
    resets = got != 0;
    begins;
  end

  always @(posedge clk) begin
    // For Verilator 5.006 too: it takes $fscanf to write its file, and keeps a file not read before in a variable of this block, where it is 0.
    if (file == 0 || ahead == 0) begin
      $display("stce_bench.txt is not there");
      $finish;
    end
    if (resets && step != RESETS) begin
      if (running && tick && !quiet[READ_LATENCY+3]) worked = worked + 1;
      if (worked > reset || step == LOADED && ends == NOT && !running) begin
        resets = 1'b0;
        again = 1'b1;
        // Each result is asked for: Verilator leaves out a call whose result is not.
        got = $rewind(file);
        if (got != 0) failed = 1'b1;
        got = $rewind(ahead);
        if (got != 0) failed = 1'b1;
        begins;
      end
    end
    rst <= step == RESETS;
    reg_we <= 1'b0;
    start <= 1'b0;
    load_we <= 1'b0;
    clear <= 1'b0;

    // The array's side, before anything is started in this cycle.
    quiet <= {quiet[READ_LATENCY+2:0], asks & ~known};
    if (step != RESETS) begin
      if (asked & ~asks) differs("asks", 0, 0, 1);
      asked = asks & ~ready;
      if (asks & ~known) extra = extra + 1;
      if (asks & ready) begin
        fold = fold + 1;
        if (fold == folds_of[asked_tile%4]) begin
          asked_tile = asked_tile + 1;
          fold = 0;
        end
        hold = holds[asked_tile%4*4096+fold];
      end else if (asks & known) hold = hold - 1;

      for (j = 0; j < 5; j = j + 1) expects[j] = 0;
      if (running) begin
        if ((tick || cycle != 0) && !busy) differs("busy", 0, 0, 1);
        if (cycle != 0 && !tick && !done) differs("tick", 0, 0, 1);
        if (done) begin
          if (cycle != cycles) differs("cycles", 0, cycle, cycles);
          compare;
          for (j = 0; j < COLS; j = j + 1) begin
            next(n);
            outputs_of[compared%4*COLS+j] = n;
            for (i = 0; i < n; i = i + 1) begin
              next(number);
              outputs[(compared%4*COLS+j)*4096+i] = number;
            end
          end
          for (i = 0; i < COUNTS; i = i + 1) begin
            got = $fscanf(file, "%h", total);
            counted[i] = counted[i] + total;
          end
          compared = compared + 1;
          if (compared == started) begin
            if (asked_tile != compared) differs("folds", 0, asked_tile, compared);
            running = 1'b0;
            ends = SETTLES;
            settle = 8;
          end else enter;
        end
        if (running && tick && !quiet[READ_LATENCY+3]) begin
          compare;
          cycle = cycle + 1;
          if (cycle > cycles) differs("cycles", 0, cycle, cycles);
        end else if (running && done && !tick) differs("tick", 0, 0, 1);
        compare_rest;
      end else begin  // without a tile nothing crosses
        if (tick !== 1'b0 || done !== 1'b0) differs("tick", 0, 1, 0);
        compare_rest;
      end
    end

    // Ahead.
    case (step)
      RESETS: begin
        left = left - 1;
        if (left == 0) step = FINDS;
      end
      FINDS: begin
        got = 1;
        name = "";
        while (got == 1 && name != "case" && name != "next") got = $fscanf(ahead, "%s", name);
        over = got != 1;
        follows = name == "next" && started != first;
        step = over ? LOADED : WAITS;
      end
      WAITS:
      if (follows ? ~queued & ~start : ends == NOT & ~running & ~busy & ~start) begin
        if (!follows) begin
          clear <= 1'b1;
          first = started;
        end
        part = started % 4;
        base = part << (ADDR_W - 2);
        next_ahead(number);
        next_ahead(number);
        next_ahead(number);
        left = number;
        step = SETS;
      end
      SETS:
      if (left != 0) begin
        next_ahead(number);
        reg_we <= 1'b1;
        reg_wa <= number[8:0];
        next_ahead(size);
        reg_wd <= number >= `STCE_WEST_BASE && number <= `STCE_OUT_BASE ? size + base : size;
        left = left - 1;
      end else begin
        next_ahead(number);
        folds_of[part] = number;
        for (i = 0; i < folds_of[part]; i = i + 1) begin
          next_ahead(number);
          holds[part*4096+i] = number;
        end
        if (started == asked_tile) hold = holds[part*4096];
        port = 0;
        lane = 0;
        at = 0;
        next_ahead(number);
        left = number;
        step = LOADS;
      end
      LOADS:
      if (left != 0) begin
        got = $fscanf(ahead, "%h", data);
        load_we <= 1'b1;
        load_port <= port[1:0];
        load_lane <= lane;
        load_addr <= base[ADDR_W-1:0] + at[ADDR_W-1:0];
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
        else begin
          next_ahead(number);
          left = number;
        end
      end
      STARTS: begin
        start <= 1'b1;
        if (!follows) begin
          if (busy) differs("busy", 0, 1, 0);
          running = 1'b1;
          enter;
        end
        started = started + 1;
        step = FINDS;
      end
      default:
      if (ends == NOT && !running) begin
        if (!failed) $display("equal: %0d tiles", compared);
        $finish;
      end
    endcase

    i = started > asked_tile + 1 || over || step == WAITS && !follows;
    known <= i[0];
    ready <= i[0] && hold == 0;

    // When a row of tiles is over; the first cycles let the last results be written.
    case (ends)
      SETTLES: begin
        settle = settle - 1;
        peek_tile = first;
        peek_lane = 0;
        peeked = 0;
        peek_addr <= (first % 4) << (ADDR_W - 2);
        if (settle == 0) ends = PEEKS;
      end
      PEEKS:
      if (settle == 0) settle = 1;  // the address is there
      else begin
        settle = 0;
        i = peek_tile % 4 * COLS + peek_lane;
        if (peeked < outputs_of[i]) begin
          number = outputs[i*4096+peeked];
          if (peeks[peek_lane*32+:32] !== number) differs("output", peek_lane, peeks[peek_lane*32+:32], number);
        end
        peeked = peeked + 1;
        if (peeked >= outputs_of[i]) begin
          peeked = 0;
          peek_lane = peek_lane + 1;
          if (peek_lane == COLS) begin
            peek_lane = 0;
            peek_tile = peek_tile + 1;
          end
        end
        peek_addr <= ((peek_tile % 4) << (ADDR_W - 2)) + peeked;
        if (peek_tile == compared) begin
          counted[8+8] = counted[8+8] + extra;
          extra = 0;
          total = 0;
          peeked = 0;
          peek_lane = 0;
          count_all <= 1'b0;
          count_row <= 0;
          count_at <= 0;
          settle = 2;
          ends = COUNTS_UP;
        end
      end
      COUNTS_UP:
      if (settle != 0) settle = settle - 1;
      else begin
        settle = 1;
        total = total + count;
        peek_lane = peek_lane + 1;
        if (peeked < 8 && peek_lane < ROWS) count_row <= peek_lane;
        else begin
          if (total !== counted[peeked]) differs("count", peeked, total, counted[peeked]);
          counted[peeked] = 0;
          total = 0;
          peek_lane = 0;
          count_row <= 0;
          peeked = peeked + 1;
          count_all <= peeked >= 8;
          count_at <= peeked >= 8 ? peeked - 8 : peeked;
          if (peeked == COUNTS) ends = NOT;
        end
      end
      default: ;
    endcase

    // Nothing takes so long.
    idle = tick | step == SETS | step == LOADS | ends != NOT ? 0 : idle + 1;
    if (idle == 10000) differs("start", 0, 0, 1);
    if (failed) $finish;
  end

endmodule

`default_nettype wire
