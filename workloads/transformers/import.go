package transformers

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	yaml "satsim/internal/config"
	"satsim/workloads/network"
)

//go:embed networks/*.yaml
var networks embed.FS

// longestSequence is taken where none is given (assumption: a length that many models are fine-tuned with), unless positions are fewer.
const longestSequence = 512

// Options are what a file does not say.
type Options struct {
	Name     string // of the network
	Batch    int64  // samples a step; 0: 1
	Sequence int64  // tokens a sample; 0: 512, or the model's positions if those are fewer
}

// family makes the network of one model_type.
type family struct {
	network string // in networks
	fill    func(b *builder)
}

// families by model_type.
var families = map[string]family{
	"bert": {"bert", (*builder).bert}, "gpt2": {"gpt2", (*builder).gpt2}, "llama": {"llama", (*builder).llama}, "mistral": {"llama", (*builder).mistral},
	"qwen": {"llama", (*builder).qwen}, "qwen2": {"llama", (*builder).qwen2}, "qwen3": {"llama", (*builder).qwen3}, "vit": {"vit", (*builder).vit}, "deit": {"vit", (*builder).deit}, "swin": {"swin", (*builder).swin},
}

// Families lists the values of model_type that are accepted, in alphabetical order.
func Families() []string {
	return slices.Sorted(maps.Keys(families))
}

// builder fills a family's network in.
type builder struct {
	*config
	options Options
	network network.Description
}

// Import makes the network that the text of a config.json describes.
func Import(text []byte, o Options) (*network.Description, error) {
	c, err := parse(text)
	if err != nil {
		return nil, err
	}
	kind := c.word("model_type", "")
	f, ok := families[kind]
	switch {
	case c.err != nil:
		return nil, c.err
	case !c.has("model_type"):
		return nil, fmt.Errorf("%s; a config.json of transformers is accepted, of model_type %s", c.other(), strings.Join(Families(), ", "))
	case !ok:
		return nil, fmt.Errorf("model_type is %q; accepted are %s", clip([]byte(kind)), strings.Join(Families(), ", "))
	}
	b := &builder{config: c, options: o}
	source, err := networks.ReadFile("networks/" + f.network + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("the network of %s: %w", kind, err)
	}
	if err := yaml.Decode(yaml.Source{Name: f.network, Data: source}, "network", &b.network); err != nil {
		return nil, fmt.Errorf("the network of %s: %w", kind, err)
	}
	b.network.Name = o.Name
	b.set("batch", max(o.Batch, 1))
	f.fill(b)
	if b.err != nil {
		return nil, b.err
	}
	b.layer(network.LayerSpec{Name: "loss", Op: network.Loss})
	b.network.Note = fmt.Sprintf("made of a config.json of transformers, model_type %s; what masks of attention hide is computed all the same", kind)
	if _, err := b.network.Graph(); err != nil {
		return nil, fmt.Errorf("checking the network that the file describes: %w", err)
	}
	return &b.network, nil
}

// set gives a parameter of the network its value.
func (b *builder) set(name string, value int64) {
	if err := b.network.SetParam(name, value); err != nil && b.err == nil {
		b.err = err
	}
}

// tokens sets the sequence. Learned positions bound it; others do not.
func (b *builder) tokens(key string, positions int64, learned bool) {
	n := b.options.Sequence
	if n == 0 {
		n = min(longestSequence, positions)
	}
	switch {
	case b.err != nil:
	case n < 1 || n > maxSize:
		b.err = fmt.Errorf("the sequence is %d tokens; 1 to %d are accepted", n, maxSize)
	case learned && n > positions:
		b.err = fmt.Errorf("the sequence is %d tokens, and %s is %d: the model has no more learned positions; at most that is accepted", n, key, positions)
	}
	b.set("sequence", n)
}

// images refuses a sequence, which images do not have.
func (b *builder) images() {
	if b.options.Sequence != 0 && b.err == nil {
		b.err = errors.New("a sequence is given, and the model reads images, whose size gives the tokens")
	}
}

// layer appends a layer.
func (b *builder) layer(l network.LayerSpec) { b.network.Layers = append(b.network.Layers, l) }

// inBlock changes a layer of a block of the network.
func (b *builder) inBlock(block, layer string, change func(*network.LayerSpec)) {
	for i := range b.network.Blocks {
		if b.network.Blocks[i].Name != block {
			continue
		}
		for k := range b.network.Blocks[i].Layers {
			if l := &b.network.Blocks[i].Layers[k]; l.Name == layer {
				change(l)
			}
		}
	}
}

// bias says whether a linear layer of a block has one.
func (b *builder) bias(block, layer string, on bool) {
	b.inBlock(block, layer, func(l *network.LayerSpec) { l.Bias = on })
}

// activations are what transformers calls the functions that networks have.
var activations = map[string]network.Op{
	"gelu": network.GELU, "gelu_new": network.GELU, "gelu_fast": network.GELU, "gelu_pytorch_tanh": network.GELU, "gelu_python": network.GELU, "gelu_10": network.GELU,
	"relu": network.ReLU, "relu6": network.ReLU6, "silu": network.SiLU, "swish": network.SiLU, "tanh": network.Tanh, "sigmoid": network.Sigmoid,
	"quick_gelu": network.SiLU, // x sigmoid(1.702 x)
}

// activation sets the function between the linear layers of a block's perceptron.
func (b *builder) activation(block, key, otherwise string) {
	op, ok := activations[b.word(key, otherwise)]
	if !ok {
		var all []string
		for name := range activations {
			all = append(all, name)
		}
		slices.Sort(all)
		b.wrong(key, strings.Join(all, ", "))
		return
	}
	b.inBlock(block, "act", func(l *network.LayerSpec) { l.Op = op })
}

// expr is a whole number in the notation.
func expr(v int64) network.Expr { return network.Expr(fmt.Sprint(v)) }

// linear appends a linear layer.
func (b *builder) linear(name string, channels network.Expr, bias bool, input ...string) {
	b.layer(network.LayerSpec{Name: name, Op: network.Linear, Channels: channels, Bias: bias, Input: input})
}

// token appends the slice of one token of every sample.
func (b *builder) token(name string, at network.Expr, input ...string) {
	b.layer(network.LayerSpec{Name: name, Op: network.Slice, Axis: "1", Start: at, Size: "1", Input: input})
	b.layer(network.LayerSpec{Name: name + "_flat", Op: network.Flatten})
}
