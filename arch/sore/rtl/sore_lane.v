// A lane of SORE: a sorter of N registers and a bank from which its result leaves.
//
//   clk      rising edge
//   rst      synchronous: empties sorter and bank
//   step     the slot below is in this cycle; else the sorter stands still
//   last     it is the last one of its group
//   n        how many elements the group keeps, 1 to MAX_N; the same for all slots of a group
//   element  the slot holds an element; else it is a bubble
//   value    the element, FP16
//   key      its magnitude: value[14:0], 7c01 for every NaN
//   index    its place in the group
//
// An element meets all n registers at once. Those that it beats, being empty or smaller, move one place down, and it takes the highest of their
// places; a tie beats nothing, so it stays with the lower index, which came first. What the registers hold after the last slot goes to the bank
// instead, and the sorter is empty. From the next cycle on the bank shows a pair a cycle, lowest index first, until it is empty. A group's last
// slot must come at least n cycles after that of the group before, n being that group's; sore_control sees to it.
//
//   group      with the last slot of a group that has an element
//   out_valid  a pair of value and index leaves in this cycle

`default_nettype none

module sore_lane #(
    parameter MAX_N  = 4,
    parameter N_BITS = 3,  // of n
    parameter INDEX  = 4   // bits of an index
) (
    input  wire              clk,
    input  wire              rst,
    input  wire              step,
    input  wire              last,
    input  wire [N_BITS-1:0] n,
    input  wire              element,
    input  wire [      15:0] value,
    input  wire [      14:0] key,
    input  wire [ INDEX-1:0] index,
    output wire              group,
    output wire              out_valid,
    output wire [      15:0] out_value,
    output wire [ INDEX-1:0] out_index
);

  localparam PAIR = INDEX + 16;

  // The sorter, largest first: it is full from the top down.
  wire [MAX_N-1:0] beaten, next_full;
  wire [MAX_N*PAIR-1:0] next;
  // The lowest register hands nothing down.
  /* verilator lint_off UNUSED */
  wire [MAX_N-1:0] full;
  wire [MAX_N*PAIR-1:0] held;
  /* verilator lint_on UNUSED */

  genvar i;
  generate
    for (i = 0; i < MAX_N; i = i + 1) begin : register
      reg is_full;
      reg [PAIR-1:0] pair;
      wire used = n > i[N_BITS-1:0];
      assign full[i] = is_full;
      assign held[i*PAIR+:PAIR] = pair;
      assign beaten[i] = element & used & (~is_full | key > pair[14:0]);
      if (i == 0) begin : takes
        assign next[0+:PAIR] = beaten[0] ? {index, value} : pair;
      end else begin : takes
        assign next[i*PAIR+:PAIR] = ~beaten[i] ? pair : beaten[i-1] ? held[(i-1)*PAIR+:PAIR] : {index, value};
      end
      // What is beaten holds a pair afterwards: the element, or the upper neighbour's.
      if (i == 0) begin : fills
        assign next_full[0] = is_full | beaten[0];
      end else begin : fills
        assign next_full[i] = is_full | (beaten[i] & (~beaten[i-1] | full[i-1]));
      end
      always @(posedge clk)
        if (rst) is_full <= 1'b0;
        else if (step) is_full <= next_full[i] & ~last;
      always @(posedge clk) if (step) pair <= next[i*PAIR+:PAIR];
    end
  endgenerate

  assign group = step & last & next_full[0];

  // Which of two registers, i above k, holds the lower index: bit i*MAX_N + k, if i < k. An element's index is above
  // all that came before it, so this is moved with the pairs and no indices are compared. Of an empty register it says nothing.
  /* verilator lint_off UNUSED */
  wire [MAX_N*MAX_N-1:0] earlier, next_earlier;
  /* verilator lint_on UNUSED */
  genvar k;
  generate
    for (i = 0; i < MAX_N; i = i + 1) begin : upper
      for (k = 0; k < MAX_N; k = k + 1) begin : lower
        if (i < k) begin : both
          reg is;
          assign earlier[i*MAX_N+k] = is;
          // Both stay; the lower is the element, or moves under an upper that stays; both are moved, or the upper is the element.
          wire above = i + 1 == k ? 1'b1 : beaten[k-1] ? earlier[i*MAX_N+k-1] : 1'b1;
          wire moved = i == 0 ? 1'b0 : beaten[i-1] & earlier[(i-1)*MAX_N+k-1];
          assign next_earlier[i*MAX_N+k] = ~beaten[k] ? is : ~beaten[i] ? above : moved;
          always @(posedge clk) if (step) is <= next_earlier[i*MAX_N+k];
        end else begin : none
          assign earlier[i*MAX_N+k] = 1'b0;
          assign next_earlier[i*MAX_N+k] = 1'b0;
        end
      end
    end
  endgenerate

  // The bank, and the pair of the lowest index that is left in it: none that is left is earlier.
  reg [MAX_N-1:0] left;
  reg [MAX_N*PAIR-1:0] bank;
  /* verilator lint_off UNUSED */  // bits i*MAX_N + k with i < k are read, the others are 0
  reg [MAX_N*MAX_N-1:0] sooner;
  /* verilator lint_on UNUSED */
  reg [MAX_N-1:0] leaves;
  reg [PAIR-1:0] lowest;
  integer a, b;
  always @* begin
    lowest = {PAIR{1'b0}};
    for (a = 0; a < MAX_N; a = a + 1) begin
      leaves[a] = left[a];
      for (b = 0; b < MAX_N; b = b + 1)
        if (b < a) leaves[a] = leaves[a] & ~(left[b] & sooner[b*MAX_N+a]);
        else if (b > a) leaves[a] = leaves[a] & ~(left[b] & ~sooner[a*MAX_N+b]);
      lowest = lowest | bank[a*PAIR+:PAIR] & {PAIR{leaves[a]}};
    end
  end

  always @(posedge clk)
    if (rst) left <= {MAX_N{1'b0}};
    else if (step & last) left <= next_full;
    else left <= left & ~leaves;
  always @(posedge clk)
    if (step & last) begin
      bank <= next;
      sooner <= next_earlier;
    end

  assign out_valid = |left;
  assign out_value = lowest[15:0];
  assign out_index = lowest[16+:INDEX];

endmodule

`default_nettype wire
