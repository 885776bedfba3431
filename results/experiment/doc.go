// Package experiment is the way into satsim for a Go program: names of models and overrides go in, a record comes out.
//
//	c, err := experiment.Load(experiment.Names{Network: "resnet9", Batch: 8}, "stce.rows=16")
//	if err != nil { ... }
//	r, err := c.Run(ctx)
//
// does what `satsim run --network resnet9 --batch 8 --set stce.rows=16` does. What it exports is stable: it takes strings and numbers and
// gives types of package results/record, which write themselves as JSON and CSV. Every other package of satsim may change from one
// version to the next.
//
// # The pipeline
//
// A case goes through stages, which are a list (Stages), each a package or a file of one:
//
//	load      names and overrides become models                                            experiment/models
//	plan      the step's products, passes and updates become word groups that fit the board    experiment/machine, dataflow
//	schedule  every group gets its words: searched, refined or replayed                        dataflow/schedule
//	simulate  the machine runs the groups                                                      sim
//	collect   conservation is checked, figures are added up                                    results/collect
//	compare   the runs are held against each other, with companions, joules and resources      experiment/compare
//	record    what was asked, with the resolved models, and what came out                      results/record
//
// Plan to collect are those of experiment/machine: sweeps, ablations, co-design and whole trainings take their steps through the same list.
package experiment
