package batch_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch"
	"axgbind/report"
)

// standsAsWritten fails the test unless what the plan says of its rows without
// reading the input is what the results say.
func standsAsWritten(t testing.TB, plan *batch.Plan) {
	t.Helper()
	var known, written []string
	counts := map[report.Status]int{}
	plan.Standing(func(line int, status report.Status, code string) {
		counts[status]++
		known = append(known, fmt.Sprintf("line %d %s %s", line, status, code))
	})
	err := plan.Results(report.EN, batch.StopNone, func(r *report.Record) error {
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
