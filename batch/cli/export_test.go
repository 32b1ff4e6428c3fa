package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"time"

	"axgbind/batch/cli/terminal"
	"axgbind/batch/journal"
)

// InstanceOf is instanceOf.
func InstanceOf(ctx context.Context, endpoint string) (string, error) {
	return new(app).instanceOf(ctx, endpoint)
}

// Machine is where a command runs: its folder for the journal, which folders go with
// the container or the power, where other users live, and its network; nil: the real
// one.
type Machine struct {
	System string
	Passes func(dir string) string
	HomeOf func(user string) string
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
}

// RunOn is Run on such a machine.
func RunOn(m Machine, args, environ []string, stdout, stderr io.Writer) int {
	a := newApp(args, environ, nil, stdout, stderr)
	a.systemFolder, a.passing, a.homeOf, a.dial = m.System, m.Passes, m.HomeOf, m.Dial
	return a.run()
}

// PlaceOf is where the journal is, and the words that name it behind a command.
func PlaceOf(system, flag string, environ ...string) (path, argument string, err error) {
	a := newApp(nil, environ, nil, io.Discard, io.Discard)
	a.systemFolder = system
	p, err := a.place(flag)
	return p.path, p.argument("--journal"), err
}

// SimulatedPlace is where the journal of a simulator is.
func SimulatedPlace(folder, instance string, now time.Time) (string, error) {
	p, err := new(app).simulatedPlace(place{path: filepath.Join(folder, journalName)}, instance, now)
	return p.path, err
}

// StateFolder is stateFolder.
func StateFolder(system string, env map[string]string) string {
	return stateFolder(system, func(name string) string { return env[name] })
}

// Opened is a journal that was opened for a run.
type Opened = journalFile

// Missing, Brought and Shut are for tests outside.
func (j *journalFile) Missing() []journal.LockBatch         { return j.missing() }
func (j *journalFile) BroughtBy(batch string) (bool, error) { return j.brought(batch) }
func (j *journalFile) Shut()                                { j.close() }
func (j *journalFile) Recorded()                            { j.begun = true }
func (j *journalFile) Left(rows int, rate float64)          { j.left(rows, rate) }

// OpenFor opens a journal as a run does.
func OpenFor(path string, begin, simulated, carries bool) (*Opened, error) {
	return new(app).openJournal(place{path: path}, opening{begin: begin, simulated: simulated, carries: carries, now: time.Now()})
}

// WaitFor waits for a journal, and tells status and words if it does not get it.
func WaitFor(ctx context.Context, path string, most time.Duration, results string) (release func() error, said string, err error) {
	b := &bytes.Buffer{}
	a := &app{console: terminal.New(b)}
	f, err := a.waitJournal(ctx, place{path: path}, most, results)
	if err != nil {
		return nil, b.String(), err
	}
	return f.Close, b.String(), nil
}

// StatusOf is the exit status of a fault; -1 for any other error.
func StatusOf(err error) int {
	if f, ok := errors.AsType[*fault](err); ok {
		return f.status
	}
	return -1
}
