package rtl

import (
	"fmt"
	"slices"
	"strings"

	"satsim/arch/feed"
	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/wuve"
)

const (
	whatSection    = "What it is"
	cyclesSection  = "Cycles"
	verilogSection = "Verilog"
	lanesSection   = "Lanes"
	rowsSection    = "Rows"
	columnsSection = "Elements, columns and sums"
	readerSection  = "A reader"
)

// feedUnit is the room of what feeds units, whose contract rules of its own are in.
const feedUnit = "feed"

// clause is a sentence of a unit's contract, or of what feeds it, in its section.
type clause struct {
	unit string
	rule
}

// unitRules are those of a unit's contract by what becomes of a cycle, and by what else is to be seen in it.
type unitRules struct{ causes, shows map[string][]clause }

// rulesOf are those of a unit but the array, and of what feeds it.
func rulesOf(of string) unitRules {
	says := func(section, text string) []clause { return []clause{{of, rule{section, text}}} }
	u := unitRules{}
	const waitsInside = "job_ready is high unless one waits and stays waiting: what waits is under way in the next cycle if none is, or if the"
	switch of {
	case "sore":
		u.causes = map[string][]clause{
			sore.TakesSlot:  says(whatSection, "All lanes run in lockstep, so one counter of M slots serves them all"),
			sore.NoOperands: says(verilogSection, "A cycle without both is a hold: nothing enters, and what has entered goes on, so holds may come anywhere and only make the job longer."),
			sore.WaitsBank:  says(cyclesSection, "Its first group reaches the bank M' cycles later, where M' is its own M; should that be before the bank has emitted the last group (M' < N), the controller waits"),
			sore.Drains:     says(cyclesSection, "cycles = W*M + pipeline_latency + N"),
			sore.Idle:       says(verilogSection, "Cycle 0 is the first in which a job's slots are asked for, the cycle after the job was taken."),
		}
		u.shows = map[string][]clause{
			sore.ShowsPairs: append(says(verilogSection, "Results leave when they are due, the first pipeline_latency + 1 cycles after their group's last slot"),
				says(whatSection, "In each of the next N cycles the bank emits the pair of the lowest index that is left.")...),
			unit.ShowsJob: says(verilogSection, "job_ready is high while no job is under way, and in the cycle that takes the last slot of one: so a job that is there then costs no cycle."),
		}
	case "wuve":
		u.causes = map[string][]clause{
			wuve.TakesWave:  says(whatSection, "So a lane takes one parameter a cycle: master weight, gradient, state words and mask bit go in, new master weight, state words and the FP16 weight come out."),
			wuve.NoOperands: says(verilogSection, "A cycle without both is a hold: nothing enters, and what has entered goes on; holds may come anywhere."),
			wuve.WaitsShape: says(cyclesSection, "The operators are wired for one shape at a time: a job of another shape waits until the engine is empty."),
			wuve.Drains:     says(cyclesSection, "cycles = W + D"),
			wuve.Idle:       says(verilogSection, "Cycle 0 is the first in which a job's operands are asked for: two cycles after its descriptor was taken by an engine that had nothing to do."),
		}
		u.shows = map[string][]clause{
			wuve.ShowsResults: append(says(cyclesSection, "An operator of latency l that takes operands in cycle c shows its result in cycle c+l."),
				says(verilogSection, "Results leave in the cycle of their operator, state words before the master weight, and that before the FP16 weight, each with its own valid")...),
			unit.ShowsJob: says(verilogSection, waitsInside+" last wave of the one under way is taken."),
		}
	case "norm":
		u.causes = map[string][]clause{
			norm.TakesWave:   says(lanesSection, "Element a of the tensor, from its beginning, goes to lane a mod L"),
			norm.NoOperands:  says(verilogSection, "A cycle without both is a hold: nothing enters, and what has entered goes on, so holds may come anywhere and only make the job longer."),
			norm.WaitsScales: says(verilogSection, "A wave of shifts is asked for when its scales have left, pipeline_latency cycles after they were taken."),
			norm.WaitsTables: says(verilogSection, "The first wave of a tile behind factors is asked for in the cycle after the last of them has left."),
			norm.Drains:      says(lanesSection, "cycles = issue + pipeline_latency"),
			norm.Idle:        says(verilogSection, "Cycle 0 is the first in which a job's waves are asked for, the cycle after the job was taken."),
		}
		u.shows = map[string][]clause{
			norm.ShowsElements: says(verilogSection, "Results leave pipeline_latency cycles after their wave"),
			norm.ShowsFactors: append(says(verilogSection, "Factors leave into the tables, and are read from there alone"),
				says(lanesSection, "a lane makes the scale and the shift of each place of its own table")...),
			unit.ShowsJob: says(verilogSection, "job_ready is high while no job is under way, and in the cycle that takes the last wave of one: so a job that is there then costs no cycle."),
		}
	case "vector":
		around := says(cyclesSection, "Around a level of a fold, and around words once a row, it waits as many as the pipeline is longer than what it does of one wave: a row each, or the totals of each.")
		u.causes = map[string][]clause{
			vector.TakesWave:  says(verilogSection, "in_ready asks for a wave in the first word of its elements, until it is there"),
			vector.IssuesWord: says(whatSection, "It does one operation on every element of the strip before the next, so that an operation finds the result of the one before"),
			vector.Folds: says(rowsSection, "on each level of halves, first of waves and then of lanes, wave after wave, of each total, of each row, a lane adds its own sum of a wave above, "+
				"or that of a lane above it."),
			vector.OnceRow:    says(rowsSection, "Then a scalar unit, one for all lanes, does the words once a row, each on all rows"),
			vector.NoOperands: says(verilogSection, "a cycle without both is a hold, and may come anywhere."),
			vector.WaitsWord:  says(cyclesSection, "Between two words on the elements of a strip, the sequencer waits as many cycles as the pipeline is longer than the strip's waves, so that the first wave is back."),
			vector.WaitsTurn:  says(cyclesSection, "when it comes round before the adder is done: W > V"),
			vector.WaitsSums:  says(columnsSection, "the sequencer waits for the rest of the pipeline each time that sums come round and the same word goes on"),
			vector.WaitsRow:   around,
			vector.WaitsLong:  says(cyclesSection, "After a quotient or a root it waits for that, and until no shorter result can come with it."),
			vector.Drains:     says(cyclesSection, "cycles = issue + P + 3"),
			vector.Idle:       says(verilogSection, "Cycle 0 is the first in which a job's operands are asked for: two cycles after its descriptor was taken by a unit that had nothing to do."),
		}
		u.shows = map[string][]clause{
			vector.ShowsResults: says(verilogSection, "Results leave pipeline_latency + 3 cycles after their word, a quotient divide_latency + 3"),
			vector.ShowsScalar: append(says(verilogSection, "what words once a row make leaves beside the lanes, in their order."),
				says(verilogSection, "Results leave pipeline_latency + 3 cycles after their word, a quotient divide_latency + 3")...),
			unit.ShowsJob: says(verilogSection, waitsInside+" one under way ends."),
		}
	}
	reads := func(texts ...string) (all []clause) {
		for _, t := range texts {
			all = append(all, clause{feedUnit, rule{readerSection, t}})
		}
		return all
	}
	const first, hold = "a job that is offered to the unit and to its reader in one cycle, both having nothing to do, gets its first word READ + 2 cycles later.", "What holds an address back (operands that are not resident, another user of the port) is hold"
	if u.shows != nil {
		u.shows[feed.ShowsStart] = reads("the next start is taken in the cycle of the last address")
		u.shows[feed.ShowsAddress] = reads("READ + 2 words are on their way, wait or are offered, at most")
		u.shows[feed.ShowsHold] = reads(hold)
		u.shows[feed.ShowsNoStart] = reads(first)
		u.shows[feed.ShowsHeld] = reads(hold)
	}
	return u
}

