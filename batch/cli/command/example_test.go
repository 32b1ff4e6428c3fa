package command_test

import (
	"io"
	"os"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// All that people read comes on standard error, in the language that the variables say;
// a fault with its cure and the status in words.
func ExampleInvocation() {
	a := command.New([]string{"bind", "july.csv"}, []string{"LANG=C"}, nil, io.Discard, os.Stdout)
	a.Say(report.SayNoPool)
	a.Tell(exit.Refuse(exit.Usage, report.ErrNoPool))
	// Output:
	// no pool key: bind needs --pool-key or a column PoolKey
	// axgbind: no pool key
	//   cure: add --pool-key KEY or a column PoolKey; the console of Phone Number Protection shows the key of each pool
	// status 10: usage or configuration error; nothing was sent
}
