package batch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

// findingLines makes a plan of rows under a header with pool and X and returns
// "line rule earlier-line" for each finding.
func findingLines(t *testing.T, opt plan.Options, rows ...string) (list []string, made *plan.Plan) {
	t.Helper()
	in := openInput(t, "号池,A号码,G组ID,X号码,过期时间,城市\n"+strings.Join(rows, "\n")+"\n", input.Options{})
	opt.Now = checkedAt
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

// A row that was sent in its repaired form is the same row in the next run,
// however the cell is written then, and however late it is.
func TestRepairedRowResumes(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		const header = "A号码,G组ID,过期时间\n"
		r.run(header+"13800138000,2000000000001.0,2001/1/31 23:59\n", job{})
		time.Sleep(24 * time.Hour)
		for _, row := range []string{
			"138-0013-8000,2000000000001.0,2001/1/31 23:59\n",
			"13800138000,2000000000001,2001-01-31 23:59:00\n",
			"+86 13800138000,\"2,000,000,000,001\",2001-01-31T15:59:00Z\n",
		} {
			if m := r.match(header+row, plan.Options{}); m.plan.ToSend != 0 || m.plan.Settled != 1 || !strings.HasPrefix(m.rows[0], "BOUND OK ") {
				t.Errorf("%s: %v", row, m.rows)
			}
		}
	})
}

func TestFindings(t *testing.T) {
	var tally input.Findings
	text := "A号码,G组ID,过期时间,号池\n"
	for i := range 30 {
		text += fmt.Sprintf("%s,1,2027-01-31 23:59:59,FC1\n", []string{"x", "1380013800", "13800138000 "}[i%3])
	}
	text += `13800138000,1,2027-01-31 23:59:59,"F C"` + "\n"
	_, all := planFindings(t, openInput(t, text, input.Options{}), false)
	for i := range all {
		tally.Add(all[i].row, all[i].line, &all[i].fault)
	}
	var got []string
	for _, g := range tally.Groups(report.EN) {
		got = append(got, fmt.Sprint(g.Severity, " ", g.Rule, " ", g.Place, " ", g.Rows, " ", g.Lines))
	}
	want := []string{
		"error phone-not-digits column A (A号码) 10 [2 5 8 11 14]", "error mobile-length column A (A号码) 10 [3 6 9 12 15]",
		"error duplicate  9 [7 10 13 16 19]", "error pool-key column D (号池) 1 [32]", "repaired cell-spaces column A (A号码) 10 [4 7 10 13 16]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}
