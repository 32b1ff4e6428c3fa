package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// wordsOf takes a command line apart as a shell does, as far as the program
// quotes.
func wordsOf(t testing.TB, line string) (words []string) {
	t.Helper()
	word, open := "", false
	for _, part := range strings.SplitAfter(line, "") {
		switch {
		case part == "'":
			open = !open
		case part == " " && !open:
			words = append(words, word)
			word = ""
		default:
			word += part
		}
	}
	if open {
		t.Fatalf("%q: a quotation mark is open", line)
	}
	return append(words, word)
}

// typed are the commands that the end of a run tells to type, a placeholder in them
// replaced by the list.
func typed(t testing.TB, got outcome, list string) (commands [][]string) {
	t.Helper()
	for _, line := range got.nextCommands() {
		commands = append(commands, wordsOf(t, strings.Replace(line, "LIST.csv", "'"+list+"'", 1)))
	}
	if len(commands) == 0 {
		t.Fatalf("no command in %q", got.atEnd())
	}
	return commands
}

// TestNextCommand: what the last line of a run says to type works as it stands,
// wherever journal and service are.
func TestNextCommand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, journal string
		flags         []string
	}{
		{name: "plain"},
		{name: "journal elsewhere", journal: "all nights"},
		{name: "read its own way", journal: "own.journal", flags: []string{"--map", "Tel=PhoneNoA", "--default", "GroupId=2000000000001", "--default", "Expiration=+30d", "--timeout", "9s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5, Faults: faultList(t, []string{"drop-after=1"})})
			dir := filepath.Join(newFolder(t), "a night")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			rows := content(0, 3)
			if c.flags != nil {
				rows = table{{"Tel"}, {phone(0)}, {phone(1)}, {phone(2)}}
			}
			in := write(t, filepath.Join(dir, "in.csv"), rows.String())
			flags := append([]string{"--lang", "en"}, c.flags...)
			if c.journal != "" {
				flags = append(flags, "--journal", filepath.Join(dir, c.journal))
			}
			got := axgbind(t, sim.bind(in, flags...)...).want(t, 4)
			journal := memoryOf(t)
			switch c.journal {
			case "all nights":
				journal = simulatedJournal(t, filepath.Join(dir, c.journal))
			case "own.journal":
				journal = simulatedJournal(t, dir)
			}
			if err := played.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			writeJournal(t, journal, moved(t, read(t, journal), 2*time.Minute))
			list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())

			next := typed(t, got, list)
			if len(next) != 1 || next[0][0] != "reconcile" {
				t.Fatalf("%q", next)
			}
			if !strings.Contains(got.atEnd(), "for rows that name no X add --x-numbers LIST.csv") {
				t.Errorf("%s", got.atEnd())
			}
			got = axgbind(t, next[0]...).want(t, 4) // no list yet
			next = typed(t, got, list)
			if len(next) != 1 || next[0][0] != "reconcile" || next[0][len(next[0])-2] != list {
				t.Fatalf("%q", next)
			}
			got = axgbind(t, next[0]...).want(t, 0)
			if got.atEnd() != "status 0: every row is bound" {
				t.Errorf("%s", got)
			}
			if n := len(sim.bindings()); n != 3 {
				t.Errorf("%d bindings", n)
			}
		})
	}
}

// TestNextOfSweep: a list that lacks numbers is not suggested again; one that
// was not said to be complete is.
func TestNextOfSweep(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	if err := played.SetFaults(faultList(t, []string{"drop-before=1"})); err != nil {
		t.Fatal(err)
	}
	write(t, in, content(0, 3).String())
	axgbind(t, sim.bind(in)...).want(t, 4)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	writeJournal(t, memoryOf(t), moved(t, read(t, memoryOf(t)), 2*time.Minute))
	short := write(t, filepath.Join(dir, "short.csv"), "SecretNo\n17199999999\n")
	list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
	reconcile := []string{"reconcile", out, "--endpoint", sim.url, "--x-numbers"}

	got := axgbind(t, append(reconcile, short, "--list-is-complete")...).want(t, 4)
	if !strings.Contains(got.atEnd(), "--x-numbers LIST.csv --list-is-complete") {
		t.Errorf("%s", got)
	}
	got = axgbind(t, append(reconcile, list)...).want(t, 4)
	if !strings.HasSuffix(got.atEnd(), "--x-numbers "+list+" --list-is-complete") {
		t.Errorf("%s", got)
	}
	axgbind(t, typed(t, got, list)[0]...).want(t, 5)
}

// TestNextOfUpdate: the same for update, with a file of rows to correct and
// without one.
func TestNextOfUpdate(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	update := []string{"update", out, "--pool-key", testPool, "--field", "OutId", "--default", "OutId=renewed", "--endpoint", sim.url, "--progress", "none"}
	got := axgbind(t, append(update, "--limit", "1", "-o", filepath.Join(dir, "a.csv"))...).want(t, 5)
	axgbind(t, typed(t, got, "")[0]...).want(t, 0)

	// An id that a spreadsheet damaged, corrected in the file of failed rows.
	id := results(t, out)[0]["SubsId"]
	damaged := write(t, filepath.Join(dir, "damaged.results.csv"), strings.Replace(read(t, out), id, "1.2E+15", 1))
	fix := filepath.Join(dir, "fix.csv")
	got = axgbind(t, "update", damaged, "--pool-key", testPool, "--field", "GroupId", "--default", "GroupId=2", "--endpoint", sim.url, "--failed", fix).want(t, 3)
	write(t, fix, strings.Replace(read(t, fix), ",1.2E+15\n", ","+id+"\n", 1))
	axgbind(t, typed(t, got, "")[0]...).want(t, 0)
}
