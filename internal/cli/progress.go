package cli

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"golang.org/x/term"
)

// patience is how long something may take before its progress is shown.
const patience = time.Second

// progressBar shows what runs, on a terminal only and only when it takes longer than patience.
type progressBar struct {
	w       progress.Writer
	tracker *progress.Tracker
	started time.Time
	mu      sync.Mutex
	once    sync.Once
}

func newProgress(w io.Writer) *progressBar {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &progressBar{}
	}
	p := progress.NewWriter()
	p.SetOutputWriter(w)
	p.SetAutoStop(false)
	p.SetUpdateFrequency(100 * time.Millisecond)
	p.SetStyle(progress.StyleBlocks)
	p.Style().Visibility.ETA = true
	return &progressBar{w: p, started: time.Now()}
}

// update says that done of total parts of what are finished.
func (p *progressBar) update(what string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w == nil || p.tracker == nil && time.Since(p.started) < patience {
		return
	}
	if p.tracker == nil {
		p.tracker = &progress.Tracker{}
		p.w.AppendTracker(p.tracker)
		go p.w.Render()
	}
	p.tracker.UpdateMessage(what)
	p.tracker.UpdateTotal(int64(total))
	p.tracker.SetValue(int64(min(done, total-1)))
}

// stop ends the display; it may be called again.
func (p *progressBar) stop() {
	p.once.Do(func() {
		if p.tracker != nil {
			p.tracker.MarkAsDone()
			p.w.Stop()
			for p.w.IsRenderInProgress() {
				time.Sleep(10 * time.Millisecond)
			}
		}
	})
}
