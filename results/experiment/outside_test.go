package experiment_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The program of the README, in a module of its own that replaces satsim by this folder, compiles and runs without a network.
func TestProgramOfTheReadmeRunsOutside(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```go\n(package main.*?)```\n.*?```\n(.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatal("the README has no program")
	}
	version, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^go .*$`).Find(version)
	dir := t.TempDir()
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"main.go": string(m[1]), "go.sum": string(sums),
		"go.mod": "module outside\n\n" + string(line) + "\n\nrequire satsim v0.0.0\n\nreplace satsim => " + strconv.Quote(filepath.ToSlash(root)) + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "run", ".")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "CGO_ENABLED=0")
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if string(out) != string(m[2]) {
		t.Errorf("it prints\n%s\nthe README says\n%s", out, m[2])
	}
}

// What is exported takes and gives types of Go, of this package, of results/record and of results/table, in which a record has its layers, whose own
// are of Go only: no type that may change from one version to the next.
func TestSignaturesAreOfTheOutside(t *testing.T) {
	for _, dir := range []string{".", "../record", "../table"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, path := range files {
			if !strings.HasSuffix(path, "_test.go") {
				f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
				if err != nil {
					t.Fatal(err)
				}
				imports := map[string]string{}
				for _, i := range f.Imports {
					full := strings.Trim(i.Path.Value, `"`)
					name := full[strings.LastIndexByte(full, '/')+1:]
					if i.Name != nil {
						name = i.Name.Name
					}
					imports[name] = full
				}
				for _, n := range exported(f) {
					ast.Inspect(n, func(n ast.Node) bool {
						s, ok := n.(*ast.SelectorExpr)
						if !ok {
							return true
						}
						x, ok := s.X.(*ast.Ident)
						if full := imports[x.Name]; ok && strings.HasPrefix(full, "satsim/") && full != "satsim/results/record" && full != "satsim/results/table" {
							t.Errorf("%s: %s.%s is in an exported signature", path, full, s.Sel.Name)
						}
						return true
					})
				}
			}
		}
	}
}

// exported are the parts of a file that callers see: types with their exported fields, signatures of functions and methods, but no bodies.
func exported(f *ast.File) (out []ast.Node) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			receiver := ""
			if d.Recv != nil {
				e := d.Recv.List[0].Type
				if s, ok := e.(*ast.StarExpr); ok {
					e = s.X
				}
				receiver = e.(*ast.Ident).Name
			}
			if d.Name.IsExported() && (receiver == "" || ast.IsExported(receiver)) {
				out = append(out, d.Type)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					if !s.Name.IsExported() {
						continue
					}
					st, ok := s.Type.(*ast.StructType)
					if !ok {
						out = append(out, s.Type)
						continue
					}
					for _, field := range st.Fields.List {
						if len(field.Names) == 0 || field.Names[0].IsExported() {
							out = append(out, field.Type)
						}
					}
				case *ast.ValueSpec:
					if s.Names[0].IsExported() && s.Type != nil {
						out = append(out, s.Type)
					}
				}
			}
		}
	}
	return out
}
