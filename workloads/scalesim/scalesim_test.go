package scalesim_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/scalesim"
)

func read(t testing.TB, text string) *scalesim.Topology {
	t.Helper()
	top, err := scalesim.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return top
}

func step(t testing.TB, text string, batch int64) (*network.Graph, workloads.Step) {
	t.Helper()
	g, err := read(t, text).Graph("x", batch)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scalesim.Step(g)
	if err != nil {
		t.Fatal(err)
	}
	return g, s
}

// TestProductsOfSCALESim compares forward products with M, N and K that SCALE-Sim v3.0.0 itself made of these rows (its own
// runs of its topologies of ResNet-18, AlexNet and of products; "Conv3_1a": a window that hangs over the border counts).
func TestProductsOfSCALESim(t *testing.T) {
	const conv = `Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
Conv1,224,224,7,7,3,64,2,
Conv2_1a,56,56,3,3,64,64,1,
Conv3_1a,56,56,3,3,64,128,2,
Conv3_1b,28,28,3,3,128,128,1,
Conv4_1a,28,28,3,3,128,256,2,
Conv4_s,28,28,1,1,128,256,2,
Conv5_s,14,14,1,1,256,512,2,
Conv5_2b,7,7,3,3,512,512,1,
FC,1,1,1,1,512,1000,1,
A_Conv1,224,224,11,11,3,96,4,
A_Conv2,27,27,5,5,96,256,1,
`
	const products = "Layer,M,N,K,\ng_33_32_1,33,32,1,\ng_197_64_197,197,64,197,\ng_1_768_768,1,768,768,\n"
	want := map[string][3]int64{
		"Conv1": {12100, 64, 147}, "Conv2_1a": {2916, 64, 576}, "Conv3_1a": {784, 128, 576}, "Conv3_1b": {676, 128, 1152},
		"Conv4_1a": {196, 256, 1152}, "Conv4_s": {225, 256, 128}, "Conv5_s": {64, 512, 256}, "Conv5_2b": {25, 512, 4608},
		"FC": {1, 1000, 512}, "A_Conv1": {3025, 96, 363}, "A_Conv2": {529, 256, 2400},
		"g_33_32_1": {33, 32, 1}, "g_197_64_197": {197, 64, 197}, "g_1_768_768": {1, 768, 768},
	}
	seen := 0
	for _, text := range []string{conv, products} {
		_, s := step(t, text, 1)
		for _, it := range s.Items {
			if it.Stage != workloads.FF {
				continue
			}
			p := it.Products[0]
			if got := [3]int64{p.Rows, p.Cols, p.Reduction()}; len(it.Products) != 1 || p.Count != 1 || got != want[it.Layer] {
				t.Errorf("%s: M, N, K are %v; SCALE-Sim has %v", it.Layer, got, want[it.Layer])
			}
			seen++
		}
	}
	if seen != len(want) {
		t.Errorf("%d forward products; %d rows", seen, len(want))
	}
}

