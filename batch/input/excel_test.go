package input_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

// awkward are own cells that a spreadsheet would change.
var awkward = []string{
	"", "0012", "=1+1", `="13800138000"`, "+86 138", "-", "@x", "'quoted", "1E5", "3-4", "true", "Mar 3", "two\nlines", "=a\nb", "tab\there",
	`say "hi"`, "备注, 一", "99999999999999999999",
}

// TestExcelRoundTrip: a results file and a file of rows to correct, written for
// Excel, are the same input as those written plainly: identities, own columns,
// headers and verdicts. So is what Excel makes of them when it saves them.
func TestExcelRoundTrip(t *testing.T) {
	header := []string{"A号码", "GroupId", "过期时间", "2026年备注", "=公式列"}
	var records []report.Record
	for i, note := range awkward {
		records = append(records, report.Record{
			Input: []string{fmt.Sprintf("138%08d", i), "2000000000001", "2099-01-31 23:59:59", note, awkward[len(awkward)-1-i]},
			Line:  i + 2, Status: report.Bound, Code: "OK", Message: "=OK", SecretNo: "17100000000", SubsID: "1000000763890000",
			RequestID: "1E5F0000-0001", Attempts: 1, LatencyMs: 81, FinishedAt: time.Date(2026, 11, 23, 16, 4, 5, 0, time.UTC),
		})
	}
	for _, kind := range []struct {
		name   string
		writer func(*bytes.Buffer) *report.Writer
	}{
		{"results", func(b *bytes.Buffer) *report.Writer { return report.NewWriter(b, header, false) }},
		{"prefixed", func(b *bytes.Buffer) *report.Writer { return report.NewWriter(b, header, true) }},
		{"failed", func(b *bytes.Buffer) *report.Writer { return report.NewFailedWriter(b, header, report.EN) }},
		{"failed zh", func(b *bytes.Buffer) *report.Writer { return report.NewFailedWriter(b, header, report.ZH) }},
	} {
		written := func(excel bool) string {
			var b bytes.Buffer
			w := kind.writer(&b)
			w.Excel = excel
			for _, r := range records {
				if err := w.Write(&r); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		plain, excel := written(false), written(true)
		saved := strings.ReplaceAll(plain, "\n", "\r\n") // formulas give way to their values
		want := contents(t, plain)
		for name, text := range map[string]string{"as written": excel, "saved by Excel": saved} {
			if diff := cmp.Diff(want, contents(t, text)); diff != "" {
				t.Errorf("%s, %s (-plain +excel)\n%s", kind.name, name, diff)
			}
		}
	}
}

// contents is all of an input that decides what becomes of it.
func contents(t *testing.T, text string) []string {
	t.Helper()
	in := openText(t, text, input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC1"}})
	list := []string{fmt.Sprintf("%q carries %v", in.Header(), in.IsResults())}
	for _, row := range readAll(t, in) {
		id := input.Identify(&row.Fields)
		list = append(list, fmt.Sprintf("%x %q %+v", id, row.Record, row.Verdict))
	}
	return list
}

// TestExcelForeign: a file of somebody else with cells like ours is passed
// through untouched: it has no mark.
func TestExcelForeign(t *testing.T) {
	in := openText(t, "PhoneNoA,GroupId,Expiration,Note\n13800138000,1,2099-01-31 23:59:59,\"=\"\"007\"\"\"\n", input.Options{})
	if got := readAll(t, in)[0].Record[3]; got != `="007"` {
		t.Errorf("the own column reads %q", got)
	}
}

// TestExcelAnyCells: rows of any cells come back as they were.
func TestExcelAnyCells(t *testing.T) {
	cell := rapid.StringOf(rapid.RuneFrom([]rune("a1=+-@\"'&,;\t\n 中０’:CHAR()")))
	rapid.Check(t, func(rt *rapid.T) {
		note := cell.Draw(rt, "note")
		var b bytes.Buffer
		w := report.NewFailedWriter(&b, []string{"A", "G组", "过期时间", "备注"}, report.ZH)
		w.Excel = true
		r := report.Record{Input: []string{"13800138000", "1", "2099-01-31 23:59:59", note}, Line: 2, Status: report.Failed}
		if err := w.Write(&r); err != nil {
			rt.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			rt.Fatal(err)
		}
		rows := readAll(t, openText(t, b.String(), input.Options{}))
		if diff := cmp.Diff([]string{"13800138000", "1", "2099-01-31 23:59:59", note}, rows[0].Record); diff != "" {
			rt.Error(diff)
		}
	})
}
