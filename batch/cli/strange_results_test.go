package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestStrangeResults: results with bindings that the journal does not know are
// never replaced, by whatever name the journal knows other results.
func TestStrangeResults(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]string{"bound": nil, "unknown": {"--fault", "drop-after=1"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, other := newPlace(t), newPlace(t, faults...)
			p.sim.real()
			other.sim.real()
			another := map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
			beginMemory(t, another["AXGBIND_JOURNAL"])
			p.write("in.csv", input(0, 3))
			out := p.path("in.results.csv")
			p.bind(0, 3, "in.csv")
			mine := read(t, out)
			other.write("in.csv", input(50, 1))
			axgbindWith(t, another, "", other.sim.bind(other.path("in.csv"), "--timeout", "1s")...)
			strange := read(t, other.path("in.results.csv"))
			if !strings.Contains(strange, ",BOUND,") && !strings.Contains(strange, ",UNKNOWN,") {
				t.Fatal(strange)
			}
			write(t, out, strange) // moved there
			if got := p.bind(10, 0, "in.csv"); read(t, out) != strange || !strings.Contains(got.stderr, "in.results.csv") || !strings.Contains(got.stderr, "cure: ") {
				t.Errorf("moved upon its own: %s", got)
			}
			// One journal for jobs of several folders: their results have one name.
			if err := os.Mkdir(p.path("next"), 0o700); err != nil {
				t.Fatal(err)
			}
			p.write("next/in.csv", input(10, 3))
			write(t, p.path("next/in.results.csv"), strange)
			if got := p.bind(10, 0, "next/in.csv"); read(t, p.path("next/in.results.csv")) != strange {
				t.Errorf("of the same name in another folder: %s", got)
			}
			// Its own, as a spreadsheet saves them, are no obstacle.
			write(t, out, strings.ReplaceAll(strings.TrimPrefix(mine, bom), "\n", "\r\n"))
			p.bind(0, 0, "in.csv")
			if read(t, out) != mine {
				t.Error("its own were not written anew")
			}
		})
	}
}

// TestResultsWithColumnsTakenOut: results from which somebody deleted columns are
// results: given as INPUT they send nothing that is bound, with their journal and
// without it; without the columns that tell, they are refused.
func TestResultsWithColumnsTakenOut(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("in.csv", input(0, 3))
	p.bind(0, 3, "in.csv")
	columns := strings.Split("Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt", ",")
	cases := [][]string{columns[:1], columns[2:7], slices.Concat(columns[:1], columns[2:7], columns[8:]), {"Status", "Code"}, {"SubsId"}, slices.Concat(columns[:6], columns[8:])}
	for _, c := range columns {
		cases = append(cases, []string{c})
	}
	for _, gone := range cases {
		for _, journal := range []bool{true, false} {
			dir := newFolder(t)
			file, vars := filepath.Join(dir, "in.results.csv"), map[string]string{}
			write(t, file, without(read(t, p.path("in.results.csv")), gone...))
			if !journal {
				vars["AXGBIND_JOURNAL"] = dir
			}
			got := axgbindWith(t, vars, "", p.sim.bind(file)...)
			telling := !slices.Contains(gone, "Status") && !slices.Contains(gone, "SubsId")
			switch left := len(columns) - len(gone); {
			case len(p.sim.bindings()) != 3:
				t.Fatalf("without %v: bound a second time\n%s", gone, got)
			case telling && got.status != 0:
				t.Errorf("without %v: %s", gone, got)
			case !telling && left >= 6 && (got.status != 6 || !strings.Contains(got.stderr, "results file without its column")):
				t.Errorf("without %v: %s", gone, got)
			}
		}
	}
	// Nor does what looks like rows to correct, and is bound.
	file := filepath.Join(newFolder(t), "cut.csv")
	write(t, file, without(read(t, p.path("in.results.csv")), slices.Concat(columns[3:4], columns[6:])...))
	if got := axgbind(t, p.sim.bind(file)...); got.status != 0 || len(p.sim.bindings()) != 3 {
		t.Errorf("%s", got)
	}
	// What is left of them for others to work with does not go as an input either.
	file = filepath.Join(newFolder(t), "list.csv")
	write(t, file, without(read(t, p.path("in.results.csv")), slices.Concat(columns[:6], columns[8:])...))
	if got := axgbind(t, p.sim.bind(file)...); got.status != 6 || len(p.sim.bindings()) != 3 {
		t.Errorf("%s", got)
	}
}

// TestOutputsOfARunningBatch: no output takes the place of what another batch is
// about to write: its results, before they are there, and what it writes under a
// temporary name.
func TestOutputsOfARunningBatch(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("other.csv", input(50, 2))
	p.bind(0, 2, "other.csv")
	p.write("in.csv", lastBad(0, 2))
	if err := os.Remove(p.path("other.results.csv")); err != nil {
		t.Fatal(err)
	}
	temporary := ".other.results.csv.axgbind-0123456789abcdef0123456789abcdef.tmp"
	for _, o := range outputFlags {
		for _, name := range []string{"other.results.csv", temporary} {
			if o.flag == "--journal" || o.flag == "-o" && name != temporary {
				continue
			}
			path := p.path(name)
			write(t, p.path(temporary), "")
			if ending := filepath.Ext(o.name); ending != ".csv" || name == temporary { // by a name that the flag takes
				link := p.path("link" + ending)
				os.Remove(link)
				if err := os.Symlink(name, link); err != nil {
					t.Skip(err)
				}
				path = link
			}
			got := axgbind(t, p.sim.bind(p.path("in.csv"), o.flag, path)...)
			left, _ := os.ReadFile(p.path(name))
			if got.status != 10 || len(left) > 0 || len(p.sim.bindings()) != 2 {
				t.Errorf("%s %s: %s\n%s", o.flag, name, got, left)
			}
		}
	}
}

// without is a CSV without quotation marks less some of its columns.
func without(text string, gone ...string) string {
	var b strings.Builder
	var header []string
	for line := range strings.Lines(strings.TrimPrefix(text, bom)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		if header == nil {
			header = cells
		}
		var left []string
		for i, c := range cells {
			if !slices.Contains(gone, header[i]) {
				left = append(left, c)
			}
		}
		b.WriteString(strings.Join(left, ",") + "\n")
	}
	return b.String()
}