// TestForms reads what SCALE-Sim's shipped files have in them.
func TestForms(t *testing.T) {
	plain := read(t, "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\na,5,6,3,2,8,16,1,\nb,4,4,1,1,16,4,2,\n")
	want := []scalesim.TopologyRow{
		{Line: 2, Name: "a", Height: 5, Width: 6, FilterHeight: 3, FilterWidth: 2, Channels: 8, Filters: 16, Stride: [2]int64{1, 1}, Dilation: [2]int64{1, 1}, Sparsity: nm.Dense},
		{Line: 3, Name: "b", Height: 4, Width: 4, FilterHeight: 1, FilterWidth: 1, Channels: 16, Filters: 4, Stride: [2]int64{2, 2}, Dilation: [2]int64{1, 1}, Sparsity: nm.Dense},
	}
	if !reflect.DeepEqual(plain.Rows, want) {
		t.Fatalf("%+v", plain.Rows)
	}
	for name, text := range map[string]string{
		"no header":              "a,5,6,3,2,8,16,1,\nb,4,4,1,1,16,4,2,\n",
		"no last comma":          "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides\na,5,6,3,2,8,16,1\nb,4,4,1,1,16,4,2",
		"blanks and returns":     "\r\nLayer, IFMAP Width, IFMAP Width, Filter Height,\r\n\r\n  a , 5, 6, 3, 2, 8, 16, 1, \r\n,,,,,,,,\r\nb,4,4,1,1,16,4,2,\r\n\r\n",
		"byte order mark":        "\ufeffLayer name,Ifmap height,ifmap width,filter height,filter width,channels,num filters,strides,\na,5,6,3,2,8,16,1,\nb,4,4,1,1,16,4,2,\n",
		"titles":                 "Layer name, IFMAP Height,\nResNet,\na,5,6,3,2,8,16,1,\nOther,\nLayer name, IFMAP Height, IFMAP Width,\nb,4,4,1,1,16,4,2,\n",
		"further columns":        "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,,,Eh,Ew,e2\na,5,6,3,2,8,16,1,,,3,5,15\nb,4,4,1,1,16,4,2,#dw\n",
		"batch sizes":            "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides, Batch Size,\na,5,6,3,2,8,16,1,1,\nb,4,4,1,1,16,4,2,1,\n",
		"tabs":                   "Layer name\t IFMAP Height\t IFMAP Width\na\t5\t6\t3\t2\t8\t16\t1\t\nb\t4\t4\t1\t1\t16\t4\t2\t\n",
		"returns alone":          "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\ra,5,6,3,2,8,16,1,\rb,4,4,1,1,16,4,2,\r",
		"quotes":                 "\"Layer name\",\"IFMAP Height\",\"IFMAP Width\",\"Filter Height\",\"Filter Width\",\"Channels\",\"Num Filter\",\"Strides\"\n\"a\",\"5\",\"6\",\"3\",\"2\",\"8\",\"16\",\"1\"\n\"b\", \"4\",4,1,1,16,4,2\n",
		"semicolons":             "Layer name;IFMAP Height;IFMAP Width;Filter Height;Filter Width;Channels;Num Filter;Strides\na;5;6;3;2;8;16;1\nb;4;4;1;1;16;4;2\n",
		"another order":          "Layer name, Strides, Num Filter, Channels, Filter_Width, Filter_Height, IFMAP Width, IFMAP Height\na,1,16,8,2,3,6,5\nb,2,4,16,1,1,4,4\n",
		"SCALE-Sim's own writer": "Layer name,IFMAP height,IFMAP width,Filter height,Filter width,Channels,Num filter,Stride height,Stride width,\na,5,6,3,2,8,16,1,1,1,1,\nb,4,4,1,1,16,4,2,2,1,1,\n",
		"sparsity column, dense": "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides, Sparsity,\na,5,6,3,2,8,16,1,1:1,\nb,4,4,1,1,16,4,2,1:1,\n",
	} {
		rows := read(t, text).Rows
		for i := range rows {
			rows[i].Line = i + 2
		}
		if !reflect.DeepEqual(rows, want) {
			t.Errorf("%s: %+v", name, rows)
		}
	}
	sparse := read(t, "Layer Name, M, N, K, Sparsity,\nGEMM_1, 3, 5, 16, 3:4,\nGEMM_1, 1, 5, 16, 1:4,\nGEMM_2, 1, 5, 16, 3:4")
	if got := sparse.Sparsity(); !reflect.DeepEqual(got, []scalesim.RatioCount{{Ratio: nm.Ratio{N: 3, M: 4}, Rows: 2}, {Ratio: nm.Ratio{N: 1, M: 4}, Rows: 1}}) {
		t.Errorf("sparsity %v", got)
	}
	g, err := sparse.Graph("x", 2)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(g.Note, "a recipe of its own (satsim run takes it; elsewhere the file is given as the recipe as well), 3:4 in 2, 1:4 in 1") {
		t.Errorf("note %q", g.Note)
	}
	if g.Nodes[0].Name != "GEMM_1" || g.Nodes[1].Name != "GEMM_1_2" {
		t.Errorf("rows of one name are named %s and %s", g.Nodes[0].Name, g.Nodes[1].Name)
	}
}

