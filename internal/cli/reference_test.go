package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"satsim/arch/vector"
	"satsim/internal/golden"
	"satsim/results/experiment/models"
	"satsim/results/query"
	"satsim/results/report"
	"satsim/results/store"
	"satsim/results/sweep"
	"satsim/results/table"
)

// reference is where the shipped tables and figures are.
const reference = "../../results/reference"

// quick lists, for each sweep that shipped tables are made of, the networks whose figures are made anew and compared in every test run. The
// others take too long for that, as does the whole of the sweep design-space, whose front needs all points. With SATSIM_REFERENCE=all every table is
// made anew and compared byte by byte.
var quick = map[string][]string{
	"recipes": {"resnet9"}, "nm": {"vit-cifar"}, "ablation": {"resnet9"}, "array": {"vit-cifar"}, "lanes": {"vit-cifar"}, "bandwidth": {"vit-cifar"},
	"design-space": nil, "methods": {"vit-b16"},
}

// A changed figure is a conscious commit: SATSIM_UPDATE=1 makes them all anew with the commands of results/reference/README.md; say why.
func TestShippedTablesAreWhatIsSimulated(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	if golden.Updating() {
		keep := filepath.Join(t.TempDir(), "reference.db")
		for _, args := range [][]string{{"table", "all", "--out", reference}, {"plot", "all", "--out", filepath.Join(reference, "figures")}} {
			var stderr bytes.Buffer
			if code := execute(context.Background(), append(args, "--keep", keep), io.Discard, &stderr); code != exitOK {
				t.Fatalf("satsim %v: exit code %d: %s", args, code, stderr.String())
			}
		}
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Memory)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	arch, err := models.NewLoader().Spec("sat-vcu1525", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	all := os.Getenv("SATSIM_REFERENCE") == "all"
	defer func() {
		if t.Failed() {
			t.Log(golden.Advice(t.Name()))
		}
	}()
	tables, err := report.Find(report.KindTable, report.All)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range tables {
		in := &report.Input{Spec: arch}
		if d.Sweep != "" {
			networks, known := quick[d.Sweep]
			if !known {
				t.Fatalf("sweep %s is not in the list of what is quick", d.Sweep)
			}
			if len(networks) == 0 && !all {
				continue
			}
			if all {
				networks = nil
			}
			in.Data = simulated(t, s, d.Sweep, networks)
			if d.Where != "" {
				if in.Data.Rows, err = query.Filter(in.Data.Rows, []string{d.Where}, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		if all || d.Sweep == "" {
			files, err := d.Files(ctx, in, "satsim table "+d.Name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				var b bytes.Buffer
				if err := f.Write(&b); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(b.Bytes(), shipped(t, f.Name)) {
					t.Errorf("%s is not what is made", f.Name)
				}
			}
			continue
		}
		made, err := d.Table(context.Background(), in, "satsim table "+d.Name)
		if err != nil {
			t.Fatal(err)
		}
		held(t, d.Name, made)
	}
}

// The trainings take hours, what their steps cost does not: the shipped tables that join both are what is simulated now.
func TestShippedTablesOfCodesign(t *testing.T) {
	for _, network := range []string{"resnet-fmnist", "vit-fmnist"} {
		dir := t.TempDir()
		var stderr bytes.Buffer
		if code := execute(context.Background(), []string{"codesign", "--network", network, "--out", dir}, io.Discard, &stderr); code != exitOK {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		for _, ending := range []string{".csv", ".md", ".svg"} {
			made, err := os.ReadFile(filepath.Join(dir, "codesign"+ending))
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join(reference, "train", "codesign-"+network+ending), made)
		}
	}
}

// simulated runs a shipped sweep on some of its networks, or on all.
func simulated(t *testing.T, s *store.Store, name string, networks []string) *query.Data {
	t.Helper()
	ctx := context.Background()
	f := sweep.Default()
	if err := models.Decode("sweep", name, &f); err != nil {
		t.Fatal(err)
	}
	if networks != nil {
		f.Networks = networks
	}
	p, err := sweep.New(&f, sweep.Load(nil), store.Origin{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sweep.Run(ctx, s, p.Jobs, sweep.Options{Workers: runtime.NumCPU()}); err != nil {
		t.Fatal(err)
	}
	d, err := query.FromStore(ctx, s, store.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	d.Rows, err = inOrder(d.Rows, p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func shipped(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(reference, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// held holds every figure of a table against the one that is shipped in the same column and the row of the same texts. Means are of all
// networks and are left out.
func held(t *testing.T, name string, made *table.Table) {
	t.Helper()
	var b bytes.Buffer
	if err := made.CSV(&b); err != nil {
		t.Fatal(err)
	}
	texts := 0
	for texts < len(made.Columns) && made.Columns[texts].Left {
		texts++
	}
	cells := func(text []byte) map[[2]string]string {
		lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		out := map[[2]string]string{}
		for _, line := range lines[1:] {
			row := strings.Join(line[:texts], " / ")
			if name == "recipes" { // the batch stands between the network and the recipe
				row = strings.Join([]string{line[0], line[2], line[3]}, " / ")
			}
			for i, head := range lines[0] {
				out[[2]string{row, head}] = line[i]
			}
		}
		return out
	}
	want := cells(shipped(t, name+".csv"))
	compared := 0
	for at, got := range cells(b.Bytes()) {
		if strings.HasPrefix(at[0], "mean") || strings.HasPrefix(at[1], "mean") || strings.HasPrefix(at[1], "ours") || strings.HasPrefix(at[0], "a rival of whose") { // of all networks
			continue
		}
		w, ok := want[at]
		if !ok || w != got {
			t.Errorf("%s.csv: %s, %s is %q, what is simulated is %q", name, at[0], at[1], w, got)
		}
		compared++
	}
	if compared < 4 {
		t.Errorf("%s: only %d figures were compared", name, compared)
	}
}

// Whatever can be made of what satsim has is shipped, and listed with its command.
func TestReferenceIsComplete(t *testing.T) {
	list := string(shipped(t, "README.md"))
	var want []string
	for _, e := range report.Entries() {
		if !e.Shipped() {
			continue
		}
		folder, command, endings := "", "table", []string{".md", ".tex", ".csv"}
		if e.Kind == report.KindFigure {
			folder, command, endings = "figures/", "plot", []string{".svg", ".pdf", ".png"}
		}
		for _, ending := range endings {
			want = append(want, folder+e.Name+ending)
		}
		if !strings.Contains(list, "`satsim "+command+" "+e.Name+"`") {
			t.Errorf("README.md does not say how %s %s is made", e.Kind, e.Name)
		}
	}
	for _, name := range want {
		if _, err := os.Stat(filepath.Join(reference, name)); err != nil {
			t.Error(err)
		}
	}
	err := fs.WalkDir(os.DirFS(reference), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (path == "train" || path == "uncertainty") { // what takes minutes or hours
			return fs.SkipDir
		}
		if !e.IsDir() && path != "README.md" && !slices.Contains(want, path) {
			t.Errorf("%s is shipped, but nothing makes it", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// The shipped sweep that leaves all vector work out leaves out every kind of it.
func TestBareStepsOmitEveryKindOfVectorWork(t *testing.T) {
	f := sweep.Default()
	if err := models.Decode("sweep", "recipes", &f); err != nil {
		t.Fatal(err)
	}
	choices, err := f.Expand()
	if err != nil {
		t.Fatal(err)
	}
	m, err := sweep.Load(nil)(choices[len(choices)-1])
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Spec.Dataflow.Omitted(); !slices.Equal(got, append(vector.Kinds(), vector.OnceAGroup()...)) {
		t.Errorf("left out %v, want every kind", got)
	}
}
