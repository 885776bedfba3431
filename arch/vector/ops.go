package vector

// Kind names element-wise or reducing work by the word that a training step uses for it.
type Kind string

// The kinds of work; Ops says what an element of each costs.
const (
	Bias            Kind = "bias"
	BatchNormStats  Kind = "batch_norm_stats"
	BatchNormApply  Kind = "batch_norm_apply"
	BatchNormReduce Kind = "batch_norm_reduce"
	BatchNormGrad   Kind = "batch_norm_grad"
	LayerNorm       Kind = "layer_norm"
	LayerNormGrad   Kind = "layer_norm_grad"
	RMSNorm         Kind = "rms_norm"
	RMSNormGrad     Kind = "rms_norm_grad"
	Activate        Kind = "activation"
	ActivateGrad    Kind = "activation_grad"
	Transcend       Kind = "transcendental"
	TranscendGrad   Kind = "transcendental_grad"
	Softmax         Kind = "softmax"
	SoftmaxGrad     Kind = "softmax_grad"
	Pool            Kind = "pool"
	PoolGrad        Kind = "pool_grad"
	Add             Kind = "add"
	Mul             Kind = "mul"
	MulGrad         Kind = "mul_grad"
	GradSum         Kind = "grad_sum"
	Gather          Kind = "gather"
	ScatterAdd      Kind = "scatter_add"
	Copy            Kind = "copy"
	Loss            Kind = "loss"
	BiasGrad        Kind = "bias_grad"
	ZeroFill        Kind = "zero_fill"
	GradCheck       Kind = "gradient_check"
)

// Ops is the work on one element of each kind, in lane-cycles: one multiply-add (or one half of it), compare, select, convert
// or move on one lane. The comment at a field derives the value that DefaultOps has; package doc states the rules.
type Ops struct {
	// y + b[channel]: 1 add
	Bias int `yaml:"bias"`
	// sum += x: 1 add; squares += x*x: 1 multiply-add
	BatchNormStats int `yaml:"batch_norm_stats"`
	// x*scale[channel] + shift[channel], both made once a channel: 1 multiply-add
	BatchNormApply int `yaml:"batch_norm_apply"`
	// xhat = x*rstd + c: 1 multiply-add; sum += dy: 1 add; dot += dy*xhat: 1 multiply-add
	BatchNormReduce int `yaml:"batch_norm_reduce"`
	// a*dy + (b*x + c), a, b, c made once a channel: 2 multiply-adds
	BatchNormGrad int `yaml:"batch_norm_grad"`
	// sum: 1 add; squares: 1 multiply-add; xhat = x*rstd + c: 1 multiply-add; xhat*gamma + beta: 1 multiply-add
	LayerNorm int `yaml:"layer_norm"`
	// xhat again: 1 multiply-add; dbeta += dy: 1 add; dgamma += dy*xhat: 1 multiply-add; h = dy*gamma: 1 multiply; sum
	// += h: 1 add; dot += h*xhat: 1 multiply-add; t = h - xhat*a: 1 multiply-add; t*rstd + b: 1 multiply-add
	LayerNormGrad int `yaml:"layer_norm_grad"`
	// squares: 1 multiply-add; x*r: 1 multiply; times gamma: 1 multiply
	RMSNorm int `yaml:"rms_norm"`
	// xhat again: 1 multiply; dgamma += dy*xhat: 1 multiply-add; h = dy*gamma: 1 multiply; dot += h*xhat: 1 multiply-
	// add; t = h - xhat*a: 1 multiply-add; t*r: 1 multiply
	RMSNormGrad int `yaml:"rms_norm_grad"`
	// max(x, 0) and its bit: 1 compare (a cap at 6 is a second input of the same selector: assumption)
	Activate int `yaml:"activation"`
	// dy or 0, by the saved bit: 1 select
	ActivateGrad int `yaml:"activation_grad"`
	// piecewise quadratic: segment of x: 1 convert; two Horner steps: 2 multiply-adds; saturation outside of the
	// table: 1 select
	Transcend int `yaml:"transcendental"`
	// the derivative by the same four steps; times dy: 1 multiply
	TranscendGrad int `yaml:"transcendental_grad"`
	// max: 1 compare; (x - max)*log2(e): 1 multiply-add; split into integer, segment and rest: 1 convert; 2^fraction by
	// two Horner steps, the integer put into the exponent: 2 multiply-adds; sum: 1 add; times 1/sum: 1 multiply
	Softmax int `yaml:"softmax"`
	// dot += dy*p: 1 multiply-add; dy - dot: 1 add; times p: 1 multiply
	SoftmaxGrad int `yaml:"softmax_grad"`
	// maximum and its index: 1 compare; or average: 1 add
	Pool int `yaml:"pool"`
	// dy to the kept index, or dy/window to all: 1 multiply-add
	PoolGrad int `yaml:"pool_grad"`
	// a + b: 1 add
	Add int `yaml:"add"`
	// a*b: 1 multiply
	Mul int `yaml:"mul"`
	// dy*b and dy*a: 2 multiplies
	MulGrad int `yaml:"mul_grad"`
	// 1 add
	GradSum int `yaml:"grad_sum"`
	// no arithmetic; the element passes through a lane: 1 move
	Gather int `yaml:"gather"`
	// row += dy: 1 add
	ScatterAdd int `yaml:"scatter_add"`
	// no arithmetic; the element passes through a lane: 1 move
	Copy int `yaml:"copy"`
	// softmax: 7; p*scale - onehot*scale: 1 multiply-add; a row's logarithm is not per element
	Loss int `yaml:"loss"`
	// sum += dy: 1 add
	BiasGrad int `yaml:"bias_grad"`
	// no arithmetic; the lane drives a zero: 1 move
	ZeroFill int `yaml:"zero_fill"`
	// exponent all ones: 1 compare; squares += g*g: 1 multiply-add (a square can overflow where the gradient is finite, so
	// the sum alone does not tell)
	GradCheck int `yaml:"gradient_check"`
}

