package rtl

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"satsim/arch/word"
	"satsim/internal/verilog"
)

// fault is a text in a file that is changed, and the unit whose bench is to find it.
type fault struct{ unit, file, from, to string }

// faults are one in each module that a bundle has, and more where jobs and operands are taken: in each register there, and where a reset clears it at power-up alone.
func faults() []fault {
	return []fault{
		{"stce", "stce.v", "early_sum ? early_reach", "1'b0 ? early_reach"},                                                                  // partial sums are not read
		{"stce", "stce_array.v", "row_any = row_any | i[ROW_W-1:0] & {ROW_W{has[i]}}", "row_any = row_any"},                                  // results leave below row 0
		{"stce", "stce_registers.v", "wa[4:0] == i[4:0]", "wa[3:0] == i[3:0]"},                                                               // fields 16 on overwrite those below
		{"stce", "stce_sequencer.v", "next <= next_first;", "next <= now_first;"},                                                            // folds a cycle apart too much
		{"stce", "stce.v", "if (rst) tiles <= 4'd0;", "if (rst & ^tiles === 1'bx) tiles <= 4'd0;"},                                           // busy after a reset
		{"stce", "stce_sequencer.v", "if (rst) comes <= 1'b0;", "if (rst & comes === 1'bx) comes <= 1'b0;"},                                  // a fold outlives a reset
		{"stce", "stce_row.v", "if (rst) begin\n      run", "if (rst & run === 1'bx) begin\n      run"},                                      // its slots do
		{"stce", "stce_hop.v", "left <= skew - 1'b1;", "left <= skew;"},                                                                      // rows likewise
		{"stce", "stce_row.v", "word_bank <= ~word_bank;", "word_bank <= word_bank;"},                                                        // all groups in one bank
		{"stce", "stce_loader.v", "row <= down ? row + 1'b1 : row - 1'b1;", "row <= row - 1'b1;"},                                            // weights that chase go upwards
		{"stce", "stce_counters.v", "all[9]  <= all[9] + norths;", "all[9]  <= all[9] + reads;"},                                             // words of the north that are reads of sums
		{"stce", "stce_column.v", "weight_at <= north_addr + 1'b1;", "weight_at <= north_addr;"},                                             // one weight for ever
		{"stce", "stce_uspe.v", "assign {place, factor} = ws", "assign {place, factor} = ~ws"},                                               // kept weights in OS
		{"stce", "stce_held.v", "assign place = first ? entered : taken;", "assign place = taken;"},                                          // the place of the fold before in an output's first slot
		{"stce", "stce_place.v", "out_ren_in & ~(holds & ~start);", "out_ren_in;"},                                                           // start values are read that there are not
		{"stce", "stce_ram.v", "if (we) held[wa] <= d;", "if (we) held[wa] <= d ^ 1;"},                                                       // a bit
		{"stce", "fp_delay.v", "held[WIDTH*DEPTH-1-:WIDTH]", "held[WIDTH*DEPTH-1-WIDTH-:WIDTH]"},                                             // a register too few
		{"stce", "fp16_mul.v", "wire sign0 = a[15] ^ b[15];", "wire sign0 = a[15] | b[15];"},                                                 // minus times minus is minus
		{"stce", "fp32_add.v", "guard & (rest | frac9[0])", "1'b1"},                                                                          // always rounded up
		{"stce", "fp_zeros.v", "high : HIGH[BITS-1:0] + low;", "high : HIGH[BITS-1:0] | high;"},                                              // a half full of zeros
		{"stce", "fp32_to_fp16.v", "{14'd0, guard & (rest | kept[0])};", "15'd0;"},                                                           // cut off, not rounded
		{"sore", "sore.v", "nan ? 15'h7c01 : early[14:0]", "early[14:0] ^ 15'h1"},                                                            // the lowest bit of a magnitude
		{"sore", "sore_control.v", "assign last = slot == m - 1'b1;", "assign last = slot == m;"},                                            // a slot too many
		{"sore", "sore_control.v", "if (rst) active <= 1'b0;", "if (rst & active === 1'bx) active <= 1'b0;"},                                 // a job outlives a reset
		{"sore", "sore_control.v", "active <= job_valid;", "active <= job_valid | active;"},                                                  // one without a job after it goes on
		{"sore", "sore_control.v", "assign job_ready = ~active | ends;", "assign job_ready = ~active;"},                                      // a cycle between jobs
		{"sore", "sore_control.v", "~active | ends;", "~active | (take & last);"},                                                            // a job is taken with each wave
		{"sore", "sore_control.v", "assign in_ready = active & ~waits;", "assign in_ready = active;"},                                        // nothing waits for what has not left
		{"sore", "sore_control.v", "assign take = in_ready & in_valid;", "assign take = active & in_valid;"},                                 // taken without being ready
		{"sore", "sore_control.v", "pairs <= pairs - 1'b1;", "pairs <= pairs;"},                                                              // what has left is waited for
		{"sore", "sore_control.v", "drain <= drain - 1'b1;", "drain <= drain;"},                                                              // all that was taken never has left
		{"sore", "sore_control.v", "waves <= waves - 1'b1;", "waves <= waves - in_valid - in_valid;"},                                        // every other wave
		{"sore", "sore_control.v", "if (job_ready) slot <= {M_BITS{1'b0}};", "if (job_ready & ^slot === 1'bx) slot <= {M_BITS{1'b0}};"},      // a place in a group outlives a reset
		{"sore", "sore_lane.v", "(~is_full | key > pair[14:0]);", "(~is_full | key >= pair[14:0]);"},                                         // a tie goes to the later element
		{"sore", "fp_ones.v", "assign n = high + low;", "assign n = high | low;"},                                                            // the odd one
		{"sore", "sore_counters.v", ".x(element & {LANES{step}}), .n(some_elements)", ".x(group), .n(some_elements)"},                        // compares of whole groups alone
		{"sore", "sore_ones.v", "all = all + some", "all = all | some"},                                                                      // parts that both have ones
		{"sore", "sore_fed.v", ".start_words(drain_pairs)", ".start_words(job_n)"},                                                           // of another job
		{"sore", "feed_reader.v", "assign mem_enable = active & |free & ~hold;", "assign mem_enable = active & ~hold;"},                      // more than there are places for
		{"sore", "feed_reader.v", "wire keep = comes & (some | ~next);", "wire keep = comes & ~next;"},                                       // a word overtakes those that wait
		{"sore", "feed_reader.v", "- {2'b0, mem_enable};", "- {2'b0, mem_enable & |waiting};"},                                               // a place is taken late
		{"sore", "feed_reader.v", "left <= row_ends ? words : left - 1'b1;", "left <= left - 1'b1;"},                                         // a row without end
		{"sore", "feed_reader.v", "if (rst) active <= 1'b0;", "if (rst & active === 1'bx) active <= 1'b0;"},                                  // a job outlives a reset
		{"sore", "feed_reader.v", "if (rst) line <= {READ{1'b0}};", "if (rst & ^line === 1'bx) line <= {READ{1'b0}};"},                       // what was asked for does
		{"sore", "feed_writer.v", "row <= row + {{(ADDRESS - WORDS) {1'b0}}, words};", "row <= now + 1'b1;"},                                 // waves over the pairs of the one before
		{"sore", "feed_writer.v", "if (rst) rows <= {ROWS{1'b0}};", "if (rst & ^rows === 1'bx) rows <= {ROWS{1'b0}};"},                       // rows to come outlive a reset
		{"wuve", "wuve_fed.v", "wave_second, wave_first, wave_gradient", "wave_first, wave_second, wave_gradient"},                           // first for second state words
		{"wuve", "feed_writer.v", "rows == {{(ROWS - 1) {1'b0}}, 1'b1});", "1'b0);"},                                                         // the next job has no place yet
		{"vector", "vector_fed.v", ".BY_ROW(16)", ".BY_ROW(0)"},                                                                              // scalars move on with waves
		{"vector", "feed_reader.v", "wire moves = ((BY_ROW >> p) & 1) == 0 | row_ends;", "wire moves = ((BY_ROW >> p) & 1) == 0;"},           // scalars of the first row
		{"wuve", "wuve.v", "<= from_next ? of_next : of_now;", "<= of_next;"},                                                                // times of the job that comes
		{"wuve", "wuve_control.v", "if (rst) now_valid <= 1'b0;", "if (rst & now_valid === 1'bx) now_valid <= 1'b0;"},                        // one under way likewise
		{"wuve", "wuve_control.v", "next_valid <= job_valid;", "next_valid <= job_valid | (next_valid & ends);"},                             // a job is done twice
		{"wuve", "wuve_control.v", "assign job_ready = ~next_valid | moves;", "assign job_ready = ~next_valid;"},                             // a cycle until the place of one that moves on is free
		{"wuve", "wuve_control.v", "assign job_ready = ~next_valid | moves;", "assign job_ready = 1'b1;"},                                    // a job that waits is lost
		{"wuve", "wuve_control.v", "wire moves = ~now_valid | ends;", "wire moves = ~now_valid;"},                                            // the job under way is not over
		{"wuve", "wuve_control.v", "now_valid <= next_valid;", "now_valid <= next_valid | (job_valid & ~ends);"},                             // under way before it has come
		{"wuve", "wuve_control.v", "assign in_ready = now_valid & now_shape == shape;", "assign in_ready = now_valid;"},                      // no shape waits
		{"wuve", "wuve_control.v", "assign take = in_ready & in_valid;", "assign take = now_valid & in_valid;"},                              // taken without being ready
		{"wuve", "wuve_control.v", "final_wave <= next_final;", "final_wave <= next_final & ~final_wave;"},                                   // of two jobs of a wave the second has another
		{"wuve", "wuve_control.v", "waves <= waves - 1'b1;", "waves <= waves;"},                                                              // waves without end
		{"wuve", "wuve_control.v", "if (rst) drain <= {BITS{1'b0}};", "if (rst & ^drain === 1'bx) drain <= {BITS{1'b0}};"},                   // busy after a reset
		{"wuve", "wuve_waves.v", "half_due & half_lanes > l[COUNT-1:0];", "half_due & half_lanes >= l[COUNT-1:0];"},                          // lanes past the last parameter
		{"wuve", "wuve_counters.v", "shape[4] ? 4'd7", "shape[4] ? 4'd6"},                                                                    // a multiplication less of Adam
		{"wuve", "wuve_control.v", "assign load = ~|after;", "assign load = ends | ~|after;"},                                                // another shape does not wait
		{"wuve", "wuve_schedule.v", "(shrunk ? M + A : {BITS{1'b0}}),", "M,"},                                                                // times of another shape
		{"wuve", "wuve_ring.v", "write - depth[ADDRESS-1:0];", "write - depth[ADDRESS-1:0] - 1'b1;"},                                         // a turn too long
		{"wuve", "wuve_lane.v", "unscales ? c_unscale : 32'h3f800000", "c_unscale"},                                                          // always
		{"wuve", "fp32_mul.v", "m[47:23], |m[22:0]}", "m[47:23], 1'b0}"},                                                                     // what lies below the guard bit
		{"wuve", "fp32_div.v", "{q[24:0], rest};", "{q[24:1], 1'b0, rest};"},                                                                 // a bit of the quotient
		{"wuve", "fp32_sqrt.v", "(a[31] & ~nothing)", "1'b1"},                                                                                // no root is a number
		{"wuve", "fp32_round.v", "low & ~(~|exponent & &man[25:2]);", "1'b1;"},                                                               // all is small
		{"vector", "fp16_to_fp32.v", "8'd112 - ", "8'd113 - "},                                                                               // numbers are twice as large
		{"vector", "vector_control.v", "last_row & ~more) ? last", "~more) ? last"},                                                          // all waves of the last strip are short
		{"vector", "vector_control.v", "comes_round ? gap", "comes_round ? {WAIT{1'b0}}"},                                                    // sums do not wait for the adder
		{"vector", "vector_control.v", "begins_row ? column_turns :", "begins_row ? last_row & ~more :"},                                     // the last row of columns alone is short
		{"vector", "vector_control.v", "if (rst) valid <= 1'b0;", "if (rst & valid === 1'bx) valid <= 1'b0;"},                                // a job outlives a reset
		{"vector", "vector_control.v", "if (rst) drain <= {WAIT{1'b0}};", "if (rst & ^drain === 1'bx) drain <= {WAIT{1'b0}};"},               // busy after a reset
		{"vector", "vector_control.v", "next_valid <= job_valid;", "next_valid <= job_valid | (next_valid & ends);"},                         // a job is done twice
		{"vector", "vector_control.v", "assign job_ready = ~next_valid | moves;", "assign job_ready = ~next_valid;"},                         // a cycle until the place of one that moves on is free
		{"vector", "vector_control.v", "assign job_ready = ~next_valid | moves;", "assign job_ready = 1'b1;"},                                // a job that waits is lost
		{"vector", "vector_control.v", "wire moves = ~valid | ends;", "wire moves = ~valid;"},                                                // the job under way is not over
		{"vector", "vector_control.v", "else if (moves) valid <= next_valid;", "else if (moves) valid <= next_valid | (job_valid & ~ends);"}, // under way before it has come
		{"vector", "vector_control.v", "assign in_ready = elements & first_word;", "assign in_ready = valid & first_word;"},                  // asks while it waits
		{"vector", "vector_control.v", "assign take = in_ready & in_valid;", "assign take = valid & first_word & in_valid;"},                 // taken without being ready
		{"vector", "vector_control.v", "pause - {{(WAIT - 1) {1'b0}}, valid};", "pause;"},                                                    // waits without end
		{"vector", "vector_control.v", "left - {{(WAVES - PLACE - 1) {1'b0}}, size};", "left;"},                                              // strips without end
		{"vector", "vector_operand.v", "3'd6 ? scalar", "3'd6 ? literal"},                                                                    // a constant for a scalar
		{"vector", "vector_split.v", "8'd126 - {5'd0, bits4}", "8'd126"},                                                                     // all segments are one wide
		{"vector", "vector.v", "constant_to[5:0] == 6'd2", "constant_to[5:0] == 6'd3"},                                                       // a table's segments are of no known width
		{"vector", "vector_front.v", "rows ? fresh : ~|turns", "1'b0"},                                                                       // sums begin with what was there
		{"vector", "vector_words.v", "after + 1'b1;", "after;"},                                                                              // the second word again
		{"vector", "vector_shuffle.v", "lanes > l[COUNT-1:0]", "lanes >= l[COUNT-1:0]"},                                                      // a lane more
		{"vector", "vector_counters.v", "working & {COUNT{take}}", "working"},                                                                // an element is counted a word
		{"vector", "vector_lane.v", "above | ~|to_turn", "1'b1"},                                                                             // the last row, not the largest's
		{"vector", "vector_multiply_add.v", "LARGER & ~more", "LARGER & more"},                                                               // the sum of two that are compared
		{"vector", "vector_raise.v", "a[30:23] + by", "a[30:23]"},                                                                            // all powers of two are between 1 and 2
		{"vector", "vector_scalar.v", "long_due & ~root_due ? quotient", "long_due ? quotient"},                                              // a quotient for a root
		{"vector", "vector_pick.v", "3'd3: y = s3;", "3'd3: y = s2;"},                                                                        // a scalar for another
		{"vector", "vector_due.v", "held[DEPTH-1];", "held[DEPTH-2];"},                                                                       // a cycle early
		{"norm", "norm_lane.v", "{scale[31] ^ shifts, scale[30:0]}", "scale"},                                                                // a shift of the other side
		{"norm", "norm_control.v", "shifts ? |there", "shifts ? 1'b1"},                                                                       // shifts before their scales
		{"norm", "norm_control.v", "~(waits & some)", "1'b1"},                                                                                // a tile before its factors
		{"norm", "norm_control.v", "place == wrap ?", "1'b0 ?"},                                                                              // channels without end
		{"norm", "norm_control.v", "if (rst) active <= 1'b0;", "if (rst & active === 1'bx) active <= 1'b0;"},                                 // a job outlives a reset
		{"norm", "norm_control.v", "if (rst) there <=", "if (rst & ^there === 1'bx) there <="},                                               // so do scales
		{"norm", "norm_control.v", "assign job_ready = ~active | ends;", "assign job_ready = ~active;"},                                      // a cycle between jobs
		{"norm", "norm_control.v", "assign take = in_ready & in_valid;", "assign take = active & in_valid;"},                                 // taken without being ready
		{"norm", "norm.v", "low <= NUMBER", "low < NUMBER"},                                                                                  // the first lane of a run
		{"norm", "norm_counters.v", "none <= (LANES[COUNT-1:0] - lanes)", "none <= (LANES[COUNT-1:0] - high)"},                               // lanes in front of a run are not idle
		{"norm", "norm_fed.v", "out_valid & {LANES{out_masked}}", "out_valid"},                                                               // bits of what is not clipped
		{"vector", "vector_larger.v", "c[31] : a[31] ? less : more", "c[31] : less"},                                                         // the smallest of positive numbers
	}
}

