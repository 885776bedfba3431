package microcode

import "math"

// The programs of passes. Each says what its ports, columns and scalars are (Operands); what is not said there it makes.

func elementwise(name string, words ...Word) *Program {
	return &Program{Name: name, Sweeps: [][]Word{words}}
}

// moved passes elements on.
func moved(name string) *Program { return elementwise(name, move(out(0), port(0))) }

// Copy moves elements, Gather looked up ones.
func Copy() *Program { return moved("copy").of("port 0 is x") }

// Gather moves elements of rows that were looked up.
func Gather() *Program { return moved("gather").of("port 0 is an element of a row that was looked up") }

// ZeroFill drives zeros.
func ZeroFill() *Program {
	return elementwise("zero_fill", move(out(0), literal(0))).of("no operand is read")
}

// Bias adds a number of its column to each element.
func Bias() *Program {
	return elementwise("bias", add(out(0), port(0), column(0))).of("port 0 is x, column 0 the bias")
}

// Add adds two tensors.
func AddTensors() *Program {
	return elementwise("add", add(out(0), port(0), port(1))).of("ports 0 and 1 are the tensors")
}

// GradSum adds a gradient to another.
func GradSum() *Program {
	return elementwise("grad_sum", add(out(0), port(0), port(1))).of("ports 0 and 1 are the gradients")
}

// Mul multiplies two tensors.
func MulTensors() *Program {
	return elementwise("mul", mul(out(0), port(0), port(1))).of("ports 0 and 1 are the tensors")
}

// Scale makes the first point of an unbiased estimate of its threshold and a random number.
func Scale() *Program {
	return elementwise("scale", mulAdd(out(0), port(0), port(1), port(0).neg())).of("of each group, port 0 is the threshold, port 1 a number from 1 to 2")
}

// Quotient divides what there is once a group.
func Quotient() *Program {
	return elementwise("divide", divide(out(0), port(0), port(1))).of("of each group, port 0 is by port 1")
}

// MulGrad is the gradients of both factors.
func MulGrad() *Program {
	return elementwise("mul_grad", mul(out(0), port(0), port(2)), mul(out(1), port(0), port(1))).of("port 0 is dY, ports 1 and 2 the factors; results 0 and 1 are their gradients")
}

// ReLU sets the bit where x passes.
func ReLU() *Program {
	return elementwise("relu", larger(out(0), port(0), literal(0)).withBit()).of("port 0 is x; the bit is set where it passes")
}

// ReLU6 sets the bit where x is between 0 and 6.
func ReLU6() *Program {
	return elementwise("relu6", Word{Op: Clamp, A: port(0), B: literal(0), C: literal(6), To: out(0), Bit: true}).of("port 0 is x; the bit is set where it is between 0 and 6")
}

// ActivationGrad passes dY where the bit is set.
func ActivationGrad() *Program {
	return elementwise("activation_grad", move(out(0), port(0).gated())).of("port 0 is dY; the bit says where x passed")
}

// summed adds port 0 up.
func summed(name string, w Ways) *Program {
	p := elementwise(name, sums(0, port(0)))
	p.Totals = []Total{{Ways: w}}
	return p
}

// BiasGrad adds dY up.
func BiasGrad() *Program {
	return summed("bias_grad", OverColumns).of("port 0 is dY, total 0 its sum over a column")
}

// ScatterAdd adds gradients to a table's row.
func ScatterAdd() *Program {
	return summed("scatter_add", Window).of("port 0 is a gradient of a table's row, total 0 their sum, in ascending order of tokens")
}

// Repeats adds up the gradients of an operand that was repeated.
func Repeats() *Program {
	return summed("repeated_sum", Window).of("port 0 is the gradient of a copy, total 0 their sum")
}

// MulRepeats adds up products of dY and the other factor.
func MulRepeats() *Program {
	p := elementwise("repeated_product", sumsProduct(0, port(0), port(1))).of("port 0 is dY, port 1 the other factor, total 0 the sum of products; of a depthwise convolution's weight gradients they are an input and a gradient of its output")
	p.Totals = []Total{{Ways: Window}}
	return p
}