// WhyUnit says what a unit but the array does in a cycle of its bench, from the first job's first one, by which rule of its contract, and by which ones all else is there that is seen.
func WhyUnit(s *spec.Spec, o Options, of string, cycle int) (string, error) {
	rs, err := rooms(s, o)
	if err != nil {
		return "", err
	}
	if err := CheckUnit(s, of); err != nil {
		return "", err
	}
	at := slices.IndexFunc(rs, func(r room) bool { return r.unit == of && r.moments != nil })
	if at < 0 {
		return "", fmt.Errorf("the bench of %s has tiles instead of jobs; Why says what it does", of)
	}
	r := &rs[at]
	if cycle < 0 || cycle >= len(r.moments) {
		return "", fmt.Errorf("cycle %d; the bench of %s takes cycles 0 to %d", cycle, of, len(r.moments)-1)
	}
	var b strings.Builder
	m := &r.moments[cycle]
	fmt.Fprintf(&b, "%s: %d jobs on %d lanes, fed from buffers that answer in %d cycles\ncycle %d: %s\n", of, r.bench.jobs, r.bench.lanes(), o.Read, cycle, m.Cause)
	for _, line := range m.Says {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	rules := rulesOf(of)
	write(&b, "rule", rules.causes[m.Cause])
	var seen []string
	for _, what := range m.Shows {
		if !slices.Contains(seen, what) {
			seen = append(seen, what)
			write(&b, "rule of "+what, rules.shows[what])
		}
	}
	return b.String(), nil
}

func write(b *strings.Builder, begins string, all []clause) {
	for _, c := range all {
		fmt.Fprintf(b, "%s (%s, %s): %s\n", begins, c.unit, c.section, c.text)
	}
}

// lanes of the unit in its bench.
func (b *bench) lanes() int64 {
	for _, p := range b.parameters {
		if p.Name == "LANES" {
			return p.Value
		}
	}
	return 0
}
