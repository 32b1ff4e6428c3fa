package cli

import (
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// console is standard error, shared by sentences, log lines and a progress
// bar. Whole lines are written while the bar is off the screen.
type console struct {
	mu    sync.Mutex
	w     io.Writer
	clear func() // takes the bar off the screen; nil if there is none
}

func newConsole(w io.Writer) *console { return &console{w: w} }

// println writes one line, or several.
func (c *console) println(s string) {
	_, _ = c.Write([]byte(strings.TrimRight(s, "\n") + "\n"))
}

// Write implements io.Writer for loggers: whole lines.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clear != nil {
		c.clear()
	}
	return c.w.Write(p)
}

// terminal reports whether the console is one, and its width.
func (c *console) terminal() (width int, ok bool) { return terminalOf(c.w) }

func terminalOf(v any) (width int, ok bool) {
	f, isFile := v.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	return width, true
}

// raw writes to the console's own writer without being an *os.File:
// progressbar syncs those after every write.
type raw struct{ w io.Writer }

func (r raw) Write(p []byte) (int, error) { return r.w.Write(p) }
