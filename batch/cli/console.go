package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"axgbind/report"
)

// console is standard error, shared by sentences, log lines and a block that is
// drawn again and again below them. Whatever is printed goes where the block
// stood, and the block below it: one write each, so nothing flickers.
type console struct {
	mu    sync.Mutex
	w     io.Writer     // as given
	out   io.Writer     // w, but that it holds nobody up
	block []string      // on the screen; the cursor stands on the line below
	left  bool          // no block is drawn any more
	held  *bytes.Buffer // with --quiet: what was said so far; nil: everything is said at once
}

func newConsole(w io.Writer) *console { return &console{w: w, out: newPatient(w)} }

// println writes one line, or several.
func (c *console) println(s string) {
	_, _ = c.Write([]byte(strings.TrimRight(s, "\n") + "\n"))
}

// Write implements io.Writer for loggers: whole lines.
func (c *console) Write(p []byte) (int, error) { return c.through(c.w, p) }

// through writes whole lines to w, which may be the same terminal as the
// console: standard output, for example.
func (c *console) through(w io.Writer, p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held != nil && w == c.w {
		return c.held.Write(p)
	}
	return c.put(w, p)
}

// put writes past the block. What is said passes the filter for text that is not
// ours once more: a logger or a library may have brought some along.
func (c *console) put(w io.Writer, p []byte) (int, error) {
	if w == c.w {
		_, err := io.WriteString(c.out, c.erase()+report.PlainLines(string(p))+drawn(c.block))
		return len(p), err
	}
	if len(c.block) > 0 { // much may come: the next draw brings the block back
		_, _ = io.WriteString(c.out, c.erase())
		c.block = nil
	}
	return w.Write(p)
}

// show draws a block instead of the one on the screen; nil takes it away.
func (c *console) show(block []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left || len(c.block) == 0 && len(block) == 0 {
		return
	}
	if p, ok := c.out.(*patient); ok && p.isStuck() && block != nil {
		return // nobody sees it
	}
	text := c.erase() + drawn(block)
	c.block = block
	_, _ = io.WriteString(c.out, text)
}

// leave takes the block away for good.
func (c *console) leave() {
	c.show(nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = true
}

// above writes whole lines to another file through the console.
type above struct {
	c *console
	w io.Writer
}

func (a above) Write(p []byte) (int, error) { return a.c.through(a.w, p) }

func drawn(block []string) string {
	if len(block) == 0 {
		return ""
	}
	return strings.Join(block, "\n") + "\n"
}

// erase takes the cursor to where the block begins and clears the rest of the
// screen. On a terminal that was made narrower since and wrapped the block,
// some of it stays behind; going up further would cost those that do not wrap
// what was printed above.
func (c *console) erase() string {
	if len(c.block) == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dA\r\x1b[J", len(c.block))
}

// holding reports whether what is said is held back.
func (c *console) holding() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held != nil
}

// hold keeps back whatever is said until release says it after all.
func (c *console) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = &bytes.Buffer{}
}

// aloud writes a line whatever is held back: somebody asked for it.
func (c *console) aloud(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = c.put(c.w, []byte(s+"\n"))
}

// release says what was held back, and holds no more.
func (c *console) release() {
	c.mu.Lock()
	held := c.held
	c.held = nil
	c.mu.Unlock()
	if held != nil && held.Len() > 0 {
		_, _ = c.Write(held.Bytes())
	}
}

// drop forgets what was held back, and reports whether anything could be.
func (c *console) drop() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	held := c.held != nil
	c.held = nil
	return held
}

// flush waits until all was written: for as long as it takes, or after a signal a
// short time.
func (c *console) flush(signalled bool) {
	p, ok := c.out.(*patient)
	switch {
	case !ok:
	case signalled:
		p.flush(tellWithin)
	default:
		p.flush(0)
	}
}

// terminal reports whether the console is one, and its size.
func (c *console) terminal() (columns, rows int, ok bool) { return terminalOf(c.w) }

func terminalOf(v any) (columns, rows int, ok bool) {
	f, isFile := v.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 80, 24, false
	}
	columns, rows, err := term.GetSize(int(f.Fd()))
	if err != nil || columns <= 0 || rows <= 0 {
		return 80, 24, true
	}
	return columns, rows, true
}
