package network_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"satsim/internal/configtest"
	"satsim/workloads"
	"satsim/workloads/network"
)

// Parameters exactly, forward MACs of one sample to the digits that are published. One MAC is two operations; sources that
// say FLOPs and mean MACs are marked so.
func TestPublishedFigures(t *testing.T) {
	for _, c := range []struct {
		name       string
		set        map[string]string
		parameters int64
		macs       float64
		within     float64 // of the published MACs, by their rounding
	}{
		// torchvision, table of weights: 11,689,512; 1.81 GFLOPS, which are MACs. 1.814 is the usual third digit.
		{"resnet18", nil, 11_689_512, 1.814e9, 0.0005},
		// The same with 200 instead of 1000 classes: 800 * 513 parameters fewer. At 64x64 every map of the convolutions has
		// (64/224)^2 of its area, 1 in 12.25: (1,814,073,344 - 512,000)/12.25 + 102,400 = 148,148,224.
		{"resnet18-tiny", nil, 11_279_112, 148_148_224, 0},
		// torchvision: 25,557,032; 4.09 GFLOPS, which are MACs (4.089 with a third digit).
		{"resnet50", nil, 25_557_032, 4.089e9, 0.0005},
		// Public summaries of this network with a bias in each convolution: 6,575,370 parameters and 379.64 M multiply-adds, both
		// with biases and batch norm counted. Ours has none of the 2240 biases. Their multiply-adds hold a bias an output
		// (376,832), the norms' 4480 parameters and the last layer's 10 biases: 379,643,274 - 381,322 = 379,261,952.
		{"resnet9", nil, 6_575_370 - 2240, 379_261_952, 0},
		// Liu et al., "Network Slimming", ICCV 2017, table 1: VGGNet at CIFAR-100 has 20.08 M parameters and 7.97e8 FLOPs, which are
		// operations. By hand: 20,018,880 weights of convolutions, 2*5504 of norms, 51,300 of the last layer.
		{"vgg19-cifar", nil, 20_018_880 + 11_008 + 51_300, 7.97e8 / 2, 0.001},
		// torchvision: 143,667,240; 19.63 GFLOPS, which are MACs.
		{"vgg19", nil, 143_667_240, 19.63e9, 0.0003},
		// torchvision's vgg19_bn: 143,678,248; 19.63 GFLOPS.
		{"vgg19", map[string]string{"norm": "batch_norm"}, 143_678_248, 19.63e9, 0.0003},
		// torchvision: 3,504,872; Sandler et al., table 4: 300 M multiply-adds.
		{"mobilenet-v2", nil, 3_504_872, 300e6, 0.003},
		// torchvision: 86,567,656; 17.56 GFLOPS, which are MACs.
		{"vit-b16", nil, 86_567_656, 17.56e9, 0.0003},
		// timm's deit_small_patch16_224: 22,050,664; Touvron et al., table 5: 22 M parameters; 4.6 GFLOPs, which are MACs.
		{"deit-s", nil, 22_050_664, 4.6e9, 0.0005},
		// By hand, no publication: a layer has 2*1024 (norms) + 512*1536+1536 + 3*(512*512+512) = 1,577,984, six 9,467,904; patches
		// 48*512+512; class 512; positions 65*512; norm 1024; head 5130. MACs: a layer 65*512*(1536+3*512) + 2*65*65*512; patches
		// 64*48*512; head 5120.
		{"vit-cifar", nil, 9_532_938, 6*(65*512*3072+2*65*65*512) + 64*48*512 + 5120, 0},
		// The published bert-base-uncased has 109,482,240; a classifier of two classes adds 768*2+2. Jiao et al., "TinyBERT", 2020,
		// table 1: 22.5 B FLOPs, which are operations, at 128 tokens.
		{"bert-base", nil, 109_482_240 + 1538, 22.5e9 / 2, 0.01},
		// Its masked language model: 109,514,298 (the decoder shares the token table; no pooler). MACs by hand: 12 layers of
		// 128*12*768^2 + 2*128^2*768, transform 128*768^2, decoder 128*768*30522.
		{"bert-base", map[string]string{"head": "masked_lm"}, 109_514_298, 12*(128*12*768*768+2*128*128*768) + 128*768*768 + 128*768*30522, 0},
		// The published gpt2 has 124,439,808. Karpathy's public calculation of transformer sizes: 291,648,307,200 operations forward
		// at 1024 tokens.
		{"gpt2", nil, 124_439_808, 291_648_307_200 / 2, 0},
		// The published Llama-2-7b has 6,738,415,616. MACs by Kaplan et al., "Scaling Laws", 2020, table 1: each weight but the token
		// table's 32000*4096 and the 65 norms' 4096 once a token, and 2*sequence*width a layer and token.
		{"llama2-7b", nil, 6_738_415_616, 4096 * (6_738_415_616 - 32000*4096 - 65*4096 + 32*2*4096*4096), 0},
		// The published Llama-2-70b: 68,976,648,192, with 8 key-value heads.
		{"llama2-7b", map[string]string{"dim": "8192", "layers": "80", "heads": "64", "kv_heads": "8", "mlp": "28672"},
			68_976_648_192, 4096 * (68_976_648_192 - 32000*8192 - 161*8192 + 80*2*4096*8192), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := load(t, c.name, map[string]int64{"batch": 1})
			for k, v := range c.set {
				if err := d.Set(k, v); err != nil {
					t.Fatal(err)
				}
			}
			s := step(t, d)
			if s.Parameters != c.parameters {
				t.Errorf("%d parameters; published are %d", s.Parameters, c.parameters)
			}
			if got := float64(macs(s)[workloads.FF]); math.Abs(got-c.macs) > c.within*c.macs {
				t.Errorf("%.0f MACs; published are %.0f", got, c.macs)
			}
		})
	}
}