func TestErrorsNameLines(t *testing.T) {
	const head = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n"
	for text, want := range map[string]string{
		head + "a,5,6,3,2,8,16,1,\n\nLSTM, 1, B, 1, 1, H, H, 1,\n": `line 4: layer "LSTM": IFMAP width is "B"`,
		head + "a,5,6,3,2,8,16\n":                                  `line 2: layer "a" has 7 fields; 8 are needed`,
		head + "a,5,6,7,2,8,16,1,\n":                               "a filter of 7x2 is larger than the input of 5x6",
		head + "a,5,6,3,2,8,16,0,\n":                               `stride is "0"`,
		head + "a,5,6,3,2,8,16,1,5:4,\n":                           "sparsity: ratio 5:4 is out of range",
		head + ",5,6,3,2,8,16,1,\n":                                "line 2: the layer has no name",
		strings.Replace(head, "Strides,", "Strides, Batch,", 1) + "a,5,6,3,2,8,16,1,4,\n": `the batch size is "4"`,
		"Layer,M,N,K,\na,1,2.5,3,\n": `N is "2.5"`,
		head:                         "no row describes a layer",
		strings.Replace(head, "Strides,", "Strides, Type,", 1) + "a,5,6,3,2,8,16,1,conv,\n":        `line 1: unknown column "Type"; known are`,
		strings.Replace(head, "Channels, ", "", 1) + "a,5,6,3,2,16,1,\n":                           `line 1: the header lacks "channels"`,
		strings.Replace(head, "Channels", "Strides", 1) + "a,5,6,3,2,1,16,1,\n":                    "the header names stride twice",
		head + "a,5,6,3,2,8,16,1,2,\n":                                                             "no column of the header has the number 2",
		strings.Replace(head, "Strides,", "Strides, Groups,", 1) + "a,5,6,3,2,8,16,1,3,\n":         "3 groups do not divide 8 channels and 16 filters",
		"Layer name, IFMAP Height Intraline Factor, IFMAP Width Intraline Factor,\nConv1,4,224,\n": "it is a layout file of SCALE-Sim",
		"LayerID, Total Cycles, Stall Cycles,\n0, 5, 6,\n":                                         "it is a report of SCALE-Sim",
		"": "no row describes a layer",
	} {
		if _, err := scalesim.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v; want %q", text, err, want)
		}
	}
	// Both errors of a file at once.
	_, err := scalesim.Read(strings.NewReader(head + "a,x,6,3,2,8,16,1,\nb,5,y,3,2,8,16,1,\n"))
	if err == nil || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("error %v; want lines 2 and 3", err)
	}
	if _, err := read(t, "a,100000,100000,5000,5000,8,16,1,\n").Graph("x", 1); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("a window of 5000: error %v", err)
	}
}

// TestNamedColumns: what further columns say is read. 8x8x4 to 3x5 windows, worked by hand.
func TestNamedColumns(t *testing.T) {
	const head = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, "
	for text, want := range map[string]network.Node{
		// ceil((8-3+2)/2) = 4 and ceil((8-5+1)/1) = 4 positions: the last window of the height reads one row of padding.
		head + "Stride height, Stride width,\na,8,8,3,5,4,6,2,1,": {Kernel: [2]int64{3, 5}, Stride: [2]int64{2, 1}, Pads: [4]int64{0, 0, 1, 0}},
		// As frameworks have it: floor((8+2-3)/2)+1 = 4.
		head + "Strides, Padding\na,8,8,3,3,4,6,2,1": {Kernel: [2]int64{3, 3}, Stride: [2]int64{2, 2}, Pads: [4]int64{1, 1, 1, 1}},
		head + "Strides, Pad Height, Pad Width, Dilation, Groups\na,8,8,3,3,4,6,1,2,1,2,2": {
			Kernel: [2]int64{3, 3}, Stride: [2]int64{1, 1}, Pads: [4]int64{2, 1, 2, 1}, Dilation: [2]int64{2, 2}, Groups: 2,
		},
	} {
		g, err := read(t, text).Graph("x", 1)
		if err != nil {
			t.Fatal(err)
		}
		want.Name, want.Op, want.Inputs, want.Channels = "a", network.Conv, []string{"a.input"}, 6
		if want.Dilation[0] == 0 {
			want.Dilation = [2]int64{1, 1}
		}
		if !reflect.DeepEqual(g.Nodes[0], want) {
			t.Errorf("%q: %+v; want %+v", text, g.Nodes[0], want)
		}
	}
}

