package vector

import (
	"satsim/arch/word"
	"satsim/internal/microcode"
)

// Programs are what a kind of work may compute: one program, or one of several of as many words.
func Programs(k word.PassKind) []*microcode.Program {
	one := func(p ...*microcode.Program) []*microcode.Program { return p }
	switch k {
	case Bias:
		return one(microcode.Bias())
	case BatchNormStats:
		return one(microcode.BatchNormStats())
	case BatchNormApply:
		return one(microcode.BatchNormApply())
	case BatchNormReduce:
		return one(microcode.BatchNormReduce())
	case BatchNormGrad:
		return one(microcode.BatchNormGrad())
	case LayerNorm:
		return one(microcode.LayerNorm(true), microcode.LayerNorm(false))
	case LayerNormGrad:
		return one(microcode.LayerNormGrad())
	case RMSNorm:
		return one(microcode.RMSNorm())
	case RMSNormGrad:
		return one(microcode.RMSNormGrad())
	case Activate:
		return one(microcode.ReLU(), microcode.ReLU6())
	case ActivateGrad:
		return one(microcode.ActivationGrad())
	case Transcend:
		return one(microcode.GELU(), microcode.SiLU(), microcode.Sigmoid(), microcode.Tanh())
	case TranscendGrad:
		return one(microcode.GELUGrad(), microcode.SiLUGrad(), microcode.SigmoidGrad(), microcode.TanhGrad())
	case Softmax:
		return one(microcode.Softmax())
	case SoftmaxGrad:
		return one(microcode.SoftmaxGrad())
	case Pool:
		return one(microcode.MaxPool(), microcode.AvgPool())
	case PoolGrad:
		return one(microcode.MaxPoolGrad(), microcode.AvgPoolGrad())
	case Add:
		return one(microcode.AddTensors())
	case Mul:
		return one(microcode.MulTensors())
	case MulGrad:
		return one(microcode.MulGrad())
	case GradSum:
		return one(microcode.GradSum(), microcode.Repeats())
	case Gather:
		return one(microcode.Gather())
	case ScatterAdd:
		return one(microcode.ScatterAdd())
	case Copy:
		return one(microcode.Copy())
	case Loss:
		return one(microcode.Loss())
	case BiasGrad:
		return one(microcode.BiasGrad())
	case ZeroFill:
		return one(microcode.ZeroFill())
	case GradCheck:
		return one(microcode.GradCheck())
	case Scale:
		return one(microcode.Scale())
	case Divide:
		return one(microcode.Quotient())
	case DepthwiseUpdate:
		return one(microcode.MulRepeats())
	}
	return nil
}
