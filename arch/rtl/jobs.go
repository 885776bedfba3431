package rtl

import (
	"fmt"
	"strconv"
	"strings"

	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/vector"
	"satsim/arch/wuve"
)

// jobs lists those of a unit's bench, in order.
func jobs(p func(string, ...any), unit string, heads []string, list [][]string) {
	p("### Jobs of the bench\n\nIn the order of `bench/%s/jobs.hex`, from 0 on; `satsim rtl --why CYCLE --unit %s` says which is under way. Operands and jobs are late at random. All run twice: the unit is reset under way, and all is replayed.\n", unit, unit)
	p("| job | %s |\n|%s", strings.Join(heads, " | "), strings.Repeat("---|", len(heads)+1))
	for i, of := range list {
		p("| %d | %s |", i, strings.Join(of, " | "))
	}
	p("")
}

func sorterJobs(p sore.Params, o Options) (all [][]string) {
	p.Lanes = min(p.Lanes, o.Side)
	list, _ := sorts(p, o)
	for _, j := range list {
		all = append(all, []string{strconv.FormatInt(j.Runs, 10), strconv.FormatInt(j.Channels, 10), j.Ratio.String()})
	}
	return all
}

func updaterJobs(p wuve.Params, o Options) (all [][]string) {
	p.Lanes = min(p.Lanes, o.Side)
	list, _ := updates(p, o)
	yes := map[bool]string{true: "yes"}
	for _, j := range list {
		all = append(all, []string{strconv.FormatInt(j.Parameters, 10), string(j.Optimiser), yes[j.Unscale], yes[j.SRSTE], yes[j.WeightDecay]})
	}
	return all
}

func passerJobs(p vector.Params, o Options) (all [][]string) {
	p.Lanes = fewer(p.Lanes, o.Side)
	list, in := passes(p, o)
	for i, j := range list {
		all = append(all, []string{string(j.Kind), fmt.Sprintf("`%s`", in[i].Program.Name), strconv.FormatInt(j.Elements/int64(in[i].Columns), 10), strconv.Itoa(in[i].Columns)})
	}
	return all
}

func normaliserJobs(p norm.Params, o Options) (all [][]string) {
	for _, w := range normalises(fewerLanes(p, o), o) {
		if w.Factors > 0 {
			all = append(all, []string{strconv.FormatInt(w.Factors, 10), "", "", "", "", ""})
			continue
		}
		all = append(all, []string{"", strconv.FormatInt(w.Runs, 10), strconv.FormatInt(w.Run, 10), strconv.FormatInt(w.Begin, 10), strconv.Itoa(w.Channels), [...]string{"", "ReLU", "ReLU6"}[w.Clip]})
	}
	return all
}
