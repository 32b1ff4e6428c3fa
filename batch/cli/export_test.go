package cli

import (
	"context"
	"io"
	"net"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
)

// InstanceOf is instanceOf.
func InstanceOf(ctx context.Context, endpoint string) (string, error) {
	return new(command.Invocation).InstanceOf(ctx, endpoint)
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
	a.SystemFolder, a.Passing, a.HomeOf, a.Dial = m.System, m.Passes, m.HomeOf, m.Dial
	return a.run()
}

// StatusOf is the exit status of a fault; -1 for any other error.
func StatusOf(err error) int {
	if f, ok := exit.FaultOf(err); ok {
		return f.Status
	}
	return -1
}
