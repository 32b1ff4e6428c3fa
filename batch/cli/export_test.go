package cli

import (
	"bytes"
	"context"
	"io"
	"os"
)

// Watch shows something as a run does, on a console that is no terminal.
func Watch(w io.Writer, kind string, end <-chan struct{}, asked <-chan os.Signal, observe func(), line func() string) (wait func()) {
	s := &screen{console: newConsole(w), kind: kind}
	return s.watch(end, asked, observe, nil, line)
}

// LockOnce takes the lock of a journal, does do, and gives it up as a run does that
// was refused. It reports whether it got the lock.
func LockOnce(path string, do func()) bool {
	j, err := lockJournal(path)
	if err != nil {
		return false
	}
	do()
	j.locked = true
	j.unlock()
	return true
}

// Heed runs do as a command runs its work, with signals from a channel, and returns
// what was said and the status.
func Heed(signals <-chan os.Signal, do func(context.Context) error) (said string, status int) {
	b := &bytes.Buffer{}
	a := &app{console: newConsole(b)}
	_ = a.heed(signals, do)
	return b.String(), a.status
}
