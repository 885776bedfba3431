package transformers

import (
	"fmt"

	"satsim/workloads/network"
)

// encoder reads what vit and deit have in common.
func (b *builder) encoder(extra int64) {
	dim, heads := b.size("hidden_size", 768), b.size("num_attention_heads", 12)
	b.divides("num_attention_heads", heads, "hidden_size", dim)
	image, patch := b.size("image_size", 224), b.size("patch_size", 16)
	b.divides("patch_size", patch, "image_size", image)
	b.images()
	// The patch first: the number of tokens is checked after each, and a small image has none of a large patch.
	b.set("image", 0)
	b.set("patch", patch)
	b.set("image", image)
	b.set("colours", b.size("num_channels", 3))
	b.set("extra", extra)
	b.set("dim", dim)
	b.set("heads", heads)
	b.set("layers", b.depth("num_hidden_layers", 12))
	b.set("mlp", b.size("intermediate_size", 3072))
	b.activation("encoder", "hidden_act", "gelu")
	b.bias("heads", "linear", b.flag("qkv_bias", true))
}

func (b *builder) vit() {
	b.encoder(1)
	b.classify(b.head("ViT", "Model", "ForImageClassification"))
}

func (b *builder) deit() {
	b.encoder(2)
	head := b.head("DeiT", "Model", "ForImageClassification", "ForImageClassificationWithTeacher")
	b.classify(head)
	if head != "ForImageClassificationWithTeacher" {
		return
	}
	b.token("teacher", "1", "ln")
	b.linear("teacher_classifier", expr(b.labels()), true)
	b.layer(network.LayerSpec{Name: "mean", Op: network.Add, Input: []string{"classifier", "teacher_classifier"}})
}

// classify is a linear layer on the first token, or a pooler.
func (b *builder) classify(head string) {
	if head == "Model" {
		b.pooler()
		return
	}
	b.token("first", "0")
	b.linear("classifier", expr(b.labels()), true)
}

func (b *builder) swin() {
	image, patch := b.size("image_size", 224), b.size("patch_size", 4)
	b.divides("patch_size", patch, "image_size", image)
	dim, window := b.size("embed_dim", 96), b.whole("window_size", 7, 1024)
	b.images()
	b.set("image", image)
	b.set("patch", patch)
	b.set("colours", b.size("num_channels", 3))
	b.set("dim", dim)
	b.set("window", window)
	b.activation("layer", "hidden_act", "gelu")
	b.bias("heads", "linear", b.flag("qkv_bias", true))
	if b.flag("use_absolute_embeddings", false) {
		side := network.Expr("image/patch")
		b.network.Inputs = append(b.network.Inputs, network.InputSpec{Name: "places", Shape: []network.Expr{"1", side, side}, Indices: true})
		b.layer(network.LayerSpec{Name: "position", Op: network.Embedding, Input: []string{"places"}, Rows: "image/patch*(image/patch)", Channels: "dim"})
		b.layer(network.LayerSpec{Name: "embed", Op: network.Add, Input: []string{"ln0", "position"}})
	}
	b.stages(image/patch, dim, window)
	b.layer(network.LayerSpec{Name: "ln", Op: network.LayerNorm, Bias: true})
	b.layer(network.LayerSpec{Name: "mean", Op: network.GlobalAvgPool})
	b.layer(network.LayerSpec{Name: "flat", Op: network.Flatten})
	if b.head("Swin", "Model", "ForImageClassification") == "ForImageClassification" {
		b.linear("classifier", expr(b.labels()), true)
	}
}

// stages appends the stages of a swin, the first of images of side x side patches.
func (b *builder) stages(side, channels, window int64) {
	depths, heads, ratio := []int64{2, 2, 6, 2}, []int64{3, 6, 12, 24}, 4.0
	b.read("depths", &depths, "a list of whole numbers, one a stage")
	b.read("num_heads", &heads, "a list of whole numbers, one a stage")
	const mostRatio = 64
	if b.read("mlp_ratio", &ratio, "a number") && (ratio <= 0 || ratio > mostRatio) {
		b.wrong("mlp_ratio", fmt.Sprintf("a number above 0, at most %d,", mostRatio))
	}
	const mostStages = 8
	if len(depths) != len(heads) || len(depths) < 1 || len(depths) > mostStages {
		b.wrong("depths", fmt.Sprintf("a list as long as num_heads, of 1 to %d stages,", mostStages))
	}
	for i := 0; i < len(depths) && b.err == nil; i++ {
		key := fmt.Sprintf("num_heads[%d]", i)
		switch {
		case depths[i] < 1 || depths[i] > maxLayers:
			b.wrong("depths", fmt.Sprintf("1 to %d a stage", maxLayers))
			return
		case heads[i] < 1 || channels > maxSize:
			b.wrong("num_heads", "at least 1 a stage, and embed_dim that doubles with each stage to at most 2^20,")
			return
		case side%window != 0:
			b.err = fmt.Errorf("window_size is %d, and stage %d has %dx%d patches; a window_size that divides the sides of each stage is accepted", window, i, side, side)
			return
		}
		b.divides(key, heads[i], "its stage's channels", channels)
		shift := network.Expr("0")
		if side > window && window > 1 {
			shift = network.Expr(fmt.Sprintf("index %% 2 * %d", window/2))
		}
		b.layer(network.LayerSpec{Name: fmt.Sprintf("stage%d", i), Block: "layer", Repeat: expr(depths[i]), Args: []network.Arg{
			{Name: "side", Value: expr(side)}, {Name: "channels", Value: expr(channels)}, {Name: "heads", Value: expr(heads[i])},
			{Name: "mlp", Value: expr(max(1, int64(ratio*float64(channels))))}, {Name: "shift", Value: shift},
		}})
		if i == len(depths)-1 {
			return
		}
		if side%2 != 0 {
			b.err = fmt.Errorf("stage %d has %dx%d patches, of which four become one; an image_size of even sides is accepted", i, side, side)
			return
		}
		b.layer(network.LayerSpec{Name: fmt.Sprintf("merge%d", i), Block: "merge", Args: []network.Arg{{Name: "side", Value: expr(side)}, {Name: "channels", Value: expr(channels)}}})
		side, channels = side/2, 2*channels
	}
}
