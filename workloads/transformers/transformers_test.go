package transformers_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/transformers"
)

// published are figures of others: parameters as the files of weights have them, multiply-accumulates of convolutions, linear layers and
// attention of a forward pass.
var published = []struct {
	file       string
	sequence   int64
	parameters int64
	gmacs      float64 // 0: none is published
	within     float64
	source     string
}{
	{file: "bert-base", parameters: 109_482_240, source: "google-research/bert, uncased base: 110M; the file of weights"},
	{file: "bert-base-masked", parameters: 109_514_298, source: "the same with the masked head, tied, without pooler"},
	{file: "bert-large-masked", parameters: 335_174_458, source: "google-research/bert, uncased large: 340M with its pooler"},
	{file: "gpt2", parameters: 124_439_808, source: "openai/gpt-2, model card: 124M"},
	{file: "gpt2-medium", parameters: 354_823_168, source: "openai/gpt-2, model card: 355M"},
	{file: "gpt2-large", parameters: 774_030_080, source: "openai/gpt-2, model card: 774M"},
	{file: "gpt2-xl", parameters: 1_557_611_200, source: "openai/gpt-2, model card: 1.5B"},
	{file: "llama-7b", parameters: 6_738_415_616, source: "Touvron et al. 2023, table 2: 6.7B"},
	{file: "llama-3-8b", parameters: 8_030_261_248, source: "meta-llama/Meta-Llama-3-8B: 8.03B"},
	{file: "llama-3.2-1b", parameters: 1_235_814_400, source: "meta-llama/Llama-3.2-1B: 1.23B"},
	{file: "mistral-7b", parameters: 7_241_732_096, source: "mistralai/Mistral-7B-v0.1: 7.24B"},
	{file: "qwen2-0.5b", parameters: 494_032_768, source: "Qwen2 report, table 1: 0.49B"},
	{file: "qwen2-7b", parameters: 7_615_616_512, source: "Qwen/Qwen2-7B: 7.62B"},
	{file: "qwen-7b", parameters: 7_721_324_544, source: "Qwen/Qwen-7B, 7.7B; the file of weights"},
	{file: "qwen3-0.6b", parameters: 596_049_920, source: "Qwen/Qwen3-0.6B, model card: 0.6B, 0.44B without the table; the file of weights"},
	{file: "qwen3-8b", parameters: 8_190_735_360, source: "Qwen/Qwen3-8B, model card: 8.2B; the file of weights"},
	{file: "vit-b16", parameters: 86_567_656, gmacs: 17.56, within: 0.005, source: "torchvision, vit_b_16"},
	{file: "vit-l16", parameters: 304_326_632, gmacs: 61.55, within: 0.005, source: "torchvision, vit_l_16"},
	{file: "deit-t", parameters: 5_717_416, gmacs: 1.3, within: 0.05, source: "Touvron et al. 2021 (DeiT), table 5: 5M; timm"},
	{file: "deit-s", parameters: 22_050_664, gmacs: 4.6, within: 0.05, source: "Touvron et al. 2021 (DeiT), table 5: 22M, 4.6 G; timm: 22.05 M"},
	{file: "deit-s-distilled", parameters: 22_436_432, source: "timm, deit_small_distilled_patch16_224: 22.44 M"},
	{file: "swin-t", parameters: 28_288_354, gmacs: 4.49, within: 0.005, source: "torchvision, swin_t"},
	{file: "swin-s", parameters: 49_606_258, gmacs: 8.74, within: 0.005, source: "torchvision, swin_s"},
	{file: "swin-b", parameters: 87_768_224, gmacs: 15.43, within: 0.005, source: "torchvision, swin_b"},
}

func imported(t *testing.T, file string, o transformers.Options) *network.Description {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	o.Name = file
	d, err := transformers.Import(text, o)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return d
}

