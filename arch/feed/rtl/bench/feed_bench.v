// Replays jobs on a reader and a writer, and compares everything that crosses their edges, every cycle, with files:
//
//   memory.hex   what the buffer of part 0 holds, then that of part 1 (16 bits a word)
//   starts.hex   of the reader, and of the writer: bases of part 1 and 0, rows, words (16 each); part 0 is the writer's
//   held.hex     by cycle: the reader is held, the unit takes nothing, no start of the reader is offered, none of the writer (4)
//   edges.hex    by cycle, of the reader: start_ready, mem_enable, out_valid, busy (4); addresses of part 1 and 0 (16 each), the word of part 1 and 0 (16 each)
//   passes.hex   by cycle: what passes to the writer: 0, first, lanes 1 and 0 hold something (4), data of lane 1 and 0 (16 each)
//   writes.hex   by cycle, of the writer: start_ready, busy, lanes 1 and 0 are written (4), the address (16), data (32)
//
// It is given their lengths as +reads= +writes= +cycles=, and prints "equal" or the first differences. +vcd=FILE writes all signals.
//
// All of it is run twice: in the cycle +reset= both are reset for a cycle, with whatever is under way, and all is replayed to its end. Beside what the files have it is held that a word that is
// offered stays, unchanged, until it is taken; that no address goes out in a cycle with hold; that no more is read than has a place; and that nothing is undefined after reset.