// A fault in each module is found by the bench of a unit, which names the first job, cycle, port and bit that differ; counts and outputs are read in the end.
func TestAFaultInEachModuleIsNamed(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("a build a module; SATSIM_RTL=1 runs it")
	}
	d := design()
	d.WUVE.Optimiser = word.Adam
	d.SORE.MaxN, d.SORE.MaxM = 3, 6
	o := Options{Seed: 7, Tiles: 8, Side: 3, Read: 3}
	b, err := New(d, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Held = true
	placed, err := New(d, o)
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for i, f := range faults() {
		covered[f.file] = true
		of := b
		if f.file == "stce_held.v" || f.file == "stce_place.v" {
			of = placed
		}
		t.Run(fmt.Sprintf("%s/%s/%d", f.unit, f.file, i), func(t *testing.T) { found(t, of, f) })
	}
	for _, bench := range b.Benches {
		for _, s := range bench.Design.Sources {
			if strings.HasSuffix(s.Name, ".v") && !strings.Contains(s.Name, "_bench") && !covered[s.Name] {
				t.Errorf("no fault in %s", s.Name)
			}
		}
	}
}

// found holds that a unit's bench finds a fault.
func found(t *testing.T, b *Bundle, f fault) {
	mutant := &Bundle{}
	for _, bench := range b.Benches {
		if bench.Unit != f.unit {
			continue
		}
		bench.Design.Sources = slices.Clone(bench.Design.Sources)
		for i := range bench.Design.Sources {
			s := &bench.Design.Sources[i]
			if s.Name != f.file {
				continue
			}
			if strings.Count(s.Text, f.from) != 1 {
				t.Errorf("%s has %q %d times", f.file, f.from, strings.Count(s.Text, f.from))
			}
			s.Text = strings.Replace(s.Text, f.from, f.to, 1)
		}
		mutant.Benches = append(mutant.Benches, bench)
	}
	outcomes := outcomes(t, mutant, icarus(t))
	switch {
	case len(outcomes) != 1:
		t.Errorf("%s with %q: %d outcomes", f.file, f.to, len(outcomes))
	case outcomes[0].Differs == nil:
		t.Errorf("%s with %q: equal", f.file, f.to)
	default:
		t.Logf("%s with %q: %v", f.file, f.to, outcomes[0].Differs)
	}
}

// Every bench of a small architecture is equal in Verilator too: a minute of building.
func TestCheckIsEqualInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("builds in Verilator; SATSIM_RTL=1 runs it")
	}
	s := verilog.Verilator()
	if err := s.Missing(); err != nil {
		t.Fatal(err)
	}
	begun, ran := time.Now(), 0
	err := made(t).Check(t.Context(), t.TempDir(), []verilog.Simulator{s}, func(o Outcome) {
		ran++
		if o.Differs != nil || o.Equal != options().Tiles {
			t.Errorf("%+v: %v", o, o.Differs)
		}
		t.Logf("%s: %d %s, after %v", o.Unit, o.Equal, o.Jobs, time.Since(begun).Round(time.Second))
	})
	if err != nil || ran != 5 {
		t.Errorf("%d benches ran: %v", ran, err)
	}
}
