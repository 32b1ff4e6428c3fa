package input_test

import (
	"fmt"
	"testing"

	"axgbind/batch/input"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

func TestFindings(t *testing.T) {
	var tally input.Findings
	text := "A号码,G组ID,过期时间,号池\n"
	for i := range 30 {
		text += fmt.Sprintf("%s,1,2027-01-31 23:59:59,FC1\n", []string{"x", "1380013800", "13800138000 "}[i%3])
	}
	text += `13800138000,1,2027-01-31 23:59:59,"F C"` + "\n"
	_, all := planFindings(t, openText(t, text, input.Options{}), false)
	for i := range all {
		tally.Add(all[i].row, all[i].line, &all[i].fault)
	}
	var got []string
	for _, g := range tally.Groups(report.EN) {
		got = append(got, fmt.Sprint(g.Severity, " ", g.Rule, " ", g.Problem, " ", g.Rows, " ", g.Lines))
	}
	want := []string{
		"error phone-not-digits column A (A号码) has characters that are not digits 10 [2 5 8 11 14]", "error mobile-length column A (A号码) does not have 11 digits 10 [3 6 9 12 15]",
		"error duplicate the row equals an earlier row 9 [7 10 13 16 19]", "error pool-key column D (号池) has characters that are neither letters nor digits 1 [32]", "repaired cell-spaces column A (A号码) has blanks around the value 10 [4 7 10 13 16]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}
