// Operators breaks code at random and tells which breaks the tests of its package
// notice. A mutant is one small change of one non-test file: another comparison, a
// negated condition, another result, a counter that runs the other way, or a
// statement taken out. Mutants are drawn among all that a package offers, without
// replacement; the same seed draws the same ones from the same source.
//
// Usage, from the top of the tree; .ci/mutate does it:
//
//	mutate --random N [--seed S] [--least P] [--by PACKAGE] [--timeout D] PACKAGE...
//
// With --by the tests of another package, above those that are broken, may notice a
// mutant that its own tests let live.
//
// It promises that the tree stays as it is: a mutant is built through an overlay,
// and its tests run in a copy of the tree, with a home and a folder for temporary
// files of their own, all made anew for each mutant. It does not judge mutants: one
// that is alive may be equal to the code that it replaces.
//
// Each mutant is a line: killed or ALIVE, its place, and what became what. The
// last lines are the share of killed ones, a package each. The exit status is 0 if
// every share reached P (95 unless said), 1 if one did not, and 2 if nothing could
// be told.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], ".", os.Stdout, os.Stderr))
}

// Exit statuses.
const (
	reached = 0 // every share is large enough
	missed  = 1 // a share is too small
	unknown = 2 // nothing can be said
)

// options are what is asked for.
type options struct {
	count   int           // mutants of each package; at least 1
	seed    uint64        // what the drawing depends on besides package and source
	least   int           // percent that have to be killed; 0 to 100
	timeout time.Duration // how long the tests of one mutant may take, of each package
	by      string        // a package whose tests may notice a mutant, too; blank: none
}

// testTime is how long the tests of one mutant may take, unless said; what takes longer is killed.
const testTime = time.Minute

// run is main with everything that it touches: arguments, the top of the tree, and
// where results and errors go.
func run(ctx context.Context, args []string, root string, out, errs io.Writer) int {
	var opt options
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.IntVar(&opt.count, "random", 0, "draw `N` mutants of each package")
	flags.Uint64Var(&opt.seed, "seed", 1, "draw those of seed `S`")
	flags.IntVar(&opt.least, "least", 95, "fail if fewer than `P` percent of a package's mutants are killed")
	flags.StringVar(&opt.by, "by", "", "let the tests of `PACKAGE` notice, too")
	flags.DurationVar(&opt.timeout, "timeout", testTime, "give the tests of one mutant `D`")
	flags.Usage = func() {
		fmt.Fprintln(errs, "usage: .ci/mutate --random N [--seed S] [--least P] [--by PACKAGE] [--timeout D] PACKAGE...")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return reached
	case err != nil:
		return unknown
	case opt.count < 1 || opt.least < 0 || opt.least > 100 || flags.NArg() == 0:
		flags.Usage()
		return unknown
	}
	shares, err := opt.trials(ctx, root, flags.Args(), out, errs)
	if err != nil {
		fmt.Fprintln(errs, "mutate:", err)
		return unknown
	}
	status := reached
	for _, s := range shares {
		fmt.Fprintln(out, s)
		if s.below(opt.least) {
			status = missed
		}
	}
	return status
}

// share is how many mutants of a package were killed.
type share struct {
	path          string
	killed, tried int
}

// below reports whether fewer than so many percent were killed. A package that
// offers no mutant has nothing to kill.
func (s share) below(percent int) bool { return s.killed*100 < percent*s.tried }

// String rounds down, so that what is below a limit is not shown as reaching it.
func (s share) String() string {
	if s.tried == 0 {
		return s.path + ": no mutants"
	}
	return fmt.Sprintf("%s: %d of %d killed, %d%%", s.path, s.killed, s.tried, s.killed*100/s.tried)
}

// trials tries the mutants of all packages, one after the other.
func (opt options) trials(ctx context.Context, root string, patterns []string, out, errs io.Writer) ([]share, error) {
	packages, err := load(ctx, root, patterns)
	if err != nil {
		return nil, err
	}
	bench, err := newBench(ctx, root, opt.timeout)
	if err != nil {
		return nil, err
	}
	defer bench.close()
	if opt.by != "" {
		judges, err := load(ctx, root, []string{opt.by})
		if err != nil {
			return nil, err
		}
		bench.by = judges
	}
	var shares []share
	for _, p := range packages {
		s, err := opt.try(ctx, p, bench, out, errs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.path, err)
		}
		shares = append(shares, s)
	}
	return shares, nil
}

// try draws mutants of one package until as many were tried as are wanted, or no
// more are there. One that does not compile is no mutant; another takes its place.
func (opt options) try(ctx context.Context, p *pkg, b *bench, out, errs io.Writer) (share, error) {
	s := share{path: p.path}
	if err := b.sound(ctx, p); err != nil {
		return s, err
	}
	unbuilt := 0
	for _, m := range drawn(p, opt.seed) {
		if s.tried == opt.count {
			break
		}
		if !p.compiles(m) {
			continue
		}
		killed, err := b.kills(ctx, p, m)
		switch {
		case errors.Is(err, errUnbuilt):
			unbuilt++
			fmt.Fprintf(errs, "mutate: drawn again: %v: %v\n", m, err)
			continue
		case err != nil:
			return s, err
		}
		s.tried++
		verdict := "ALIVE "
		if killed {
			s.killed++
			verdict = "killed"
		}
		fmt.Fprintf(out, "%s   %v\n", verdict, m)
	}
	if s.tried == 0 && unbuilt > 0 {
		return s, fmt.Errorf("none of its %d mutants could be built", unbuilt)
	}
	return s, nil
}
