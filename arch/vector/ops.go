package vector

import (
	"satsim/arch/word"
	"satsim/internal/param"
)

// The kinds of work, named as a training step names them; Ops says what an element of each costs.
const (
	Bias            word.PassKind = "bias"
	BatchNormStats  word.PassKind = "batch_norm_stats"
	BatchNormApply  word.PassKind = "batch_norm_apply"
	BatchNormReduce word.PassKind = "batch_norm_reduce"
	BatchNormGrad   word.PassKind = "batch_norm_grad"
	LayerNorm       word.PassKind = "layer_norm"
	LayerNormGrad   word.PassKind = "layer_norm_grad"
	RMSNorm         word.PassKind = "rms_norm"
	RMSNormGrad     word.PassKind = "rms_norm_grad"
	Activate        word.PassKind = "activation"
	ActivateGrad    word.PassKind = "activation_grad"
	Transcend       word.PassKind = "transcendental"
	TranscendGrad   word.PassKind = "transcendental_grad"
	Softmax         word.PassKind = "softmax"
	SoftmaxGrad     word.PassKind = "softmax_grad"
	Pool            word.PassKind = "pool"
	PoolGrad        word.PassKind = "pool_grad"
	Add             word.PassKind = "add"
	Mul             word.PassKind = "mul"
	MulGrad         word.PassKind = "mul_grad"
	GradSum         word.PassKind = "grad_sum"
	Gather          word.PassKind = "gather"
	ScatterAdd      word.PassKind = "scatter_add"
	Copy            word.PassKind = "copy"
	Loss            word.PassKind = "loss"
	BiasGrad        word.PassKind = "bias_grad"
	ZeroFill        word.PassKind = "zero_fill"
	GradCheck       word.PassKind = "gradient_check"
)

// Ops is the work on one element of each kind, in lane-cycles: one multiply-add (or one half of it), compare, select, convert
// or move on one lane. The declaration of a kind derives its default; package doc states the rules.
type Ops struct {
	Bias            int `yaml:"bias"`
	BatchNormStats  int `yaml:"batch_norm_stats"`
	BatchNormApply  int `yaml:"batch_norm_apply"`
	BatchNormReduce int `yaml:"batch_norm_reduce"`
	BatchNormGrad   int `yaml:"batch_norm_grad"`
	LayerNorm       int `yaml:"layer_norm"`
	LayerNormGrad   int `yaml:"layer_norm_grad"`
	RMSNorm         int `yaml:"rms_norm"`
	RMSNormGrad     int `yaml:"rms_norm_grad"`
	Activate        int `yaml:"activation"`
	ActivateGrad    int `yaml:"activation_grad"`
	Transcend       int `yaml:"transcendental"`
	TranscendGrad   int `yaml:"transcendental_grad"`
	Softmax         int `yaml:"softmax"`
	SoftmaxGrad     int `yaml:"softmax_grad"`
	Pool            int `yaml:"pool"`
	PoolGrad        int `yaml:"pool_grad"`
	Add             int `yaml:"add"`
	Mul             int `yaml:"mul"`
	MulGrad         int `yaml:"mul_grad"`
	GradSum         int `yaml:"grad_sum"`
	Gather          int `yaml:"gather"`
	ScatterAdd      int `yaml:"scatter_add"`
	Copy            int `yaml:"copy"`
	Loss            int `yaml:"loss"`
	BiasGrad        int `yaml:"bias_grad"`
	ZeroFill        int `yaml:"zero_fill"`
	GradCheck       int `yaml:"gradient_check"`
}

