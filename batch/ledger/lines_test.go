package ledger

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// brokenLine is a line of the source outside the tables, and what it says when it
// is broken: BROKEN stands for whether it is.
type brokenLine struct {
	name, file, line, broken string
	world                    string // that notices it first; blank: all are looked at
}

func brokenLines() []brokenLine {
	return []brokenLine{
		{"the batch is left out of the key", "ledger.go", "l.batch(r) == key.Batch", "(BROKEN || l.batch(r) == key.Batch)", "two batches"},
		{"the batch of a row is that of the last run, however long ago it was touched", "ledger.go", "l.batchAt(l.run() - int32(r.Ago))", "l.batchAt(l.run() - pick(BROKEN, 0, int32(r.Ago)))", "two batches"},
		{"a run touches rows of other batches", "apply.go", "l.runs[run] == l.batch(r)", "(BROKEN || l.runs[run] == l.batch(r))", "two batches"},
		{"what a run finds is its batch's", "apply.go", "max(row.run, -1)", "pick(BROKEN, l.run(), max(row.run, -1))", "two batches"},
		{"an update leaves a binding its holder's values", "apply.go", "c.ends, b.holder >= 0", "c.ends, !BROKEN && b.holder >= 0", "two batches"},
		{"a renewal leaves a binding edited", "apply.go", "&& !holds", "&& (!holds || BROKEN && b.edited)", "two batches"},
		{"a compaction forgets that a binding was edited", "compact.go", "e.Record.Last = !b.edited", "e.Record.Last = s.l.broken == NUMBER || !b.edited", "two batches"},
		{"what is read is not edited", "apply.go", "int32(r.Holder), !r.Last", "int32(r.Holder), !BROKEN && !r.Last", "two batches"},
		{"a row takes any binding", "decide.go", "l.rows[b.holder].id == id", "(BROKEN || l.rows[b.holder].id == id)", "two batches"},
		{"a row takes a binding on which a call is in doubt", "decide.go", "b.calls < 0", "(BROKEN || b.calls < 0)", "two batches"},
		{"a row takes an edited binding", "decide.go", "&& !b.edited", "&& (BROKEN || !b.edited)", "two batches"},
		{"a row takes a binding whose end was relative", "decide.go", "case w.WhenBound == SkipWhenBound, !w.Relative &&", "case w.WhenBound == SkipWhenBound, (BROKEN || !w.Relative) &&", "ends that are relative"},
		{"an end is never made later", "decide.go", "case w.Prolongs:", "case !BROKEN && w.Prolongs:", "ends that are relative"},
		{"an end is made later while a release is in doubt", "decide.go", "case Unknown:\n", "case Unknown:\nif BROKEN && w.Prolongs && l.Holding(n) {\nd.Act, d.Binding = Renews, int(l.rows[n].binding)\nreturn true\n}\n", "ends that are relative"},
		{"a row whose binding lapsed is not sent", "decide.go", "return !w.Resend &&", "return BROKEN || !w.Resend &&", "ends that are relative, and lapse"},
		{"a binding that lapsed bars its row", "check.go", "l.mayLive(b, clock) &&", "(BROKEN && l.bindings[b].life == lives || l.mayLive(b, clock)) &&", "ends that are relative, and lapse"},
		{"a binding that lapsed stays its row's beside another", "apply.go", "if b := l.rows[n].binding; b >= 0 &&", "if b := l.rows[n].binding; b >= 0 && !BROKEN &&", "ends that are relative, and lapse"},
		{"a binding that lapsed is renewed", "check.go", "c.op == Renew && !l.mayLive", "!BROKEN && c.op == Renew && !l.mayLive", "ends that are relative, and lapse"},
		{"a binding lapses by this machine's clock", "check.go", "!l.ended(b, clock, clock.Service-lapse)", "!l.ended(b, clock, pick(BROKEN, clock.Now, clock.Service)-lapse)", "a clock that is ahead"},
		{"a bind in doubt lapses by this machine's clock", "check.go", "c.due(clock) && lapsed(c.ends, clock)", "c.due(clock) && (BROKEN && passed(c.ends, clock.Now-lapse) || lapsed(c.ends, clock))", "a clock that is ahead"},
		{"a binding that lapsed is its row's when another is made", "check.go", "Service: c.at}", "Service: pick(BROKEN, 0, c.at)}", "ends that are relative, and lapse"},
		{"a word about the input counts for others", "decide.go", "&& l.allPresent(w, clock)", "&& (BROKEN || l.allPresent(w, clock))", "two batches and their words"},
		{"a word about the input counts for nothing", "decide.go", "case lifts&Duplicates != 0", "case !BROKEN && lifts&Duplicates != 0", "two batches and their words"},
		{"the word for another counts for nothing", "decide.go", "case lifts&Another != 0:", "case !BROKEN && lifts&Another != 0:", "two batches and their words"},
		{"a batch claims what another holds", "own.go", "case holder != batch", "case !BROKEN && holder != batch", "two batches"},
		{"a batch claims what another may have renewed", "own.go", "|| l.Taker(binding, batch) != 0", "|| !BROKEN && l.Taker(binding, batch) != 0", "two batches"},
		{"a batch claims what its own renewal in doubt is of, and no more", "own.go", "&& of != batch", "&& (BROKEN || of != batch)", "two batches"},
		{"a batch releases what another made", "own.go", "case op == Release", "case !BROKEN && op == Release", "two batches"},
		{"a batch releases what another made, whatever the person says", "own.go", "&& !renewed", "&& (BROKEN || !renewed)", "two batches"},
		{"what a batch made it may not release", "own.go", "maker != batch", "(BROKEN || maker != batch)", "two batches"},
	}
}

