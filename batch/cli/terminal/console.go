// Package terminal is what a command says to the person at it and hears from there:
// standard error shared by sentences, log lines and a block of progress (Console,
// Screen), questions (Prompt), the signals that end a run in good order (Stopping), and
// the language.
//
// It promises that whatever a terminal does holds up neither calls nor results: one that
// takes nothing is written to later, or not at all. What is said passes the filter for
// text that is not ours. It says no sentence of its own and ends no process: those are
// its caller's.
package terminal

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

// Console is standard error, shared by sentences, log lines and a block that is
// drawn again and again below them. Whatever is printed goes where the block
// stood, and the block below it: one write each, so nothing flickers.
type Console struct {
	mu    sync.Mutex
	w     io.Writer     // as given
	out   io.Writer     // w, but that it holds nobody up
	block []string      // on the screen; the cursor stands on the line below
	left  bool          // no block is drawn any more
	held  *bytes.Buffer // with --quiet: what was said so far; nil: everything is said at once
}

// New is the console that w is. Files may block; what blocks is waited for no longer
// than a moment.
func New(w io.Writer) *Console { return &Console{w: w, out: newPatient(w)} }

// Println writes one line, or several.
func (c *Console) Println(s string) {
	_, _ = c.Write([]byte(strings.TrimRight(s, "\n") + "\n"))
}

// Write implements io.Writer for loggers: whole lines.
func (c *Console) Write(p []byte) (int, error) { return c.through(c.w, p) }

// through writes whole lines to w, which may be the same terminal as the
// console: standard output, for example.
func (c *Console) through(w io.Writer, p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held != nil && w == c.w {
		return c.held.Write(p)
	}
	return c.put(w, p)
}

// put writes past the block. What is said passes the filter for text that is not
// ours once more: a logger or a library may have brought some along.
func (c *Console) put(w io.Writer, p []byte) (int, error) {
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

// Show draws a block instead of the one on the screen; nil takes it away.
func (c *Console) Show(block []string) {
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

// Leave takes the block away for good.
func (c *Console) Leave() {
	c.Show(nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = true
}

// Past is another file, such as standard output; lines for it go past a block that is
// drawn on the same terminal.
func (c *Console) Past(w io.Writer) io.Writer {
	if isTerminal(w) && isTerminal(c.w) {
		return above{c, w}
	}
	return w
}

// above writes whole lines to another file through the console.
type above struct {
	c *Console
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
func (c *Console) erase() string {
	if len(c.block) == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dA\r\x1b[J", len(c.block))
}

// Holding reports whether what is said is held back.
func (c *Console) Holding() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held != nil
}

// Hold keeps back whatever is said until release says it after all.
func (c *Console) Hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = &bytes.Buffer{}
}

// Aloud writes a line whatever is held back: somebody asked for it.
func (c *Console) Aloud(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = c.put(c.w, []byte(s+"\n"))
}

// Release says what was held back, and holds no more.
func (c *Console) Release() {
	c.mu.Lock()
	held := c.held
	c.held = nil
	c.mu.Unlock()
	if held != nil && held.Len() > 0 {
		_, _ = c.Write(held.Bytes())
	}
}

// Drop forgets what was held back, and reports whether anything could be.
func (c *Console) Drop() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	held := c.held != nil
	c.held = nil
	return held
}

// Flush waits until all was written: for as long as it takes, or after a signal a
// short time.
func (c *Console) Flush(signalled bool) {
	p, ok := c.out.(*patient)
	switch {
	case !ok:
	case signalled:
		p.flush(tellWithin)
	default:
		p.flush(0)
	}
}

// Size is that of the console; zero if it is no terminal.
func (c *Console) Size() report.TerminalSize { return Size(c.w) }

// Size is that of the terminal that a reader or writer is; zero if it is none.
func Size(v any) report.TerminalSize {
	if !isTerminal(v) {
		return report.TerminalSize{}
	}
	columns, rows, err := term.GetSize(int(v.(*os.File).Fd()))
	if err != nil || columns <= 0 || rows <= 0 {
		return report.TerminalSize{Columns: 80, Lines: 24}
	}
	return report.TerminalSize{Columns: columns, Lines: rows}
}

// isTerminal reports whether a reader or writer is one.
func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
