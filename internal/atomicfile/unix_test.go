//go:build darwin || linux

package atomicfile

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childEnv makes the test binary a writer of the path in it: it writes half, says so, and waits to be killed.
const childEnv = "SATSIM_TEST_ATOMICFILE"

// folderEnv makes it a writer of the folder in it, which is one of two, in turn and without an end.
const folderEnv = "SATSIM_TEST_ATOMICFILE_FOLDER"

func pair() [2]map[string][]byte {
	all := [2]map[string][]byte{{}, {}}
	for i := range 20 {
		all[i%2][fmt.Sprintf("sub/%d", i)] = []byte(strings.Repeat(fmt.Sprint(i), 1000))
	}
	return all
}

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		err := Write(path, func(w io.Writer) error {
			fmt.Fprint(w, "half")
			fmt.Println("half")
			select {}
		})
		fmt.Println(err)
		return
	}
	if path := os.Getenv(folderEnv); path != "" {
		for i := 0; ; i++ {
			if err := Folder(path, pair()[i%2], func(string) error { return nil }); err != nil {
				fmt.Println(err)
				return
			}
			if i == 1 {
				fmt.Println("begun")
			}
		}
	}
	os.Exit(m.Run())
}

// writerOf starts a writer of a path that stops half way. What it gives kills it.
func writerOf(t *testing.T, path string) (kill func()) {
	t.Helper()
	return child(t, childEnv+"="+path, "half\n")
}

// child starts the test binary as what a variable makes it, and waits for what it says.
func child(t *testing.T, env, says string) (kill func()) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), env)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != says {
		t.Fatalf("the child said %q, %v", line, err)
	}
	return func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// A writer that is killed leaves the file beside; the next one in that folder removes it, but not that of a writer that lives, nor files of
// others that look alike.
func TestWhatAKilledWriterLeftIsRemoved(t *testing.T) {
	dir := t.TempDir()
	beside := func() (n int) {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(dir, ".*.satsim-tmp"))
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	put(t, filepath.Join(dir, ".record.json.bak"), "a user's", 0o644)
	writerOf(t, filepath.Join(dir, "record.json"))()
	if beside() != 1 {
		t.Fatalf("%d files are beside the killed writer's", beside())
	}
	killLiving := writerOf(t, filepath.Join(dir, "layers.csv")) // removes the first one's
	if beside() != 1 {
		t.Errorf("%d files are beside, want the living writer's", beside())
	}
	if err := Write(filepath.Join(dir, "record.json"), text("whole")); err != nil {
		t.Fatal(err)
	}
	if beside() != 1 {
		t.Errorf("%d files are beside, want the living writer's", beside())
	}
	killLiving()
	if err := Write(filepath.Join(dir, "record.json"), text("whole")); err != nil {
		t.Fatal(err)
	}
	alone(t, dir, ".record.json.bak", "record.json")
}

