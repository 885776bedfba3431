// A buffer bank of the bench, of one lane: a word READ_LATENCY cycles after its address. Without a read, and where a read meets a write of the
// same address, it gives what no buffer holds.
//
//   load_*   a word is put in, where the array does not write;  peek: what is in an address

`default_nettype none

module stce_bench_buffer #(
    parameter WIDTH        = 32,
    parameter ADDR_W       = 14,
    parameter READ_LATENCY = 2
) (
    input  wire              clk,
    input  wire              load_we,
    input  wire [ADDR_W-1:0] load_addr,
    input  wire [ WIDTH-1:0] load_data,
    input  wire              en,
    input  wire [ADDR_W-1:0] addr,
    output wire [ WIDTH-1:0] data,
    input  wire              we,
    input  wire [ADDR_W-1:0] waddr,
    input  wire [ WIDTH-1:0] wdata,
    input  wire [ADDR_W-1:0] peek_addr,
    output wire [ WIDTH-1:0] peek
);

  reg [WIDTH-1:0] held[0:(1<<ADDR_W)-1];
  reg [WIDTH*READ_LATENCY-1:0] line;

  wire meets = we & waddr == addr;
  wire [WIDTH-1:0] word = en & ~meets ? held[addr] : ~held[addr];

  always @(posedge clk) begin
    if (load_we) held[load_addr] <= load_data;
    if (we) held[waddr] <= wdata;
  end

  generate
    if (READ_LATENCY == 1) begin : one
      always @(posedge clk) line <= word;
    end else begin : more
      always @(posedge clk) line <= {line[WIDTH*(READ_LATENCY-1)-1:0], word};
    end
  endgenerate

  assign data = line[WIDTH*READ_LATENCY-1-:WIDTH];
  assign peek = held[peek_addr];

endmodule

`default_nettype wire
