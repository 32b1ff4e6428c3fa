package ending_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/plan"
	"axgbind/report"
)

// nextOf is what a person is told to do after the bind of the input at path, with flags,
// that ended as the summary says.
func nextOf(s *report.Summary, lang report.Lang, path string, given ...string) (report.Advice, error) {
	c, v := &cobra.Command{Use: "bind"}, flags.New()
	flags.Add(c, flags.Bind, v, lang)
	if err := c.ParseFlags(given); err != nil {
		return report.Advice{}, err
	}
	next := ending.Next{
		Commands: ending.Commands{Verb: "bind", Given: c.Flags(), Input: path, Results: s.Results},
		Lang:     lang, Flags: v, Plan: &plan.Plan{},
	}
	return next.After(s), nil
}

// A row was refused: it is corrected and bound, with the flags that were typed but those
// of the run before.
func ExampleNext() {
	s := report.NewSummary()
	s.Rows, s.Failed = 1, "fix.csv"
	s.Add(&report.Record{Line: 2, Status: report.Failed, Code: "isv.NO_NOT_EXIST"}, func(report.Status, string) (meaning, who string) { return "", "" })
	s.ExitStatus = exit.Status(s, books.StopNone, false)
	next, err := nextOf(s, report.EN, "july.csv", "--failed", "fix.csv", "--limit", "100", "--rate", "50")
	fmt.Println(strings.Join(next.Lines(report.EN), "\n"), err)
	// Output:
	// next: correct the rows in fix.csv and run:
	//   axgbind bind --rate 50 fix.csv <nil>
}

// TestNextOfRows: a person is sent to cells to correct only where there are
// some, and to the bindings that hold rows back where those are; the journal is
// named only if it was.
func TestNextOfRows(t *testing.T) {
	type rows = map[report.Status]int
	const explain = "axgbind explain client.StillBound"
	const decide = "decide about the bindings that hold the rows back; what the code means: " + explain + "; to use them for these rows, without a call: "
	for _, c := range []struct {
		name  string
		rows  rows
		gone  int
		fix   string // the file of rows to correct, which may be empty
		flags []string
		want  string
	}{
		{"to correct", rows{report.Failed: 1}, 0, "fix.csv", []string{"--failed", "fix.csv", "--rate", "50", "-o", "out.csv"},
			"correct the rows in fix.csv and run: axgbind bind --rate 50 fix.csv"},
		{"to correct, with a journal", rows{report.Invalid: 1}, 0, "fix.csv", []string{"--failed", "fix.csv", "--journal", "night/axgbind.journal"},
			"correct the rows in fix.csv and run: axgbind bind --journal night/axgbind.journal fix.csv"},
		{"without a file", rows{report.Failed: 1}, 0, "", []string{"--when-bound", "renew"},
			"see column Action in july.results.csv; correct the rows and run: axgbind bind --when-bound renew july.csv"},
		{"both", rows{report.Failed: 1, report.Held: 1}, 0, "fix.csv", []string{"--failed", "fix.csv"},
			"correct the rows in fix.csv and run: axgbind bind fix.csv; decide about the HELD rows; what their code means: " + explain},
		{"held", rows{report.Bound: 1, report.Held: 2}, 0, "", []string{"--pool-key", "FC100000000000001"},
			decide + "axgbind bind --pool-key FC100000000000001 --when-bound skip july.csv; to change them to these rows: axgbind bind --pool-key FC100000000000001 --when-bound renew july.csv"},
		{"held, and an empty file", rows{report.Held: 2}, 0, "fix.csv", []string{"--failed", "fix.csv", "--when-bound", "refuse", "--journal", "j"},
			decide + "axgbind bind --failed fix.csv --journal j --when-bound skip july.csv; to change them to these rows: axgbind bind --failed fix.csv --journal j --when-bound renew july.csv"},
		{"held, though decided", rows{report.Held: 2}, 0, "fix.csv", []string{"--failed", "fix.csv", "--when-bound", "skip"},
			"column Action in july.results.csv says what to do about the HELD rows; what their code means: " + explain},
		{"gone", rows{report.Bound: 1}, 2, "", []string{"--rate", "50", "--timeout", "9s"},
			"put the rows that left back into the input and run this again; then find out what became of them: axgbind reconcile july.results.csv --timeout 9s"},
		{"gone, with a journal", rows{report.Bound: 1, report.Held: 1}, 2, "", []string{"--journal", "j"},
			"put the rows that left back into the input and run this again; then find out what became of them: axgbind reconcile july.results.csv --journal j"},
	} {
		s := stands("bind", c.gone, c.rows)
		s.Failed = c.fix
		s.ExitStatus = exit.Status(s, books.StopNone, false)
		got, err := nextOf(s, report.EN, "july.csv", c.flags...)
		if err != nil || got.Text != c.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", c.name, err, got.Text, c.want)
		}
		zh, _ := nextOf(s, report.ZH, "july.csv", c.flags...)
		for _, word := range []string{"axgbind bind", "axgbind reconcile", explain} {
			if strings.Contains(zh.Text, word) != strings.Contains(c.want, word) {
				t.Errorf("%s: %s", c.name, zh.Text)
			}
		}
	}
}

// TestNextHeldOther: what another batch holds is decided by no flag of bind.
func TestNextHeldOther(t *testing.T) {
	s := report.NewSummary()
	s.Command, s.Rows, s.Results = "bind", 1, "july.results.csv"
	s.Add(&report.Record{Line: 2, Status: report.Held, Code: "client.OtherBatch"}, func(report.Status, string) (string, string) { return "", "" })
	s.ExitStatus = exit.Status(s, books.StopNone, false)
	if got, err := nextOf(s, report.EN, "july.csv"); err != nil || got.Text != "--when-bound does not help the HELD rows: column Action in july.results.csv says what does; what their code means: axgbind explain client.OtherBatch" {
		t.Error(got, err)
	}
}

// stands is the summary of a run of a command whose rows stand so; gone of them
// left the input while they were UNKNOWN.
func stands(command string, gone int, counts map[report.Status]int) *report.Summary {
	s := report.NewSummary()
	s.Command, s.GoneUnknown, s.Results = command, gone, "july.results.csv"
	codes := map[report.Status]string{report.Failed: "isv.NO_NOT_EXIST", report.Invalid: "client.Duplicate", report.Held: "client.StillBound", report.Unknown: "client.Timeout"}
	for _, status := range report.Statuses {
		for range counts[status] {
			s.Rows++
			s.Add(&report.Record{Line: s.Rows + 1, Status: status, Code: codes[status]}, func(report.Status, string) (string, string) { return "", "" })
		}
	}
	s.Sort()
	return s
}
