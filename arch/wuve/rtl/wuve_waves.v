// Where WUVE's waves are, and so when what its lanes made leaves: one bit a cycle of age, and beside it how many lanes are active.
//
//   clk      rising edge
//   rst      synchronous
//   load     the lanes are empty, and another shape may come: waves that have left are forgotten before it has later times
//   at       counts cycles, for the rings
//   take     a wave is taken in this cycle,
//   active   on so many lanes
//   states   of the shape: whether it has a second state word, and whether a first alone
//   *_at     of wuve_schedule, kept while anything is in the lanes
//   *_valid  by lane: what leaves in this cycle

`default_nettype none

module wuve_waves #(
    parameter LANES = 32,
    parameter COUNT = 6,   // bits of a number of lanes
    parameter BITS  = 8,   // of a time
    parameter SOON  = 0    // operators have no latency: what is made may leave with its operands
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             load,
    input  wire [ BITS-1:0] at,
    input  wire             take,
    input  wire [COUNT-1:0] active,
    input  wire [      1:0] states,
    input  wire [ BITS-1:0] master_at,
    input  wire [ BITS-1:0] half_at,
    input  wire [ BITS-1:0] first_at,
    input  wire [ BITS-1:0] second_at,
    output wire [LANES-1:0] master_valid,
    output wire [LANES-1:0] half_valid,
    output wire [LANES-1:0] first_valid,
    output wire [LANES-1:0] second_valid
);

  reg [(1<<BITS)-2:0] line;
  integer age;
  always @(posedge clk)
    if (rst | load) line <= {((1 << BITS) - 1) {1'b0}};
    else begin
      line[0] <= take;
      for (age = 1; age < (1 << BITS) - 1; age = age + 1) line[age] <= line[age-1];
    end

  // With any latency nothing leaves at once, and whether a wave is taken is in no path to the ports.
  wire [(1<<BITS)-1:0] due = {line, SOON != 0 ? take : 1'b0};

  localparam MAX = (1 << BITS) - 1;
  wire [COUNT-1:0] master_lanes, half_lanes, first_lanes, second_lanes;
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_master (.clk(clk), .at(at), .depth(master_at), .d(active), .q(master_lanes));
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_half (.clk(clk), .at(at), .depth(half_at), .d(active), .q(half_lanes));
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_first (.clk(clk), .at(at), .depth(first_at), .d(active), .q(first_lanes));
  wuve_ring #(.WIDTH(COUNT), .MAX(MAX), .BITS(BITS)) of_second (.clk(clk), .at(at), .depth(second_at), .d(active), .q(second_lanes));
  wire master_due = due[master_at];
  wire half_due = due[half_at];
  wire first_due = due[first_at] & |states;
  wire second_due = due[second_at] & states[1];

  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      assign master_valid[l] = master_due & master_lanes > l[COUNT-1:0];
      assign half_valid[l] = half_due & half_lanes > l[COUNT-1:0];
      assign first_valid[l] = first_due & first_lanes > l[COUNT-1:0];
      assign second_valid[l] = second_due & second_lanes > l[COUNT-1:0];
    end
  endgenerate

endmodule

`default_nettype wire
