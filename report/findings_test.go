package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

var someFindings = []report.Finding{
	{Severity: "error", Rule: "phone-not-digits", Row: 1, Line: 2, Column: "A", Header: "A号码", Field: "PhoneNoA", Value: "138****800a", Code: "isv.MOBILE_NUMBER_ILLEGAL", Reason: "character 11 is 'a', not a digit", Action: "write digits only"},
	{Severity: "repaired", Rule: "phone-country-code", Row: 2, Line: 5, Column: "AA", Header: "=B", Field: "PhoneNoB", Value: "+86****8000", Repaired: "138****8000", Reason: "a \"quoted\" <word>\nand a second line", Action: "-"},
	{Severity: "warning", Rule: "near-duplicate", Row: 3, Line: 6},
}

// What is written can be read back, by a spreadsheet and by a program; only
// what a spreadsheet would run as a formula is defused.
func TestFindingWriter(t *testing.T) {
	for _, name := range []string{"a.csv", "A.CSV", "a.jsonl", "a.ndjson", "a.json"} {
		b := &bytes.Buffer{}
		w, ok := report.NewFindingWriter(b, name, "")
		if !ok {
			t.Fatalf("%s: not known", name)
		}
		for i := range someFindings {
			if err := w.Write(&someFindings[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(strings.ToLower(name), "a.csv") {
			text, ok := strings.CutPrefix(b.String(), report.BOM)
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil || !ok || len(rows) != 4 || !cmp.Equal(rows[0], report.FindingColumns()) {
				t.Fatalf("%s: %v, %q", name, err, b)
			}
			f := someFindings[1]
			want := []string{"repaired", f.Rule, "2", "5", "AA", "'=B", "PhoneNoB", "'+86****8000", "138****8000", "", report.Plain(f.Reason), "'-"}
			if diff := cmp.Diff(want, rows[2]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			continue
		}
		if n := strings.Count(b.String(), "\n"); n != len(someFindings) {
			t.Errorf("%s: %d lines, want one a finding", name, n)
		}
		var got []report.Finding
		for d := json.NewDecoder(b); ; {
			var f report.Finding
			if err := d.Decode(&f); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			got = append(got, f)
		}
		if diff := cmp.Diff(someFindings, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, name := range []string{"", "a", "a.txt", "csv", "a.csv.gz", "/dev/stdout"} {
		if _, ok := report.NewFindingWriter(io.Discard, name, ""); ok {
			t.Errorf("%q: written in a form that nobody asked for", name)
		}
	}
	b := &bytes.Buffer{}
	w, _ := report.NewFindingWriter(b, "none.csv", "")
	if err := w.Flush(); err != nil || !strings.HasPrefix(b.String(), report.BOM+"Severity,Rule,") {
		t.Errorf("without findings: %v, %q", err, b)
	}
}

func TestFindingWriterFull(t *testing.T) {
	for _, name := range []string{"a.csv", "a.jsonl"} {
		w, _ := report.NewFindingWriter(&full{10}, name, "")
		err := w.Write(&someFindings[0])
		if ferr := w.Flush(); err == nil {
			err = ferr
		}
		if err == nil {
			t.Errorf("%s: a full disk goes unnoticed", name)
		}
	}
}

func TestWriteFindings(t *testing.T) {
	groups := []report.FindingGroup{
		{Severity: report.Repaired, Rule: "cell-spaces", Problem: "column A (A) has blanks", Rows: 1000, Lines: []int{2, 3, 4}, Reason: "spaces", Action: "nothing"},
		{Severity: report.Error, Rule: "duplicate", Problem: "the row is there twice", Rows: 1, Lines: []int{9}, Reason: "equal", Action: "delete"},
		{Severity: report.Warning, Rule: "near-duplicate", Problem: "the row is near another", Rows: 2, Lines: []int{9, 10}, Reason: "near", Action: "look"},
		{Severity: report.Error, Rule: "phone-shape", Problem: "column A (A) is odd", Rows: 2, Lines: []int{5, 6}, Reason: "odd", Action: "mend"},
	}
	report.SortFindings(groups)
	for lang, want := range map[report.Lang]string{
		report.EN: `error: column A (A) is odd, 2 rows (lines 5, 6) [phone-shape]
  line 5: odd
  cure: mend
error: the row is there twice, 1 row (line 9) [duplicate]
  line 9: equal
  cure: delete
warning: the row is near another, 2 rows (lines 9, 10) [near-duplicate]
  line 9: near
  cure: look
repaired: column A (A) has blanks, 1000 rows (lines 2, 3, 4 and 997 more) [cell-spaces]
  line 2: spaces
  cure: nothing
`,
		report.ZH: `错误：column A (A) is odd，2 行（第 5、6 行）［phone-shape］
  第 5 行：odd
  办法：mend
错误：the row is there twice，1 行（第 9 行）［duplicate］
  第 9 行：equal
  办法：delete
警告：the row is near another，2 行（第 9、10 行）［near-duplicate］
  第 9 行：near
  办法：look
已修正：column A (A) has blanks，1000 行（第 2、3、4 行，另有 997 行）［cell-spaces］
  第 2 行：spaces
  办法：nothing
`} {
		b := &strings.Builder{}
		if err := report.WriteFindings(b, lang, groups, report.TerminalSize{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", lang, diff)
		}
	}
	for i := range 30 {
		groups = append(groups, report.FindingGroup{Rule: fmt.Sprint("rule-", i), Rows: 1, Lines: []int{1}})
	}
	b := &strings.Builder{}
	if err := report.WriteFindings(b, report.EN, groups, report.TerminalSize{}); err != nil || strings.Count(b.String(), "\n") != 61 || !strings.Contains(b.String(), "\n… kinds of findings not shown: 14; --findings FILE lists all\n") {
		t.Errorf("%v\n%s", err, b)
	}
}

// TestFindingsOnScreen: what is said of them leaves room for a summary, however many
// lines they take where lines are wrapped; the first is always told.
func TestFindingsOnScreen(t *testing.T) {
	var groups []report.FindingGroup
	for i := range 30 {
		groups = append(groups, report.FindingGroup{Rule: fmt.Sprint("rule-", i), Rows: 1, Lines: []int{1}, Reason: strings.Repeat("x", 90), Action: "杭州"})
	}
	for on, want := range map[report.TerminalSize]int{{}: 20, {200, 24}: 3, {80, 24}: 2, {80, 10}: 1, {40, 24}: 1, {80, 50}: 8, {80, 200}: 20} {
		b := &strings.Builder{}
		if err := report.WriteFindings(b, report.EN, groups, on); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "cure: "); got != want || !strings.Contains(b.String(), fmt.Sprintf("kinds of findings not shown: %d; --findings FILE", 30-want)) {
			t.Errorf("%+v: %d told, want %d:\n%s", on, got, want, b)
		}
	}
}