// GradCheck asks of a row whether any gradient is infinite, and how large all are.
func GradCheck() *Program {
	p := elementwise("gradient_check", larger(sum(0).place(), port(0).abs(), sum(0)), sumsProduct(1, port(0), port(0))).
		of("port 0 is a gradient; scalars 5 and 6 become the largest magnitude of a row, which is infinite if any is, and the sum of its squares")
	p.Totals = []Total{{Ways: OverRows, Largest: true}, {Ways: OverRows}}
	p.Between = [][]Word{{move(scalar(5).place(), sum(0)), move(scalar(6).place(), sum(1))}}
	return p
}

// MaxPool keeps the largest tap of a window, the first of equals, and which it was.
func MaxPool() *Program {
	p := elementwise("max_pool", larger(sum(0).place(), port(0), sum(0))).of("port 0 is a tap, total 0 the largest of a window")
	p.Totals = []Total{{Ways: Window, Largest: true}}
	return p
}

// AvgPool adds up the taps of a window.
func AvgPool() *Program {
	p := summed("avg_pool", Window).of("port 0 is a tap, total 0 their sum; column 0 is one over their number, column 1 becomes the mean")
	p.After = []Word{mul(column(1).place(), sum(0), column(0))}
	return p
}

// MaxPoolGrad: dY goes to the tap whose bit is set.
func MaxPoolGrad() *Program {
	p := elementwise("max_pool_grad", sumsProduct(0, port(0), literal(1).gated())).of("port 0 is dY; the bit says that this tap was the largest; total 0 is the tap's gradient")
	p.Totals = []Total{{Ways: Window}}
	return p
}

// AvgPoolGrad: dY goes to all taps alike.
func AvgPoolGrad() *Program {
	p := elementwise("avg_pool_grad", sumsProduct(0, port(0), column(0))).of("port 0 is dY, column 0 one over the number of taps, total 0 the tap's gradient")
	p.Totals = []Total{{Ways: Window}}
	return p
}

// statistics makes the mean and the inverse deviation of totals 0 and 1, a sum and a sum of squares. scalar 0 is one over their number, 1 epsilon;
// tmp is overwritten, and holds the variance.
func statistics(mean, rstd, tmp Operand) []Word {
	return []Word{
		mul(mean.place(), sum(0), scalar(0)),
		mul(tmp.place(), sum(1), scalar(0)),
		mul(rstd.place(), mean, mean),
		add(tmp.place(), tmp, rstd.neg()),
		larger(tmp.place(), tmp, literal(0)), // rounding may leave a little less than nothing
		add(rstd.place(), tmp, scalar(1)),
		root(rstd.place(), rstd),
		divide(rstd.place(), literal(1), rstd),
	}
}

// BatchNormStats adds up elements and their squares, of which the controller makes mean and deviation.
func BatchNormStats() *Program {
	p := elementwise("batch_norm_stats", sums(0, port(0)), sumsProduct(1, port(0), port(0))).
		of("port 0 is x; columns 0 and 1 become mean and inverse deviation, column 2 the variance; scalar 0 is one over the rows, 1 epsilon")
	p.Totals = []Total{{Ways: OverColumns}, {Ways: OverColumns}}
	p.After = statistics(column(0), column(1), column(2))
	return p
}

// BatchNormApply scales and shifts elements by their column's numbers.
func BatchNormApply() *Program {
	p := elementwise("batch_norm_apply", mulAdd(out(0), port(0), column(4), column(5))).
		of("port 0 is x; columns 0 to 3 are mean, inverse deviation, scale and shift; 4 and 5 become the scale and shift of x")
	p.Before = []Word{
		mul(column(4).place(), column(1), column(2)),
		mul(column(5).place(), column(0), column(4)),
		add(column(5).place(), column(3), column(5).neg()),
	}
	return p
}

// BatchNormReduce adds up what BatchNormGrad needs of a column.
func BatchNormReduce() *Program {
	xhat := register(0)
	p := elementwise("batch_norm_reduce",
		mulAdd(xhat.place(), port(0), column(1), column(4).neg()), sums(0, port(1)), sumsProduct(1, port(1), xhat)).
		of("ports 0 and 1 are x and dY; columns 0 and 1 are mean and inverse deviation, 4 becomes their product; totals 0 and 1 are the sums of dY and of dY * xhat")
	p.Totals = []Total{{Ways: OverColumns}, {Ways: OverColumns}}
	p.Before = []Word{mul(column(4).place(), column(0), column(1))}
	return p
}

