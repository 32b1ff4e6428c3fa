package batch_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/plan"
	"axgbind/report"
)

// standsAsWritten fails the test unless what the plan says of its rows without
// reading the input is what the results say.
func standsAsWritten(t testing.TB, plan *plan.Plan) {
	t.Helper()
	var known, written []string
	counts := map[report.Status]int{}
	plan.Standing(func(line int, status report.Status, code string) {
		counts[status]++
		known = append(known, fmt.Sprintf("line %d %s %s", line, status, code))
	})
	err := plan.Results(report.EN, books.StopNone, func(r *report.Record) error {
		written = append(written, fmt.Sprintf("line %d %s %s", r.Line, r.Status, r.Code))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written, known); diff != "" {
		t.Errorf("what is known without the input (-written +known):\n%s", diff)
	}
	if diff := cmp.Diff(plan.Counts(), counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// TestVerdictIDsInZeros: a whole SubsId that ends in zeros is not called damaged where
// the others of its column show that no spreadsheet had it.
func TestVerdictIDsInZeros(t *testing.T) {
	for name, c := range map[string]struct {
		others   []string
		warnings int
	}{
		"whole ones":               {[]string{"1218172779491301", "1218172779491302"}, 0},
		"another alike, by chance": {[]string{"1218172779491301", "1218172779491200"}, 0},
		"none that tells":          {[]string{"1218172779491200"}, 2},
		"short ones":               {[]string{"1218172779", "12181727794"}, 1},
		"one that was changed":     {[]string{"1218172779491301", "1.21817E+15"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				var rows []report.Record
				for i, id := range append([]string{"1218172779491300"}, c.others...) {
					rows = append(rows, report.Record{
						Input: []string{fmt.Sprintf("1380013%04d", i), "1", soonEnd, ""}, Line: i + 2, Status: report.Bound, Code: "OK",
						SecretNo: fmt.Sprintf("1710000%04d", i), SubsID: id, Attempts: 1,
					})
				}
				_, _, calls := n.run(t, t.Context(), resultsText(t, nightHead, rows))
				if n.plan.Warnings != c.warnings || calls != 0 {
					t.Errorf("%d warnings, want %d; %d calls", n.plan.Warnings, c.warnings, calls)
				}
			})
		})
	}
}
