package schedule

import (
	"errors"
	"reflect"
	"strconv"
	"testing"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// eachLeaf visits every leaf that can be set below v, by its path.
func eachLeaf(path string, v reflect.Value, visit func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachLeaf(path+"."+v.Type().Field(i).Name, v.Field(i), visit)
		}
	case reflect.Array:
		for i := range v.Len() {
			eachLeaf(path+"."+strconv.Itoa(i), v.Index(i), visit)
		}
	default:
		visit(path, v)
	}
}

// change gives a leaf another value. A number becomes what to makes of it.
func change(v reflect.Value, to func(int64) int64) bool {
	switch {
	case v.CanInt():
		v.SetInt(to(v.Int()))
	case v.CanUint():
		v.SetUint(uint64(to(int64(v.Uint()))))
	case v.CanFloat():
		v.SetFloat(v.Float() + 1)
	case v.Kind() == reflect.Bool:
		v.SetBool(!v.Bool())
	default:
		return false
	}
	return true
}

func more(n int64) int64 { return n + 1 }

// mixed is the step of a network whose groups have all that a search may read: work in the output path, updates of pruned weights, groups of channels.
func mixed(t *testing.T) *workloads.Step {
	t.Helper()
	conv := func(name, in string, groups int64) network.Node {
		return network.Node{Name: name, Op: network.Conv, Inputs: []string{in}, Channels: 16, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}, Groups: groups}
	}
	g := network.Graph{Name: "mixed", Inputs: []network.Input{{Name: "x", Shape: network.Shape{4, 12, 12, 16}}}, Nodes: []network.Node{
		conv("a", "x", 1), {Name: "relu", Op: network.ReLU, Inputs: []string{"a"}}, conv("b", "relu", 1), conv("c", "b", 16),
		{Name: "loss", Op: network.Loss, Inputs: []string{"c"}},
	}}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	r := recipe.Default()
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	if s, err = r.Sparsify(nm.Ratio{N: 2, M: 8}).Apply(s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// Every leaf of a spec, changed: the key of what is remembered of a group differs, or what the search finds is equal. So a parameter that is new is in the key or
// it is not read.
func TestEveryLeafThatIsReadIsInTheKey(t *testing.T) {
	step := mixed(t)
	base := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	base.STCE.Rows, base.STCE.Cols = 6, 8
	for _, c := range []*int64{(*int64)(&base.Buffers.West.Capacity), (*int64)(&base.Buffers.North.Capacity), (*int64)(&base.Buffers.Output.Capacity), (*int64)(&base.Buffers.Update.Capacity)} {
		*c = 16 << 10
	}
	for _, o := range []dataflow.Options{
		{Interleave: true, Pregenerate: true, Overlap: true, Update: recipe.Default().Update()},
		{Interleave: true, Join: true, Update: recipe.Default().Update()},
	} {
		of := func(s spec.Spec) *Searcher {
			if errors.Join(s.Validate(), s.STCE.Validate(), s.SORE.Validate(), s.WUVE.Validate(), s.Vector.Validate(), s.Buffers.Validate(), s.Board.Memory.Validate()) != nil {
				return nil
			}
			p, err := dataflow.New(step, s, o)
			if err != nil {
				return nil
			}
			r, err := NewSearcher(p, spec.ObjectiveLatency, nil)
			if err != nil {
				return nil
			}
			return r
		}
		was, differ, equal, tables := of(base), 0, 0, 0
		try := func(path string, s spec.Spec) {
			now := of(s)
			if now == nil { // no such machine
				return
			}
			for i := range was.Plan.Groups {
				a, b := &was.Plan.Groups[i], &now.Plan.Groups[i]
				if a.Kind != dataflow.ProductGroup {
					continue
				}
				if was.tableReads(a) == now.tableReads(b) {
					tables++
					if x, y := whole(t, was, a), whole(t, now, b); !reflect.DeepEqual(x, y) {
						t.Errorf("%s: the key of the table of %s is the same, the table is not", path, a.Label)
					}
				}
				if was.reads(a, 2) != now.reads(b, 2) {
					differ++
					continue
				}
				equal++
				want, err := was.Candidates(a, 2)
				got, errNow := now.Candidates(b, 2)
				if (err == nil) != (errNow == nil) || !reflect.DeepEqual(got, want) {
					t.Errorf("%s: the key of %s is the same; found was %v, is %v", path, a.Label, want, got)
				}
			}
		}
		n := 0
		half, one := func(n int64) int64 { return n / 2 }, func(int64) int64 { return 1 }
		for _, to := range []func(int64) int64{more, half, one} {
			s := base
			eachLeaf("spec", reflect.ValueOf(&s).Elem(), func(path string, v reflect.Value) {
				was := reflect.ValueOf(v.Interface())
				if change(v, to) {
					n++
					try(path, s)
					v.Set(was)
				}
			})
		}
		s := base
		s.Dataflow.PruneAt = word.AtEdge
		try("prune at the edge", s)
		s = base
		s.Board.Memory.Technology = memory.HBM2
		try("another memory", s)
		if n < 100 || differ == 0 || equal == 0 || tables <= equal {
			t.Errorf("%d leaves, %d keys differ, %d are equal, %d of tables: the test sees too little", n, differ, equal, tables)
		}
	}
}

// Every leaf of a group's output path and update is in the key, but for the passes that the sums are made of.
func TestEveryLeafOfAGroupIsInTheKey(t *testing.T) {
	p, err := dataflow.New(mixed(t), spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}, dataflow.Options{Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		if g.Kind != dataflow.ProductGroup {
			continue
		}
		was, table := s.reads(g, 1), s.tableReads(g)
		for _, of := range []any{g.Shape, g.Update, &g.Path} {
			v := reflect.ValueOf(of)
			if v.IsNil() {
				continue
			}
			eachLeaf(v.Elem().Type().String(), v.Elem(), func(path string, v reflect.Value) {
				before := reflect.ValueOf(v.Interface())
				switch {
				case path == "route.Path.Parts":
					v.Set(reflect.ValueOf(append([]word.Part{{Kind: "add", Elements: 5}}, g.Path.Parts...)))
				case path == "route.Path.Passes":
					return
				case v.Kind() == reflect.String:
					v.SetString(v.String() + "x")
				case !change(v, more):
					t.Errorf("%s: a kind of leaf that this test does not know", path)
				}
				if s.reads(g, 1) == was {
					t.Errorf("%s is in no key", path)
				}
				if of == any(g.Shape) && s.tableReads(g) == table {
					t.Errorf("%s is in no key of a table", path)
				}
				v.Set(before)
			})
		}
	}
}