// operations declares what each kind takes: the derivation is the source of the default.
func operations() []param.Param {
	count := func(kind word.PassKind, n int, derivation string) param.Param {
		return param.Param{Key: string(kind), Default: n, Unit: "lane-cycles an element", Range: param.AtLeast(0, "0 leaves it out"),
			Meaning: "vector work of the kind " + string(kind), Source: derivation}
	}
	return []param.Param{
		count(Bias, 1, "y + b[channel]: 1 add"),
		count(BatchNormStats, 2, "sum += x: 1 add; squares += x*x: 1 multiply-add"),
		count(BatchNormApply, 1, "x*scale[channel] + shift[channel], both made once a channel: 1 multiply-add"),
		count(BatchNormReduce, 3, "xhat = x*rstd + c: 1 multiply-add; sum += dy: 1 add; dot += dy*xhat: 1 multiply-add"),
		count(BatchNormGrad, 2, "a*dy + (b*x + c), a, b, c made once a channel: 2 multiply-adds"),
		count(LayerNorm, 4, "sum: 1 add; squares: 1 multiply-add; xhat = x*rstd + c: 1 multiply-add; xhat*gamma + beta: 1 multiply-add"),
		count(LayerNormGrad, 8, "xhat again: 1 multiply-add; dbeta += dy: 1 add; dgamma += dy*xhat: 1 multiply-add; h = dy*gamma: 1 multiply; sum += h: 1 add; dot += h*xhat: 1 multiply-add; t = h - xhat*a: 1 multiply-add; t*rstd + b: 1 multiply-add"),
		count(RMSNorm, 3, "squares: 1 multiply-add; x*r: 1 multiply; times gamma: 1 multiply"),
		count(RMSNormGrad, 6, "xhat again: 1 multiply; dgamma += dy*xhat: 1 multiply-add; h = dy*gamma: 1 multiply; dot += h*xhat: 1 multiply-add; t = h - xhat*a: 1 multiply-add; t*r: 1 multiply"),
		count(Activate, 1, "max(x, 0) and its bit: 1 compare (a cap at 6 is a second input of the same selector: assumption)"),
		count(ActivateGrad, 1, "dy or 0, by the saved bit: 1 select"),
		count(Transcend, 4, "piecewise quadratic: segment of x: 1 convert; two Horner steps: 2 multiply-adds; saturation outside of the table: 1 select"),
		count(TranscendGrad, 5, "the derivative by the same four steps; times dy: 1 multiply"),
		count(Softmax, 7, "max: 1 compare; (x - max)*log2(e): 1 multiply-add; split into integer, segment and rest: 1 convert; 2^fraction by two Horner steps, the integer put into the exponent: 2 multiply-adds; sum: 1 add; times 1/sum: 1 multiply"),
		count(SoftmaxGrad, 3, "dot += dy*p: 1 multiply-add; dy - dot: 1 add; times p: 1 multiply"),
		count(Pool, 1, "maximum and its index: 1 compare; or average: 1 add"),
		count(PoolGrad, 1, "dy to the kept index, or dy/window to all: 1 multiply-add"),
		count(Add, 1, "a + b: 1 add"),
		count(Mul, 1, "a*b: 1 multiply"),
		count(MulGrad, 2, "dy*b and dy*a: 2 multiplies"),
		count(GradSum, 1, "1 add"),
		count(Gather, 1, "no arithmetic; the element passes through a lane: 1 move"),
		count(ScatterAdd, 1, "row += dy: 1 add"),
		count(Copy, 1, "no arithmetic; the element passes through a lane: 1 move"),
		count(Loss, 8, "softmax: 7; p*scale - onehot*scale: 1 multiply-add; a row's logarithm is not per element"),
		count(BiasGrad, 1, "sum += dy: 1 add"),
		count(ZeroFill, 1, "no arithmetic; the lane drives a zero: 1 move"),
		count(GradCheck, 2, "exponent all ones: 1 compare; squares += g*g: 1 multiply-add (a square can overflow where the gradient is finite, so the sum alone does not tell)"),
	}
}

// DefaultOps are the counts that the declarations derive.
func DefaultOps() Ops { return param.Defaults[Ops](operations()) }

// Kinds lists all kinds in the order of Ops.
func Kinds() []word.PassKind {
	var out []word.PassKind
	for _, p := range operations() {
		out = append(out, word.PassKind(p.Key))
	}
	return out
}

// Of is the number of lane-cycles an element of kind k takes, that of products included; ok is false when there is no such kind.
func (o Ops) Of(k word.PassKind) (n int, ok bool) {
	switch k {
	case DepthwiseUpdate: // a multiply-add
		return 1, true
	case Random, Scale, Divide: // of a group
		return 1, true
	case Bias:
		return o.Bias, true
	case BatchNormStats:
		return o.BatchNormStats, true
	case BatchNormApply:
		return o.BatchNormApply, true
	case BatchNormReduce:
		return o.BatchNormReduce, true
	case BatchNormGrad:
		return o.BatchNormGrad, true
	case LayerNorm:
		return o.LayerNorm, true
	case LayerNormGrad:
		return o.LayerNormGrad, true
	case RMSNorm:
		return o.RMSNorm, true
	case RMSNormGrad:
		return o.RMSNormGrad, true
	case Activate:
		return o.Activate, true
	case ActivateGrad:
		return o.ActivateGrad, true
	case Transcend:
		return o.Transcend, true
	case TranscendGrad:
		return o.TranscendGrad, true
	case Softmax:
		return o.Softmax, true
	case SoftmaxGrad:
		return o.SoftmaxGrad, true
	case Pool:
		return o.Pool, true
	case PoolGrad:
		return o.PoolGrad, true
	case Add:
		return o.Add, true
	case Mul:
		return o.Mul, true
	case MulGrad:
		return o.MulGrad, true
	case GradSum:
		return o.GradSum, true
	case Gather:
		return o.Gather, true
	case ScatterAdd:
		return o.ScatterAdd, true
	case Copy:
		return o.Copy, true
	case Loss:
		return o.Loss, true
	case BiasGrad:
		return o.BiasGrad, true
	case ZeroFill:
		return o.ZeroFill, true
	case GradCheck:
		return o.GradCheck, true
	}
	return 0, false
}
