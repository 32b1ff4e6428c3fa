// Structure measures how a Go module is built and keeps what is too large from
// growing: packages, files, functions, and who refers to whom.
//
// Usage; .ci/structure does it:
//
//	structure [--tighten] [FOLDER]
//
// FOLDER is the top of a module, the current one unless said. Its tests, and modules
// below, are no part of it; files for other systems are, but not in what needs types:
// references, exported names, recursion, and names of commands. Each package is a line:
//
//	files, lines  that are no tests
//	code          lines with something besides blanks and comments
//	names         exported constants, variables, types and functions
//	methods       exported methods of exported types
//	links         ordered pairs of files of which the first uses what the second declares
//	both ways     pairs of files that use each other
//	upwards       references that run against the others: of each pair that uses
//	              each other, those of the direction that has fewer
//	cycle         files in the largest group of which each reaches each by links
//
// A reference is one use of a name, a field or a method. Between packages none can
// run upwards: the build refuses it.
//
// Below stand the longest file and function, the places that compare something with
// the name of a command (the first word of a cobra.Command's Use; a word that means
// something else and reads alike counts too), and the functions of a cognitive
// complexity over 20, see [complexity].
//
// No package may have more than 30 files or 5,000 lines, no function a complexity over
// 20, unless FOLDER/.ci/structure.agreed lists it: there it has an agreed figure, and
// may shrink but not grow. --tighten writes the list anew with the figures of today
// where they are smaller, and without what keeps the limits.
//
// The exit status is 0 if all limits are kept, 1 if one is not, and 2 if nothing could
// be told.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// Exit statuses.
const (
	kept    = 0 // every limit
	broken  = 1 // at least one
	unknown = 2 // nothing can be said
)

// run is main with what it touches: arguments, and where results and errors go.
func run(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("structure", flag.ContinueOnError)
	flags.SetOutput(errs)
	tighten := flags.Bool("tighten", false, "write the list of what was agreed anew, with the smaller figures of today")
	flags.Usage = func() {
		fmt.Fprintln(errs, "usage: .ci/structure [--tighten] [FOLDER]")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return kept
	case err != nil:
		return unknown
	case flags.NArg() > 1:
		flags.Usage()
		return unknown
	}
	dir := "."
	if flags.NArg() == 1 {
		dir = flags.Arg(0)
	}
	status, err := judge(dir, *tighten, out)
	if err != nil {
		fmt.Fprintln(errs, "structure:", err)
		return unknown
	}
	return status
}

// judge measures the module in dir, shows it and says whether it keeps the limits.
func judge(dir string, tighten bool, out io.Writer) (status int, err error) {
	list := filepath.Join(dir, ".ci", "structure.agreed")
	old, err := readAgreed(list)
	if err != nil {
		return unknown, err
	}
	m, err := load(dir)
	if err != nil {
		return unknown, err
	}
	figures := m.measure()
	if err := figures.show(out); err != nil {
		return unknown, err
	}
	faults, loose := old.compare(figures.sizes())
	for _, f := range faults {
		fmt.Fprintln(out, "TOO LARGE:", f)
	}
	if len(loose) > 0 && tighten {
		if err := os.WriteFile(list, old.tightened(figures.sizes()).text(), 0o666); err != nil {
			return unknown, err
		}
		fmt.Fprintf(out, "tightened: %d\n", len(loose))
	} else {
		for _, l := range loose {
			fmt.Fprintln(out, "can be tightened:", l)
		}
	}
	if len(faults) > 0 {
		return broken, nil
	}
	fmt.Fprintln(out, "all limits kept")
	return kept, nil
}