// BatchNormGrad is the gradient of a batch norm:
// dX = a*dY + (b*x + c) with a = scale*rstd, b = -a*rstd*mean(dY*xhat), c = -a*mean(dY) - b*mean.
func BatchNormGrad() *Program {
	a, b, c, t := column(3), column(4), column(5), register(0)
	p := elementwise("batch_norm_grad", mulAdd(t.place(), port(0), b, c), mulAdd(out(0), port(1), a, t)).
		of("ports 0 and 1 are x and dY; columns 0 to 2 are mean, inverse deviation and scale, 6 and 7 both totals of batch_norm_reduce, 3 to 5 become a, b and c of a * dY + (b * x + c); scalar 0 is one over the rows")
	p.Before = []Word{
		mul(a.place(), column(2), column(1)),
		mul(b.place(), column(7), scalar(0)),
		mul(b.place(), b, column(1)),
		mul(b.place(), b, a.neg()),
		mul(c.place(), column(6), scalar(0)),
		mul(c.place(), c, a.neg()),
		mulAdd(c.place(), b.neg(), column(0), c),
	}
	return p
}

// LayerNorm normalises rows. Without a shift the last word has no sum.
func LayerNorm(shift bool) *Program {
	xhat := register(0)
	name, last, columns := "layer_norm_unshifted", mul(out(0), xhat, column(0)), "column 0 is the scale"
	if shift {
		name, last, columns = "layer_norm", mulAdd(out(0), xhat, column(0), column(1)), "columns 0 and 1 are scale and shift"
	}
	return &Program{
		Name: name, Operands: "port 0 is x; " + columns + "; scalars 2 and 3 become the row's mean and inverse deviation, 4 their product; 0 is one over the columns, 1 epsilon",
		Totals: []Total{{Ways: OverRows}, {Ways: OverRows}},
		Sweeps: [][]Word{
			{sums(0, port(0)), sumsProduct(1, port(0), port(0))},
			{mulAdd(xhat.place(), port(0), scalar(3), scalar(4).neg()), last},
		},
		Between: [][]Word{append(statistics(scalar(2), scalar(3), scalar(4)), mul(scalar(4).place(), scalar(2), scalar(3)))},
	}
}

// LayerNormGrad is the gradient of a layer norm, and what its scale and shift gather.
func LayerNormGrad() *Program {
	xhat, h := register(0), register(1)
	return &Program{
		Name:     "layer_norm_grad",
		Operands: "ports 0 and 1 are x and dY; column 0 is the scale; scalars 2 to 4 are the row's mean, inverse deviation and their product, 0 is one over the columns; totals 2 and 3 are the sums of dY and dY * xhat over columns",
		Totals:   []Total{{Ways: OverRows}, {Ways: OverRows}, {Ways: OverColumns}, {Ways: OverColumns}},
		Sweeps: [][]Word{
			{
				mulAdd(xhat.place(), port(0), scalar(3), scalar(4).neg()), sums(2, port(1)), sumsProduct(3, port(1), xhat),
				mul(h.place(), port(1), column(0)), sums(0, h), sumsProduct(1, h, xhat),
			},
			{mulAdd(h.place(), xhat, scalar(5).neg(), h), mulAdd(out(0), h, scalar(3), scalar(6).neg())},
		},
		Between: [][]Word{{
			mul(scalar(5).place(), sum(1), scalar(0)), mul(scalar(6).place(), sum(0), scalar(0)), mul(scalar(6).place(), scalar(6), scalar(3)),
		}},
	}
}

// RMSNorm divides rows by the root of their mean square.
func RMSNorm() *Program {
	xhat, r := register(0), scalar(2)
	return &Program{
		Name: "rms_norm", Operands: "port 0 is x; column 0 is the scale; scalar 2 becomes one over the root of the row's mean square; 0 is one over the columns, 1 epsilon",
		Totals: []Total{{Ways: OverRows}},
		Sweeps: [][]Word{{sumsProduct(0, port(0), port(0))}, {mul(xhat.place(), port(0), r), mul(out(0), xhat, column(0))}},
		Between: [][]Word{{
			mul(r.place(), sum(0), scalar(0)), add(r.place(), r, scalar(1)), root(r.place(), r), divide(r.place(), literal(1), r),
		}},
	}
}