// DefaultOps are the counts that the comments of Ops derive.
func DefaultOps() Ops {
	return Ops{
		Bias:            1,
		BatchNormStats:  2,
		BatchNormApply:  1,
		BatchNormReduce: 3,
		BatchNormGrad:   2,
		LayerNorm:       4,
		LayerNormGrad:   8,
		RMSNorm:         3,
		RMSNormGrad:     6,
		Activate:        1,
		ActivateGrad:    1,
		Transcend:       4,
		TranscendGrad:   5,
		Softmax:         7,
		SoftmaxGrad:     3,
		Pool:            1,
		PoolGrad:        1,
		Add:             1,
		Mul:             1,
		MulGrad:         2,
		GradSum:         1,
		Gather:          1,
		ScatterAdd:      1,
		Copy:            1,
		Loss:            8,
		BiasGrad:        1,
		ZeroFill:        1,
		GradCheck:       2,
	}
}

// Kinds lists all kinds in the order of Ops.
func Kinds() []Kind {
	return []Kind{
		Bias,
		BatchNormStats,
		BatchNormApply,
		BatchNormReduce,
		BatchNormGrad,
		LayerNorm,
		LayerNormGrad,
		RMSNorm,
		RMSNormGrad,
		Activate,
		ActivateGrad,
		Transcend,
		TranscendGrad,
		Softmax,
		SoftmaxGrad,
		Pool,
		PoolGrad,
		Add,
		Mul,
		MulGrad,
		GradSum,
		Gather,
		ScatterAdd,
		Copy,
		Loss,
		BiasGrad,
		ZeroFill,
		GradCheck,
	}
}

// Of is the number of lane-cycles an element of kind k takes; ok is false when there is no such kind.
func (o Ops) Of(k Kind) (n int, ok bool) {
	switch k {
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
