package cli

import (
	"io"
	"os"
)

// Watch shows something as a run does, on a console that is no terminal.
func Watch(w io.Writer, kind string, end <-chan struct{}, asked <-chan os.Signal, observe func(), line func() string) (wait func()) {
	s := &screen{console: newConsole(w), kind: kind}
	return s.watch(end, asked, observe, nil, line)
}