func stepOf(t *testing.T, d *network.Description) *workloads.Step {
	t.Helper()
	g, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func forward(s *workloads.Step) (macs int64) {
	for _, it := range s.Items {
		for _, p := range it.Products {
			if p.Stage == workloads.FF {
				macs += p.MACs()
			}
		}
	}
	return macs
}

func TestPublishedFigures(t *testing.T) {
	for _, p := range published {
		t.Run(p.file, func(t *testing.T) {
			d := imported(t, p.file, transformers.Options{})
			if err := d.Validate(); err != nil {
				t.Fatal(err)
			}
			s := stepOf(t, d)
			if s.Parameters != p.parameters {
				t.Errorf("%d parameters; %s has %d", s.Parameters, p.source, p.parameters)
			}
			if got := float64(forward(s)) / 1e9; p.gmacs != 0 && math.Abs(got/p.gmacs-1) > 0.005 && math.Abs(got-p.gmacs) > p.within {
				t.Errorf("%.3f GMACs; %s has %g", got, p.source, p.gmacs)
			}
		})
	}
}

// The multiply-accumulates of a decoder, by hand: a token meets every weight of its linear layers once, and every head all tokens twice.
func TestDecoderByHand(t *testing.T) {
	const layers, dim, heads, kv, head, mlp, vocabulary, sequence, batch = 24, 896, 14, 2, 64, 4864, 151936, 128, 3
	linear := int64(layers*(dim*heads*head*2+dim*kv*head*2+3*dim*mlp) + dim*vocabulary)
	want := batch*sequence*linear + batch*layers*2*heads*head*sequence*sequence
	d := imported(t, "qwen2-0.5b", transformers.Options{Batch: batch, Sequence: sequence})
	if got := forward(stepOf(t, d)); got != want {
		t.Errorf("%d MACs; by hand %d", got, want)
	}
}

// The norms of qwen3's heads, by hand: 28 layers have one of 16 heads' queries and one of 8 heads' keys, each with 128 numbers that its heads share, before
// the rotary positions; queries are wider (16*128) than the network (1024), and nothing has a bias.
func TestNormsOfHeads(t *testing.T) {
	s := stepOf(t, imported(t, "qwen3-0.6b", transformers.Options{Sequence: 64}))
	norms := map[int64]int{}
	for _, it := range s.Items {
		for _, u := range it.Updates {
			if it.Op == network.RMSNorm {
				norms[u.Parameters]++
			}
		}
	}
	if norms[128] != 2*28 || norms[1024] != 2*28+1 || len(norms) != 2 {
		t.Errorf("norms by what they learn: %v; by hand 56 of 128 and 57 of 1024", norms)
	}
	linear := int64(28*(1024*2048*2+2*1024*1024+3*1024*3072) + 1024*151936)
	if got, want := forward(s), 64*linear+28*2*16*128*64*64; got != want {
		t.Errorf("%d MACs; by hand %d", got, want)
	}
}

// Batch and sequence are parameters: the same network, whether they are given at the import or set later.
func TestBatchAndSequenceAreParameters(t *testing.T) {
	for _, file := range []string{"bert-base", "gpt2", "qwen2-0.5b"} {
		given, later := imported(t, file, transformers.Options{Batch: 2, Sequence: 64}), imported(t, file, transformers.Options{})
		for name, v := range map[string]int64{"batch": 2, "sequence": 64} {
			if err := later.SetParam(name, v); err != nil {
				t.Fatal(err)
			}
		}
		if a, b := forward(stepOf(t, given)), forward(stepOf(t, later)); a != b {
			t.Errorf("%s: %d MACs given, %d set later", file, a, b)
		}
	}
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		sequence int64
		want     []string
	}{
		"no JSON":         {text: "{\n\"a\": x}", want: []string{"line 2", "config.json of transformers is accepted", ".yaml"}},
		"a record":        {text: `{"schema": "satsim.record/2"}`, want: []string{"file of satsim", "config.json of transformers is accepted", "bert, deit"}},
		"an index":        {text: `{"metadata": {}, "weight_map": {}}`, want: []string{"index of a model's safetensors", "bert, deit"}},
		"a tokenizer":     {text: `{"tokenizer_class": "X", "eos_token_id": 2}`, want: []string{"tokenizer's configuration", "bert, deit"}},
		"no object":       {text: `[1]`, want: []string{"no object of JSON"}},
		"null":            {text: `null`, want: []string{"empty"}},
		"no type":         {text: `{"hidden_size": 3}`, want: []string{"no model_type", "bert, deit, gpt2, llama, mistral, qwen, qwen2, qwen3, swin, vit"}},
		"unknown type":    {text: `{"model_type": "mamba"}`, want: []string{`"mamba"`, "bert, deit, gpt2, llama, mistral, qwen, qwen2, qwen3, swin, vit"}},
		"a word":          {text: `{"model_type": "bert", "hidden_size": "x"}`, want: []string{"hidden_size is \"x\"", "whole number"}},
		"too large":       {text: `{"model_type": "bert", "hidden_size": 1e9}`, want: []string{"hidden_size", "1048576"}},
		"heads":           {text: `{"model_type": "gpt2", "n_head": 5}`, want: []string{"n_head is 5", "n_embd is 768"}},
		"head":            {text: `{"model_type": "bert", "architectures": ["BertForMultipleChoice"]}`, want: []string{"BertForMaskedLM"}},
		"activation":      {text: `{"model_type": "bert", "hidden_act": "mish"}`, want: []string{`"mish"`, "gelu_new"}},
		"relative":        {text: `{"model_type": "bert", "position_embedding_type": "relative_key"}`, want: []string{`"absolute"`}},
		"positions":       {text: `{"model_type": "bert"}`, sequence: 513, want: []string{"513", "max_position_embeddings is 512"}},
		"images":          {text: `{"model_type": "vit"}`, sequence: 5, want: []string{"a sequence is given"}},
		"patches":         {text: `{"model_type": "vit", "image_size": 225}`, want: []string{"image_size is 225"}},
		"windows":         {text: `{"model_type": "swin", "window_size": 8}`, want: []string{"window_size is 8", "stage 1"}},
		"stages":          {text: `{"model_type": "swin", "depths": [2]}`, want: []string{"depths is [2]", "num_heads"}},
		"odd halves":      {text: `{"model_type": "qwen", "intermediate_size": 22017}`, want: []string{"intermediate_size is 22017"}},
		"biases":          {text: `{"model_type": "qwen", "no_bias": false}`, want: []string{"no_bias is false", "true is accepted"}},
		"groups":          {text: `{"model_type": "llama", "num_key_value_heads": 5}`, want: []string{"num_key_value_heads is 5"}},
		"cross attention": {text: `{"model_type": "gpt2", "add_cross_attention": true}`, want: []string{"add_cross_attention"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := transformers.Import([]byte(c.text), transformers.Options{Name: "x", Sequence: c.sequence})
			if err == nil {
				t.Fatal("it is accepted")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
		})
	}
}

// Whatever the text is, there is an error or a network that has a step.
func FuzzImport(f *testing.F) {
	for _, p := range published {
		text, err := os.ReadFile("testdata/" + p.file + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, int64(0))
	}
	f.Add([]byte(`{"model_type": "swin", "mlp_ratio": 1e-9, "depths": [1], "num_heads": [1]}`), int64(1))
	f.Fuzz(func(t *testing.T, text []byte, sequence int64) {
		d, err := transformers.Import(text, transformers.Options{Name: "x", Sequence: sequence})
		if err != nil {
			return
		}
		if err := d.Validate(); err != nil {
			t.Errorf("the network that was made does not hold: %v", err)
		}
	})
}
