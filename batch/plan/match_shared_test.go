package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

// findingLines makes a plan of rows under a header with pool and X and returns
// "line rule earlier-line" for each finding.
func findingLines(t *testing.T, opt plan.Options, rows ...string) (list []string, made *plan.Plan) {
	t.Helper()
	in := bookstest.Input(t, "号池,A号码,G组ID,X号码,过期时间,城市\n"+strings.Join(rows, "\n")+"\n", input.Options{})
	opt.Now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	opt.Finding = func(_, line int, f *input.Fault) {
		earlier := 0
		if _, after, ok := strings.Cut(f.Reason(report.EN), "row at line "); ok {
			fmt.Sscan(after, &earlier)
		}
		list = append(list, fmt.Sprintln(line, f.Rule, earlier))
	}
	made, err := plan.New(in, nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list, made
}

func TestRowsBesideOthers(t *testing.T) {
	const end = ",2027-01-31 23:59:59,"
	for _, test := range []struct {
		name string
		opt  plan.Options
		rows []string
		want []string
	}{
		{"pool, A and group", plan.Options{}, []string{
			"P1,13800138000,1," + end, "P2,13800138000,1," + end, "P1,13800138000,2," + end, "P1,13800138001,1," + end,
			"P1,13800138000,1," + end + "北京", "P1,138-0013-8000,01," + end + "上海",
		}, []string{"6 same-place 2", "7 phone-separators 0", "7 number-zeros 0", "7 same-place 2"}},
		{"a second binding at a place, allowed", plan.Options{AllowDuplicates: true}, []string{"P1,13800138000,1," + end, "P1,13800138000,1," + end + "北京"},
			[]string{"3 near-duplicate 2"}},
		{"texts do not run into each other", plan.Options{}, []string{"P1,13800138000,1," + end, "P,13800138000,11," + end, "P11,13800138000,1," + end}, nil},
		{"an equal row is a duplicate and nothing else", plan.Options{}, []string{"P1,13800138000,1,17000000001" + end, "P1,13800138000,1,17000000001" + end},
			[]string{"3 duplicate 2"}},
		{"allowed duplicates still cannot share an X", plan.Options{AllowDuplicates: true}, []string{"P1,13800138000,1,17000000001" + end, "P1,13800138000,1,17000000001" + end},
			[]string{"3 x-pinned-twice 2"}},
		{"an invalid row takes nothing", plan.Options{}, []string{"P1,13800138000,1,17000000001,2020-01-31 23:59:59,", "P1,13800138000,1,17000000001" + end},
			[]string{"2 expiration-past 0"}},
		{"X of two pools", plan.Options{}, []string{"P1,13800138000,1,17000000001" + end, "P2,13800138001,1,17000000001" + end, "P1,13800138002,1,170 0000 0001" + end},
			[]string{"4 phone-separators 0", "4 x-pinned-twice 2"}},
		{"no X is not shared", plan.Options{}, []string{"P1,13800138000,1," + end, "P1,13800138001,1," + end}, nil},
		{"turns are counted by rows that are sent", plan.Options{Rate: 1.0 / 60}, []string{
			"P1,x,1," + end, "P1,13800138000,1,,2026-11-24 18:01:01,", "P1,13800138001,1,,2026-11-24 18:02:00,", "P1,13800138002,1,,2026-11-24 18:03:01,",
		}, []string{"2 phone-not-digits 0", "4 expiration-too-soon 0"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, plan := findingLines(t, test.opt, test.rows...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			invalid := 0
			for _, f := range got {
				switch strings.Fields(f)[1] {
				case "duplicate", "same-place", "expiration-past", "phone-not-digits":
					invalid++
				}
			}
			if n := plan.Counts()[report.Invalid]; n != invalid || plan.ToSend != plan.Rows-invalid {
				t.Errorf("%d invalid, %d to send of %d; a warning holds nothing back", n, plan.ToSend, plan.Rows)
			}
		})
	}
}

// Every row of a long file has something in common with another: each is told
// its first relative, and memory is that of the rows.
func TestManyRelatives(t *testing.T) {
	const n = 20000
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("P1,138%08d,1,170%08d,2027-01-31 23:59:59,", i%7000, i%9000))
	}
	got, plan := findingLines(t, plan.Options{AllowDuplicates: true}, rows...)
	near, pinned := 0, 0
	for _, f := range got {
		var line, earlier int
		var rule string
		fmt.Sscan(f, &line, &rule, &earlier)
		i := line - 2
		switch {
		case rule == "near-duplicate" && earlier == i%7000+2:
			near++
		case rule == "x-pinned-twice" && earlier == i%9000+2:
			pinned++
		default:
			t.Fatalf("finding %q", f)
		}
	}
	if near != n-7000 || pinned != n-9000 || plan.Warnings != n-7000 {
		t.Errorf("%d near, %d pinned, %d rows with warnings", near, pinned, plan.Warnings)
	}
}