// RMSNormGrad is the gradient of RMSNorm, and what its scale gathers.
func RMSNormGrad() *Program {
	xhat, h := register(0), register(1)
	return &Program{
		Name: "rms_norm_grad", Operands: "ports 0 and 1 are x and dY; column 0 is the scale; scalar 2 is that of rms_norm, 0 one over the columns; total 1 is the sum of dY * xhat over columns",
		Totals: []Total{{Ways: OverRows}, {Ways: OverColumns}},
		Sweeps: [][]Word{
			{mul(xhat.place(), port(0), scalar(2)), sumsProduct(1, port(1), xhat), mul(h.place(), port(1), column(0)), sumsProduct(0, h, xhat)},
			{mulAdd(h.place(), xhat, scalar(5).neg(), h), mul(out(0), h, scalar(2))},
		},
		Between: [][]Word{{mul(scalar(5).place(), sum(0), scalar(0))}},
	}
}

// Lookup is a function by its table.
func lookup(t *Table) *Program {
	return &Program{Name: t.Name, Operands: "port 0 is x", Table: t, Sweeps: [][]Word{append(quadratic(port(0)), pick(out(0), register(1), port(0)))}}
}

// slope is dY times a derivative, which is a function of x, or of the result.
func slope(t *Table, of string) *Program {
	y := register(1)
	return &Program{
		Name: t.Name, Operands: "port 0 is " + of + ", port 1 dY", Table: t, Sweeps: [][]Word{append(quadratic(port(0)), pick(y.place(), y, port(0)), mul(out(0), port(1), y))},
	}
}

// quadratic makes register 1 of an operand.
func quadratic(x Operand) []Word {
	rest, y := register(0), register(1)
	return []Word{split(rest.place(), x), mulAdd(y.place(), entry(2), rest, entry(1)), mulAdd(y.place(), y, rest, entry(0))}
}

// Lookups are the functions by name, and their gradients.

func GELU() *Program        { return lookup(gelu()) }
func GELUGrad() *Program    { return slope(geluSlope(), "x") }
func SiLU() *Program        { return lookup(silu()) }
func SiLUGrad() *Program    { return slope(siluSlope(), "x") }
func Sigmoid() *Program     { return lookup(sigmoid()) }
func SigmoidGrad() *Program { return slope(sigmoidSlope(), "the result") }
func Tanh() *Program        { return lookup(tanh()) }
func TanhGrad() *Program    { return slope(tanhSlope(), "the result") }

// softmaxTo ends with words on each probability's exponential, register 1.
func softmaxTo(name, operands string, last ...Word) *Program {
	t, e := register(0), register(1)
	power := quadratic(t)
	power[2] = power[2].raised()
	return &Program{
		Name: name, Operands: operands, Table: exp2(), Totals: []Total{{Ways: OverRows, Largest: true}, {Ways: OverRows}},
		Sweeps: [][]Word{
			{larger(sum(0).place(), port(0), sum(0))},
			append(append([]Word{mulAdd(t.place(), port(0), literal(math.Log2E), scalar(2).neg())}, power...), sums(1, e)),
			last,
		},
		Between: [][]Word{{mul(scalar(2).place(), sum(0), literal(math.Log2E))}, {divide(scalar(3).place(), literal(1), sum(1))}},
	}
}

// Softmax of a row.
func Softmax() *Program {
	return softmaxTo("softmax", "port 0 is x; scalars 2 and 3 become the row's largest, times log2 e, and one over the sum of exponentials", mul(out(0), register(1), scalar(3)))
}

// Loss is the gradient of the cross-entropy of a row's softmax.
func Loss() *Program {
	p := register(0)
	return softmaxTo("loss", "port 0 is x; the bit says which element the label is; scalar 0 is the scale; scalars 2 and 3 become those of softmax", mul(p.place(), register(1), scalar(3)), mulAdd(out(0), p, scalar(0), scalar(0).gated().neg()))
}

// SoftmaxGrad is the gradient of a softmax.
func SoftmaxGrad() *Program {
	t := register(0)
	return &Program{
		Name: "softmax_grad", Operands: "ports 0 and 1 are the probabilities and dY; scalar 2 becomes the row's sum of their products", Totals: []Total{{Ways: OverRows}},
		Sweeps: [][]Word{
			{sumsProduct(0, port(1), port(0))},
			{add(t.place(), port(1), scalar(2).neg()), mul(out(0), t, port(0))},
		},
		Between: [][]Word{{move(scalar(2).place(), sum(0))}},
	}
}
