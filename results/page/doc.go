// Package page makes one HTML file of results, which a user mails to a colleague: it needs no network, no other file and no program but a browser.
//
// # What is on it, and where that is from
//
// Nothing is computed anew. A page is sections, and a section is what other rooms make:
//
//	record    figures of the head        record.Comparison, report.RunOf, which satsim run prints
//	          roofline                   record.Layer: performed MACs, bytes, effective GFLOPS; ports and peak as query names them
//	          time by layer              record.Group by diff.Causes: what the array's lane did; they add up to the step's cycles
//	          traffic, footprint         bytes of record.Layer; shares of record.MemoryStage
//	          energy                     record.UnitEnergy with its bounds
//	          resources                  record.ResourceLine
//	          schedule                   report.Groups: the words of each layer
//	          parameters                 kinds.Keys, with the values that the record has
//	          configuration              the record's own text, as files that satsim run takes
//	store     points, fronts             query.Typed of the columns that satsim results shows; axes are those of query.Metrics
//	training  curves, accuracy           training.Curves, training.SeedGroup; the cost beside it is that of records on the same page
//
// # Charts
//
// A chart is data with the names of its axes, and page.js draws it by ECharts 6 (echarts/, as its publisher built it, with licence and notice), as SVG. Each has a caption and
// its numbers as a table below it, for readers who do not see it, and for paper. Colours are those of package plot, which colour-blind readers can tell.
//
// # Bytes
//
// Equal inputs give equal bytes: there is no time and no path of a host in it. Text goes through html/template; data is JSON in a script element that is not run.
package page
