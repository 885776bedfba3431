package table

import (
	"fmt"
	"math"

	"satsim/results/query"
)

// accelerator is prior work with the figure that its abstract states.
type accelerator struct {
	work, source, device, precision, network string
	gops, gopsPerW                           float64 // NaN: not stated
}

// accelerators whose public abstracts state a throughput of training.
func accelerators() []accelerator {
	none := math.NaN()
	const eta = "Lu, Ni, Wang: ETA"
	const etaSource = "IEEE TNNLS 34(10), 2023, doi 10.1109/TNNLS.2022.3145850"
	return []accelerator{
		{"Tang et al.: EF-Train", "ACM TODAES 2022, arXiv 2202.10935", "ZCU102", "FP32", "not stated", 46.99, 6.09},
		{"Venkataramanaiah et al.", "FPL 2019, doi 10.1109/FPL.2019.00034, arXiv 1908.06724", "Stratix 10 GX", "16-bit fixed", "CNNs at CIFAR-10, best", 479, none},
		{eta, etaSource, "VC709", "8-bit", "VGG-16 at CIFAR", 610.98, none},
		{eta, etaSource, "VC709", "8-bit", "ResNet-20 at CIFAR", 658.64, none},
		{eta, etaSource, "VC709", "8-bit", "ResNet-18", 811.24, none},
		{"BFLOAT MLP Training Accelerator", "ReConFig 2019, doi 10.1109/RECONFIG48160.2019.8994798", "mid-range FPGA", "bfloat16, bfloat14", "perceptrons", 5000, none},
	}
}

// The paper's claims against prior FPGA training accelerators, from its abstract (Fang et al., IEEE TCAD 2023, arXiv 2309.13015).
const (
	claimLow, claimHigh           = 2.97, 25.22
	claimEnergyLow, claimEnergyHi = 1.36, 3.58
)

// prior puts the model's throughput beside that of prior work. It is context: devices, formats, networks and years differ.
func prior(t *Table, in *Input) error {
	t.Columns = []Column{
		{"work", "", true}, {"source", "", true}, {"device", "", true}, {"precision", "", true}, {"network", "", true},
		{"throughput", "GOPS", false}, {"efficiency", "GOPS/W", false}, {"ours, simulated, over it", "×", false},
	}
	const ours = "bdwp"
	var rates []float64
	rows := query.Compared(in.Rows)
	for i := range rows {
		if rows[i].Text("recipe") == ours && rows[i].Text("sparsity") == "2:8" {
			rates = append(rates, rows[i].Point.Run.Total.DenseGFLOPS)
		}
	}
	rate := mean(rates)
	low, high := math.Inf(1), 0.0
	for _, a := range accelerators() {
		t.add(Text(a.work), Text(a.source), Text(a.device), Text(a.precision), Text(a.network), Number(a.gops, 2), Number(a.gopsPerW, 2), Number(rate/a.gops, 2))
		low, high = min(low, rate/a.gops), max(high, rate/a.gops)
	}
	seen := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		if r.Text("recipe") != ours || r.Text("sparsity") != "2:8" || seen[r.Text("network")] {
			continue
		}
		seen[r.Text("network")] = true
		t.modelled(r, r.Point.Run.Total.DenseGFLOPS, len(seen) == 1)
	}
	if len(rates) == 0 {
		return nil
	}
	r := &rows[0]
	rowsOf, _ := r.Float("stce.rows")
	cols, _ := r.Float("stce.cols")
	clock, _ := r.Float("clock")
	peak := 2 * rowsOf * cols * clock / 1e9
	t.Notes = append(t.Notes,
		"Context, not a comparison: devices, number formats, networks and batches differ. Prior figures are those that public abstracts state; the others are not known here.",
		fmt.Sprintf("Dense-equivalent throughput counts the dense network's operations (1 MAC = 2). Our mean over %d networks is %.0f GFLOPS: %.2fx to %.2fx of the works above.",
			len(rates), rate, low, high),
		fmt.Sprintf("The paper's abstract claims %.2fx to %.2fx in throughput and %.2fx to %.2fx in energy efficiency, against works and by a measure that it does not name.",
			claimLow, claimHigh, claimEnergyLow, claimEnergyHi),
		"Efficiencies of prior works are measured on boards; ours are modelled by an energy table, with its bounds in brackets, without a host and power supplies. No ratio of the two is given.",
		fmt.Sprintf("Against EF-Train the model stands inside the claimed range, against the fixed-point and bfloat works below it. Our array is an assumption: %.0f x %.0f elements at %.0f MHz "+
			"are %.1f GFLOPS dense, and since WU stays dense a step at 2:8 gains at most 2x of that; %.2fx of 479 GOPS would need a larger array or a higher clock.",
			rowsOf, cols, clock/1e6, peak, claimLow))
	return nil
}

// modelled adds a line of our own.
func (t *Table) modelled(r *query.Row, gflops float64, first bool) {
	cells := []Cell{
		Text("this model, bdwp 2:8, dense-equivalent"), Text("simulated"), Text(r.Text("board.device.part")), Text("FP16, FP32 sums"), Text(r.Text("network")), Number(gflops, 2), {}, {},
	}
	if e := r.Point.Run.Energy; e != nil {
		cells[6] = interval(e.DenseGFLOPSPerW, 1)
	}
	if first {
		t.rule(cells...)
		return
	}
	t.add(cells...)
}