// A writer of folders that is killed at any time leaves one of the two, whole; the next write removes what is beside.
func TestAKilledWriterOfAFolder(t *testing.T) {
	top := t.TempDir()
	path := filepath.Join(top, "bundle")
	for range 12 {
		kill := child(t, folderEnv+"="+path, "begun\n")
		time.Sleep(time.Duration(rand.IntN(8_000)) * time.Microsecond)
		kill()
		if runtime.GOOS != "linux" && !there(path) {
			continue // it comes back with the next write
		}
		whole := false
		for _, files := range pair() {
			whole = whole || maps.EqualFunc(tree(t, path), files, func(a string, b []byte) bool { return a == string(b) })
		}
		if !whole {
			t.Fatalf("%d files are there", len(tree(t, path)))
		}
	}
	if err := Folder(path, map[string][]byte{"x": nil}, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	alone(t, top, "bundle")
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

// New files have what the umask leaves, replaced ones what they had. No other test of this package runs meanwhile: the umask is the process's.
func TestUmaskIsHonoured(t *testing.T) {
	dir := t.TempDir()
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	for _, c := range []struct {
		umask int
		want  fs.FileMode
	}{{0o077, 0o600}, {0o022, 0o644}, {0o002, 0o664}} {
		syscall.Umask(c.umask)
		path := filepath.Join(dir, fmt.Sprintf("%03o", c.umask))
		if err := Write(path, text("x")); err != nil {
			t.Fatal(err)
		}
		if got := mode(t, path); got != c.want {
			t.Errorf("umask %03o gives mode %v, want %v", c.umask, got, c.want)
		}
	}
	path := filepath.Join(dir, "own")
	put(t, path, "x", 0o620)
	if err := Write(path, text("y")); err != nil {
		t.Fatal(err)
	}
	if got := mode(t, path); got != 0o620 {
		t.Errorf("a replaced file has mode %v", got)
	}
}

func TestPipesAreWrittenInto(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	read := make(chan string)
	go func() {
		got, err := os.ReadFile(path)
		read <- fmt.Sprint(string(got), err)
	}()
	if err := Write(path, text("through"), path); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "through<nil>" {
		t.Errorf("the reader got %s", got)
	}
	if mode(t, path)&fs.ModeNamedPipe == 0 {
		t.Error("the pipe is no pipe any more")
	}
	alone(t, dir, "pipe")
}

// A pipe without a reader is refused; opening it would wait for ever, and nothing is asked for what it would write.
func TestPipesWithoutReaders(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a reader")
	}
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	err := Write(path, func(io.Writer) error { t.Error("it is written into"); return nil })
	if err == nil || !strings.Contains(err.Error(), "nobody reads this pipe") {
		t.Errorf("%v; want that nobody reads it", err)
	}
}

func TestSocketsAreWrittenInto(t *testing.T) {
	dir, err := os.MkdirTemp("", "") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skipf("no sockets here: %v", err)
	}
	defer l.Close()
	read := make(chan string)
	go func() {
		c, err := l.Accept()
		if err != nil {
			read <- err.Error()
			return
		}
		got, err := io.ReadAll(c)
		read <- fmt.Sprint(string(got), err)
	}()
	if err := Write(path, text("through")); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "through<nil>" {
		t.Errorf("the listener got %s", got)
	}
	if mode(t, path)&fs.ModeSocket == 0 {
		t.Error("the socket is no socket any more")
	}
}

// The machine's own device is asked about, and never written to here: a fault in this package would have replaced it by a file for everybody.
func TestDevicesAreStreams(t *testing.T) {
	if mode(t, os.DevNull)&fs.ModeDevice == 0 {
		t.Skipf("%s is no device on this machine", os.DevNull)
	}
	got, err := Find(os.DevNull)
	if err != nil || !got.Stream || got.Path != os.DevNull {
		t.Errorf("%+v, %v", got, err)
	}
}

// Copies of /dev/null and /dev/full, made where root may, and a link to one.
func TestDevicesAreWrittenInto(t *testing.T) {
	dir := t.TempDir()
	device := func(name string, minor int) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := exec.Command("mknod", path, "c", "1", fmt.Sprint(minor)).Run(); err != nil {
			t.Skipf("no devices can be made here: %v", err)
		}
		if f, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
			t.Skipf("devices cannot be opened here: %v", err)
		} else {
			f.Close()
		}
		return path
	}
	null, full := device("null", 3), device("full", 7)
	link := filepath.Join(dir, "to-null")
	if err := os.Symlink(null, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{null, link} {
		if err := Write(path, text("x")); err != nil {
			t.Error(err)
		}
	}
	if err := Write(full, text("x")); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("a full device: error %v", err)
	}
	for _, path := range []string{null, full} {
		if mode(t, path)&fs.ModeCharDevice == 0 {
			t.Errorf("%s is no device any more", path)
		}
	}
	alone(t, dir, "full", "null", "to-null")
}

// The file that standard output goes to is written into by whatever name, so that what is printed later follows.
func TestStandardOutputIsWrittenInto(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = f
	defer func() { os.Stdout = old }()
	fmt.Fprint(f, "before ")
	if err := Write(path, text("record ")); err != nil {
		t.Error(err)
	}
	fmt.Fprint(f, "after")
	holds(t, path, "before record after")
}

// Where nothing can be made, Find says so, before any work: for a name that is free, in folders that are not there yet, and for a file.
func TestAFolderInWhichNothingCanBeMade(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write into any folder")
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a"), "a", 0o666)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o777)
	for _, name := range []string{"free", "new/folders/free", "a"} {
		if _, err := Find(filepath.Join(dir, name)); err == nil || err.Error() != "in "+dir+": permission denied" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
