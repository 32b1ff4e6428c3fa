package terminal

import (
	"bufio"
	"context"
	"io"
	"strings"
	"sync/atomic"
	"time"
)

// Prompt asks the person who sits at the terminal, if there is one.
type Prompt struct {
	console *Console
	stdin   io.Reader
	asking  atomic.Bool
}

// NewPrompt asks on a console and reads answers from stdin.
func NewPrompt(c *Console, stdin io.Reader) *Prompt { return &Prompt{console: c, stdin: stdin} }

// Attended reports whether a person sits there: both are terminals.
func (p *Prompt) Attended() bool { return isTerminal(p.stdin) && isTerminal(p.console.w) }

// Waits reports whether a question was asked and has no answer yet.
func (p *Prompt) Waits() bool { return p.asking.Load() }

// Ask prints a question and waits for the answer to it, a line without the blanks
// around it. It is blank if ctx ends first.
func (p *Prompt) Ask(ctx context.Context, question string) string {
	p.asking.Store(true)
	defer p.asking.Store(false)
	_, _ = p.console.Write([]byte(question))
	return strings.TrimSpace(p.answer(ctx))
}

// hungUpWithin is how long a signal may be behind the end of input that its cause
// makes: a terminal that hangs up gives both.
const hungUpWithin = 300 * time.Millisecond

// answer reads a line from standard input; it is blank once ctx ends. The reading
// cannot be ended, only left: the process ends soon, and with it the reading.
func (p *Prompt) answer(ctx context.Context) string {
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(p.stdin).ReadString('\n')
		line <- text
	}()
	select {
	case text := <-line:
		if strings.HasSuffix(text, "\n") {
			return text
		}
		select {
		case <-ctx.Done():
		case <-time.After(hungUpWithin):
		}
	case <-ctx.Done():
	}
	return ""
}