module feed_bench #(
    parameter READ  = 2,
    parameter DEPTH = 65536  // of the memories
);

  localparam ADDRESS = 10;
  localparam EARLY = 3;  // cycles before the first: one of reset among them

  reg clk = 1'b0;
  always #1 clk = ~clk;

  integer reads, writes, cycles, reset, differences;
  reg [15:0] memory[0:(2<<ADDRESS)-1];
  reg [63:0] start_of[0:DEPTH-1];
  reg [3:0] held_in[0:DEPTH-1];
  reg [67:0] edge_in[0:DEPTH-1];
  reg [35:0] pass_in[0:DEPTH-1];
  reg [51:0] write_in[0:DEPTH-1];
  reg [8*256-1:0] vcd;
  initial if ($value$plusargs("vcd=%s", vcd)) begin
    $dumpfile(vcd);
    $dumpvars(0, feed_bench);
  end
  initial begin
    differences = 0;
    if (!$value$plusargs("reads=%d", reads) || !$value$plusargs("writes=%d", writes) || !$value$plusargs("cycles=%d", cycles) || !$value$plusargs("reset=%d", reset)) begin
      $display("+reads= +writes= +cycles= +reset= are missing");
      $finish;
    end
    $readmemh("memory.hex", memory);
    $readmemh("starts.hex", start_of, 0, reads + writes - 1);
    $readmemh("held.hex", held_in, 0, cycles - 1);
    $readmemh("edges.hex", edge_in, 0, cycles - 1);
    $readmemh("passes.hex", pass_in, 0, cycles - 1);
    $readmemh("writes.hex", write_in, 0, cycles - 1);
  end

  integer now = -EARLY;  // the cycle that ends with the next rising edge
  reg rst = 1'b1;
  reg start_valid = 1'b0, to_valid = 1'b0, hold = 1'b0, out_ready = 1'b0;
  reg [63:0] start, to;
  reg [35:0] pass = 36'd0;
  integer next_start = 0, next_to = 0;  // to be offered next

  wire start_ready, enable, out_valid, busy, to_ready, to_busy;
  wire [2*ADDRESS-1:0] address;
  wire [31:0] out_data, to_data;
  wire [1:0] to_write;
  wire [ADDRESS-1:0] to_address;

  // Without an address, buffers give what none of them holds.
  reg [32*READ-1:0] line;
  wire [31:0] word = {memory[(1<<ADDRESS)+address[ADDRESS+:ADDRESS]], memory[address[ADDRESS-1:0]]};
  always @(posedge clk) line <= {line, enable ? word : ~word};

  feed_reader #(.WIDTH(32), .READ(READ), .PARTS(2), .BY_ROW(2), .ADDRESS(ADDRESS), .ROWS(8), .WORDS(6)) dut (
      .clk(clk), .rst(rst), .start_valid(start_valid), .start_ready(start_ready), .start_base({start[48+:ADDRESS], start[32+:ADDRESS]}), .start_rows(start[16+:8]), .start_words(start[5:0]),
      .hold(hold), .mem_enable(enable), .mem_address(address), .mem_data(line[32*READ-1-:32]), .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data), .busy(busy)
  );
  feed_writer #(.LANES(2), .WIDTH(32), .ADDRESS(ADDRESS), .ROWS(8), .WORDS(6)) writer (
      .clk(clk), .rst(rst), .start_valid(to_valid), .start_ready(to_ready), .start_base(to[32+:ADDRESS]), .start_rows(to[16+:8]), .start_words(to[5:0]),
      .in_first(pass[34]), .in_valid(pass[33:32]), .in_data(pass[31:0]), .mem_write(to_write), .mem_address(to_address), .mem_data(to_data), .busy(to_busy)
  );

  // What stands at the inputs in the next cycle.
  reg again = 1'b0;  // it is the replay
  wire ends = ~again & now == reset;
  wire [31:0] start_after = ends ? 0 : next_start + {31'd0, start_valid & start_ready};
  wire [31:0] to_after = ends ? 0 : next_to + {31'd0, to_valid & to_ready};
  wire comes = ~ends & now >= -1 & now + 1 < cycles;
  wire [3:0] held = held_in[now+1];
  always @(posedge clk) begin
    now <= ends ? -EARLY : now + 1;
    again <= again | ends;
    rst <= ends | now < -EARLY;
    next_start <= start_after;
    next_to <= to_after;
    start_valid <= comes & start_after < reads & ~held[1];
    start <= start_of[start_after];
    to_valid <= comes & to_after < writes & ~held[0];
    to <= start_of[reads+to_after];
    hold <= comes & held[3];
    out_ready <= comes & ~held[2];
    pass <= comes ? pass_in[now+1] : 36'd0;
  end

  reg [67:0] want;
  reg [51:0] wrote;
  task differs(input [8*12-1:0] port, input integer of_part, input [31:0] got, input [31:0] wanted);
    begin
      differences = differences + 1;
      if (differences <= 10) $display("%0scycle %0d, %0s, lane %0d: %h, want %h", again ? "replay " : "", now, port, of_part, got, wanted);
    end
  endtask
  task one(input [8*12-1:0] port, input got, input wanted);
    if (got !== wanted) differs(port, 0, {31'd0, got}, {31'd0, wanted});
  endtask

  always @(posedge clk)
    if (now >= 0 && now < cycles) begin
      want = edge_in[now];
      one("start_ready", start_ready, want[67]);
      one("mem_enable", enable, want[66]);
      one("out_valid", out_valid, want[65]);
      one("busy", busy, want[64]);
      if (want[66] && address[ADDRESS-1:0] !== want[32+:ADDRESS]) differs("mem_address", 0, {22'd0, address[ADDRESS-1:0]}, {22'd0, want[32+:ADDRESS]});
      if (want[66] && address[ADDRESS+:ADDRESS] !== want[48+:ADDRESS]) differs("mem_address", 1, {22'd0, address[ADDRESS+:ADDRESS]}, {22'd0, want[48+:ADDRESS]});
      if (want[65] && out_data !== want[31:0]) differs("out_data", 0, out_data, want[31:0]);
      wrote = write_in[now];
      one("to_ready", to_ready, wrote[51]);
      one("to_busy", to_busy, wrote[50]);
      if (to_write !== wrote[49:48]) differs("to_write", 0, {30'd0, to_write}, {30'd0, wrote[49:48]});
      if (|wrote[49:48] && to_address !== wrote[32+:ADDRESS]) differs("to_address", 0, {22'd0, to_address}, {22'd0, wrote[32+:ADDRESS]});
      if (|wrote[49:48] && to_data !== wrote[31:0]) differs("to_data", 0, to_data, wrote[31:0]);
    end else if (now >= -1) begin  // before the first job, and after the last
      one("start_ready", start_ready, 1'b1);
      one("mem_enable", enable, 1'b0);
      one("out_valid", out_valid, 1'b0);
      one("busy", busy, 1'b0);
      one("to_ready", to_ready, 1'b1);
      one("to_busy", to_busy, 1'b0);
      one("to_write", |to_write, 1'b0);
    end

  // Handshakes.
  reg waits;
  reg [31:0] word_before;
  always @(posedge clk) begin
    waits <= ~rst & out_valid & ~out_ready;
    word_before <= out_data;
    if (~rst & now >= -1) begin
      if (waits & (~out_valid | out_data !== word_before)) differs("offered word", 0, out_data, word_before);
      one("held", enable & hold, 1'b0);
      one("room", dut.waiting <= READ + 1, 1'b1);
      if (^{start_ready, enable, out_valid, busy, to_ready, to_busy, to_write} === 1'bx) differs("undefined", 0, 32'd1, 32'd0);
    end
    if (ends & differences != 0) $finish;
    if (again && now == cycles + 8) begin
      if (next_start != reads || next_to != writes) differs("taken", 0, next_start, reads);
      if (differences == 0) $display("equal: %0d cycles, %0d jobs, %0d results", cycles, reads, writes);
      $finish;
    end
  end

endmodule