// TestRecipe: the sparsity column prunes forward weights, behind a second stride as well.
func TestRecipe(t *testing.T) {
	const text = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Stride height, Stride width, Sparsity\n" +
		"a,6,6,3,3,8,8,1,1,2:4\nb,6,6,3,3,8,8,1,1,1:1\nc,6,6,3,3,8,8,1,1,1:4\n"
	_, s := step(t, text, 1)
	r, err := read(t, text).Recipe("column")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Fits(s); err != nil {
		t.Fatal(err)
	}
	pruned, err := r.Apply(s)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range pruned.Items {
		for _, p := range it.Products {
			if p.Sparse.Ratio != (nm.Ratio{}) {
				got = append(got, fmt.Sprint(it.Layer, it.Stage, p.Sparse.Ratio))
			}
		}
	}
	if want := []string{"aFF 2:4", "cFF 1:4"}; !reflect.DeepEqual(got, want) {
		t.Errorf("pruned are %v; want %v", got, want)
	}
	if _, err := read(t, "Layer,M,N,K,\na,1,2,3,\n").Recipe("none"); err == nil {
		t.Error("a file without sparsities is a recipe")
	}
}

// TestStep works a list of three rows by hand: stages in order, no work but products, zeros and updates.
func TestStep(t *testing.T) {
	// images: reads images, so it has no BP. down: 4x4x8, 1x1 stride 2 to ceil((4-1+2)/2) = 3x3x6. fc: 2 rows a sample of 10 to 5.
	const text = "n,IFMAP\nimages,6,6,3,3,3,8,1,\ndown,4,4,1,1,8,6,2,\n"
	_, s := step(t, text, 2)
	var got []string
	for _, it := range s.Items {
		for _, p := range it.Products {
			got = append(got, fmt.Sprintf("%s %s %dx%dx%d", it.Layer, it.Stage, p.Rows, p.Cols, p.Reduction()))
		}
		for _, p := range it.Passes {
			got = append(got, fmt.Sprintf("%s %s %s %d", it.Layer, it.Stage, p.Kind, p.Elements))
		}
		for _, u := range it.Updates {
			got = append(got, fmt.Sprintf("%s %s update %d", it.Layer, it.Stage, u.Parameters))
		}
	}
	want := []string{
		"images FF 32x8x27", "down FF 18x6x8",
		// BP of down: the phase of even rows and columns has one tap and 2*2 positions a sample; the three others are zeros: 12 positions.
		"down BP 8x8x6", "down BP zero_fill 192", "down WU 8x6x18", "down WU update 48",
		"images WU 27x8x32", "images WU update 216",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("step is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s.Parameters != 216+48 || s.Images != 2 {
		t.Errorf("%d parameters and %d images; want 264 and 2", s.Parameters, s.Images)
	}
	// Inputs are kept for the weight updates: 2x6x6x3 and 2x4x4x8.
	if len(s.Saved) != 2 || s.Saved[0].Elements != 216 || s.Saved[1].Elements != 256 {
		t.Errorf("saved %v", s.Saved)
	}
}

// TestKinds: depthwise rows, products written as convolutions, and products.
func TestKinds(t *testing.T) {
	g, _ := step(t, "n,IFMAP\nDP_1,6,6,3,3,16,1,1,\nmatrix,128,512,1,512,1,256,1,\nfc6,7,7,7,7,512,4096,1,\n", 1)
	dp, matrix, fc := g.Nodes[0], g.Nodes[1], g.Nodes[2]
	if dp.Op != network.Conv || dp.Groups != 16 || dp.Channels != 16 {
		t.Errorf("a name with DP: %+v", dp)
	}
	if matrix.Op != network.Linear || matrix.Channels != 256 || !reflect.DeepEqual(g.Inputs[1].Shape, network.Shape{1, 128, 512}) {
		t.Errorf("a product written as a convolution: %+v on %v", matrix, g.Inputs[1].Shape)
	}
	if fc.Op != network.Conv || fc.Kernel != [2]int64{7, 7} {
		t.Errorf("a filter as large as its input: %+v", fc)
	}
}

// TestNotation writes a list in the notation and reads it back at another batch.
func TestNotation(t *testing.T) {
	const text = "n,IFMAP\na,6,6,3,3,3,8,1,\nb,4,5,2,2,8,6,2,\n"
	g, _ := step(t, text, 1)
	d, err := network.Describe(g)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SetParam("batch", 7); err != nil {
		t.Fatal(err)
	}
	back, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	if !scalesim.IsList(back) {
		t.Fatal("what is read back is no list of layers")
	}
	got, err := scalesim.Step(back)
	if err != nil {
		t.Fatal(err)
	}
	if _, want := step(t, text, 7); !reflect.DeepEqual(got, want) {
		t.Errorf("at batch 7 the notation gives\n%v\nthe file\n%v", got, want)
	}
	chain := &network.Graph{
		Inputs: []network.Input{{Name: "x", Shape: network.Shape{1, 4}}},
		Nodes:  []network.Node{{Name: "a", Op: network.Linear, Inputs: []string{"x"}, Channels: 4}, {Name: "loss", Op: network.Loss, Inputs: []string{"a"}}},
	}
	if scalesim.IsList(chain) {
		t.Error("a network with a loss is taken for a list of layers")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\na,5,6,3,2,8,16,2,2:4,\nDP,4,4,1,1,16,4,2,\n")
	f.Add("Layer,M,N,K,\na,3,5,7,\n\nb,1,1,1\n")
	f.Add("\ufeffx\t1\t1\t1")
	f.Fuzz(func(t *testing.T, text string) {
		top, err := scalesim.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		g, err := top.Graph("x", 2)
		if err != nil {
			return
		}
		s, err := scalesim.Step(g)
		if err != nil {
			return
		}
		forward := 0
		for _, it := range s.Items {
			if it.Stage == workloads.FF {
				r := top.Rows[forward]
				forward++
				want := 2 * r.M * r.N * r.K
				if !r.Product() {
					at := func(i int, size, filter int64) int64 {
						room := size + r.Pads[i] + r.Pads[i+2] - (r.Dilation[i]*(filter-1) + 1)
						if !r.Padded {
							room += r.Stride[i] - 1 // a window over the border counts
						}
						return room/r.Stride[i] + 1
					}
					want = 2 * at(0, r.Height, r.FilterHeight) * at(1, r.Width, r.FilterWidth) * r.FilterHeight * r.FilterWidth * r.Channels * r.Filters
					if r.Groups > 0 {
						want /= r.Groups
					}
				}
				if it.Products[0].MACs() != want {
					t.Errorf("row %+v has %d MACs; want %d", r, it.Products[0].MACs(), want)
				}
			}
		}
		if forward != len(top.Rows) {
			t.Errorf("%d forward products of %d rows", forward, len(top.Rows))
		}
	})
}

// A window that fills the input one way moves the other way alone, by hand: 1 x 7 under 1 x 3 with stride 2 has 3 positions; 1 x 3 has one, whatever
// the stride.
func TestAWindowMovesWhereThereIsRoom(t *testing.T) {
	top := read(t, "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\na,1,7,1,3,8,16,2,\nb,1,3,1,3,8,16,2,\n")
	g, err := top.Graph("x", 1)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := g.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{3, 1} {
		if out := layers[i].Out; out[1] != 1 || out[2] != want {
			t.Errorf("row %d: %v, want 1 x %d positions", i, out, want)
		}
	}
}