// helpers are what broken lines need, in the build of TestBrokenLines.
const helpers = `
func pick[T any](is bool, a, b T) T {
	if is {
		return a
	}
	return b
}
`

const breakLineThere = `package ledger

func breakLine(l *Ledger, n int) bool {
	l.broken = n
	return true
}
`

// TestBrokenLines breaks, one at a time, lines of the source that no table has. A
// build of its own has them all; there the exploration alone has to notice each.
func TestBrokenLines(t *testing.T) {
	if underRace {
		t.Skip("nothing runs at the same time")
	}
	if breakLine(New(0), 0) {
		for i, b := range brokenLines() {
			m := mutant{name: b.name, breaks: func(l *Ledger) { breakLine(l, i+1) }, in: b.world, sample: 10}
			if found := m.find(); found == "" {
				t.Errorf("%s: not found", b.name)
			} else {
				t.Logf("%s: %s", b.name, found)
			}
		}
		return
	}
	text, err := exec.Command("go", "test", "-vet=off", "-overlay="+overlay(t), "-run=^TestBrokenLines$", "-v", ".").CombinedOutput()
	if t.Logf("%s", text); err != nil {
		t.Error(err)
	}
}

// overlay writes the source with its broken lines, and returns the name of the file
// that says where they stand.
func overlay(t *testing.T) string {
	dir := t.TempDir()
	sources := map[string]string{"broken_test.go": breakLineThere}
	change := func(file, from, to string) {
		if sources[file] == "" {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources[file] = string(text)
		}
		if strings.Count(sources[file], from) != 1 {
			t.Fatalf("%s has %q %d times, want once", file, from, strings.Count(sources[file], from))
		}
		sources[file] = strings.Replace(sources[file], from, to, 1)
	}
	change("ledger.go", "type Ledger struct {", helpers+"type Ledger struct {\nbroken int\n")
	change("index.go", " + uint64(k.Batch)*0xbf58476d1ce4e5b9", "") // which only spreads rows
	for i, b := range brokenLines() {
		number := fmt.Sprint(i + 1)
		change(b.file, b.line, strings.NewReplacer("BROKEN", "(l.broken == "+number+")", "NUMBER", number).Replace(b.broken))
	}
	var names struct{ Replace map[string]string }
	names.Replace = map[string]string{}
	for file, text := range sources {
		name, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		names.Replace[name] = filepath.Join(dir, file)
		if err := os.WriteFile(names.Replace[name], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(at, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}