// A step of any batch: WU has the MACs of FF for every weighted layer, attention has twice its forward MACs in BP, and all is
// proportional to the batch.
func TestStagesOfShippedNetworks(t *testing.T) {
	names := configtest.Names(t, "network")
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			one, three := step(t, load(t, name, map[string]int64{"batch": 1})), step(t, load(t, name, map[string]int64{"batch": 3}))
			if one.Images != 1 || three.Images != 3 || one.Parameters != three.Parameters {
				t.Errorf("images %d and %d, parameters %d and %d", one.Images, three.Images, one.Parameters, three.Parameters)
			}
			for stage, m := range macs(one) {
				if macs(three)[stage] != 3*m {
					t.Errorf("stage %d has %d MACs for one image and %d for three", stage, m, macs(three)[stage])
				}
			}
			type layer struct{ ff, bp, wu int64 }
			layers := map[string]*layer{}
			weighted := map[string]bool{}
			for _, it := range one.Items {
				if layers[it.Layer] == nil {
					layers[it.Layer] = &layer{}
				}
				weighted[it.Layer] = it.Weight.Elements() > 0
				for _, p := range it.Products {
					*[]*int64{&layers[it.Layer].ff, &layers[it.Layer].bp, &layers[it.Layer].wu}[p.Stage] += p.MACs()
				}
			}
			for n, l := range layers {
				if weighted[n] && l.wu != l.ff || !weighted[n] && (l.bp != 2*l.ff || l.wu != 0) {
					t.Errorf("%s: %+v", n, *l)
				}
			}
		})
	}
}

func TestSetParam(t *testing.T) {
	d := load(t, "resnet18-tiny", nil)
	for _, c := range []struct{ name, value, want string }{
		{"bach", "3", "nearest: network.batch"},
		{"stem", "cifar10", "cifar10 is no parameter here"},
		{"stem", "2", "2 is none of imagenet, cifar"},
		{"batch", "4.5", "no whole number"},
		{"image", "1/0", "division by zero"},
	} {
		if err := d.Set(c.name, c.value); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s gives %v; want %q", c.name, c.value, err, c.want)
		}
	}
	if v, err := d.Value("batch"); err != nil || v != 512 {
		t.Errorf("after mistakes batch is %d, %v; want 512", v, err)
	}
	if err := d.Set("stem", "cifar"); err != nil {
		t.Fatal(err)
	}
	if err := d.SetParam("image", 32); err != nil {
		t.Fatal(err)
	}
	s := step(t, d)
	if want := "ResNet-18, cifar stem, 32x32x3 inputs, 200 classes"; s.Note != want {
		t.Errorf("note %q; want %q", s.Note, want)
	}
	// Public CIFAR ResNet-18: 11,173,962 parameters with 10 classes, 556 M MACs at 32x32 (0.56 G); 190 classes add 190*513.
	if s.Parameters != 11_173_962+190*513 {
		t.Errorf("%d parameters", s.Parameters)
	}
	if got := float64(macs(s)[workloads.FF]) / 512; math.Abs(got-556e6) > 1e6 {
		t.Errorf("%.0f MACs an image; published are 556 M", got)
	}
}

// The table of the strided example with its sums: 2 images of 8x8x4, a 1x1 convolution to 4 channels, a 3x3 one of stride 2 to 6.
func TestTable(t *testing.T) {
	g := &network.Graph{
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 4}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 4, Kernel: [2]int64{1, 1}},
			{Name: "relu", Op: network.ReLU, Inputs: []string{"first"}},
			{
				Name: "second", Op: network.Conv, Inputs: []string{"relu"}, Channels: 6, Kernel: [2]int64{3, 3}, Stride: [2]int64{2, 2},
				Pads: [4]int64{1, 1, 1, 1},
			},
			{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
		},
	}
	rows, err := g.Table()
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range rows {
		got += fmt.Sprintf("%s %s %v %d %v %d/%d %d\n", r.Layer, r.Op, r.Out, r.Parameters, r.MACs, r.Prunable, r.Products, r.SavedBytes)
	}
	want := `first conv 2x8x8x4 16 [2048 0 2048] 1/2 1024
relu relu 2x8x8x4 0 [0 0 0] 0/0 64
second conv 2x4x4x6 216 [6912 6912 6912] 5/6 1024
loss loss 1 0 [0 0 0] 0/0 0
`
	if got != want {
		t.Errorf("table\n%swant\n%s", got, want)
	}
}

// A step must not take long to write down, nor to expand.
func BenchmarkStep(b *testing.B) {
	for _, name := range []string{"resnet50", "llama2-7b"} {
		d := load(b, name, nil)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				step(b, d)
			}
		})
	}
}
