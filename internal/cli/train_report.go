package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"satsim/results/training"
	"satsim/workloads/train"
)

// trainProgress shows a training's step, loss, accuracy and remaining time: a line that is rewritten on a terminal, a line an
// epoch elsewhere.
type trainProgress struct {
	w       io.Writer
	name    string
	live    bool
	started time.Time
	first   int64
	shown   time.Time
}

func newTrainProgress(w io.Writer, name string) *trainProgress {
	f, ok := w.(*os.File)
	return &trainProgress{w: w, name: name, live: ok && term.IsTerminal(int(f.Fd())), first: -1}
}

func (s *trainProgress) update(p train.Progress) {
	now := time.Now()
	if s.first < 0 {
		s.first, s.started = p.Step, now
	}
	epochEnds := p.Step*p.Epochs%p.Steps == 0
	if !epochEnds && (!s.live || now.Sub(s.shown) < 200*time.Millisecond) {
		return
	}
	s.shown = now
	left := ""
	if done := p.Step - s.first; s.live && done > 0 {
		rest := now.Sub(s.started) / time.Duration(done) * time.Duration(p.Steps-p.Step)
		left = ", " + rest.Round(time.Second).String() + " left"
	}
	begin, end := "", "\n"
	if s.live {
		begin, end = "\r\x1b[K", ""
	}
	fmt.Fprintf(s.w, "%s%s: epoch %d of %d, step %d of %d, loss %.4f, accuracy %.2f %%, test %.2f %%%s%s", begin, s.name,
		p.Epoch, p.Epochs, p.Step, p.Steps, p.Loss, 100*p.Accuracy, 100*p.TestAccuracy, left, end)
}

func (s *trainProgress) end() {
	if s.live {
		fmt.Fprintln(s.w)
	}
}

// summarise puts all trainings of a folder together, and prints the table.
func (a *app) summarise(out string) error {
	t, err := training.SummariseFolder(out)
	if err != nil {
		return err
	}
	return t.Terminal(a.out)
}
