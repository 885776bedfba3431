// Package compare holds a recipe against a baseline, everything else equal. A comparison has sides: what is simulated for the headline,
// baselines first. Beside the same machine running the baseline (Sides), the baseline may be the best dense-only array of the same
// resources (DenseOnlySides). A side goes through the stages of package machine, one stage of all sides after the other; Compare then says
// what the runs decide, with the companions of the headline, which are simulations of their own, and with joules.
package compare
