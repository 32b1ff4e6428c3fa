package cli_test

import (
	"net/http"
	"net/http/httptest"
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
			p.write("in.csv", content(0, 3))
			out := p.path("in.results.csv")
			p.bind(0, 3, "in.csv")
			mine := read(t, out)
			other.write("in.csv", content(50, 1))
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
			p.write("next/in.csv", content(10, 3))
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
// results, by whatever of our names: given as INPUT they send nothing that is bound or
// may be, with their journal and without it; without the columns that tell, they are
// refused.
func TestResultsWithColumnsTakenOut(t *testing.T) {
	t.Parallel()
	columns := strings.Split("Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt", ",")
	cases := [][]string{nil, columns[:1], columns[2:7], slices.Concat(columns[:1], columns[2:7], columns[8:]), {"Status", "Code"}, {"SubsId"}, slices.Concat(columns[:6], columns[8:]),
		slices.Concat(columns[:1], columns[2:]), slices.Concat(columns[:7], columns[8:]), slices.Concat(columns[3:4], columns[6:])}
	for _, c := range columns {
		cases = append(cases, []string{c})
	}
	names := map[string]func(string) string{
		"ours":      func(s string) string { return s },
		"typed":     func(s string) string { return strings.ToLower(s[:2] + " _" + s[2:]) },
		"wide":      func(s string) string { return strings.Map(func(r rune) rune { return r - 'A' + 'Ａ' }, s) },
		"prefixed":  func(s string) string { return "Axg" + s },
		"prefixed2": func(s string) string { return "axg - " + s },
		"mixed": func(s string) string {
			if s == "Status" {
				return s
			}
			return "Axg" + s
		},
	}
	for name, rename := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.answers(func(_ int, action string, w http.ResponseWriter, r *http.Request) bool {
				if action != "BindAxg" || r.URL.Query().Get("PhoneNoA") != phone(2) {
					return false
				}
				d.played.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			})
			d.write("in.csv", content(0, 3))
			wantCounts(t, d.does("bind", "in.csv", "--max-inflight", "1"), "BOUND 2, UNKNOWN 1")
			d.answers(nil)
			for _, gone := range cases {
				for _, journal := range []bool{true, false} {
					dir := newFolder(t)
					file, vars := filepath.Join(dir, "in.results.csv"), map[string]string{}
					rows := tableOf(t, read(t, d.path("in.results.csv"))).without(gone...)
					for i, c := range rows[0] {
						if slices.Contains(columns, c) {
							rows[0][i] = rename(c)
						}
					}
					write(t, file, rows.String())
					if !journal {
						vars["AXGBIND_JOURNAL"] = dir
					}
					got := axgbindWith(t, vars, "", d.bind(file)...)
					telling := !slices.Contains(gone, "Status") && !slices.Contains(gone, "SubsId")
					switch {
					case len(d.bindings()) != 3:
						t.Fatalf("without %v: bound a second time\n%s", gone, got)
					case telling && got.status != 4:
						t.Errorf("without %v: %s", gone, got)
					case !telling && (got.status != 6 || !strings.Contains(got.stderr, "results file without its column")) && !slices.Contains(gone, "LatencyMs"):
						t.Errorf("without %v: %s", gone, got)
					case !telling && got.status != 6 && got.status != 4: // the columns of rows to correct
						t.Errorf("without %v: %s", gone, got)
					}
				}
			}
		})
	}
}

// TestOwnStatusColumn: a column of the input's own that is called like one of ours is no
// reason to refuse it; what stands in it may be.
func TestOwnStatusColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		column, cell string
		status       int
	}{
		{"Status", "active", 0}, {"Status", "pending", 0}, {"Status", "", 0}, {"SubsId", "", 0}, {"SubsId", "A-17", 0}, {"SubsId", "0017", 0},
		{"Status", "BOUND", 6}, {"status", "unknown", 6}, {"AxgStatus", "已绑定", 6}, {"Status", "RELEASED", 6},
		{"SubsId", "1000000000000001", 6}, {"subs_id", "1E+15", 6}, {"AxgSubsId", "'1000000000000001", 6},
	} {
		p := newPlace(t)
		rows := content(0, 3)
		for i := range rows {
			rows[i] = append(rows[i], []string{c.column, "", c.cell, ""}[i])
		}
		p.write("in.csv", rows)
		calls := int64(3)
		if c.status != 0 {
			calls = 0
		}
		p.bind(c.status, calls, "in.csv")
	}
}

// TestOutputsOfARunningBatch: no output takes the place of what another batch is
// about to write: its results, before they are there, and what it writes under a
// temporary name.
func TestOutputsOfARunningBatch(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("other.csv", content(50, 2))
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

// without is a table less some of its columns.
func (rows table) without(gone ...string) (left table) {
	for _, r := range rows {
		var cells []string
		for i, c := range r {
			if !slices.Contains(gone, rows[0][i]) {
				cells = append(cells, c)
			}
		}
		left = append(left, cells)
	}
	return left
}
