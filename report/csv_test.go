package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/report"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it\n%s", name, diff)
	}
}

func records() []report.Record {
	at := time.Date(2026, 11, 23, 16, 4, 5, 0, time.UTC)
	return []report.Record{
		{Input: []string{"13800138000", "备注, 一"}, Line: 2, Status: report.Bound, Code: "OK", Message: "OK", SecretNo: "17100000000",
			SubsID: "1000000763890000", RequestID: "F655A8D5", Attempts: 1, LatencyMs: 81, FinishedAt: at},
		{Input: []string{"13800138001", "two\nlines"}, Line: 3, Status: report.Failed, Code: "isv.BIND_CONFLICT", Message: "=1+1",
			Reason: "-taken", Action: "@look", RequestID: "F655A8D6", Attempts: 2, FinishedAt: at},
		{Input: []string{"1380013800x", `"quoted"`}, Line: 5, Status: report.Invalid, Code: "isv.MOBILE_NUMBER_ILLEGAL", Reason: "letter", Action: "digits"},
		{Input: []string{"13800138003", "=SUM(A1)"}, Line: 6, Status: report.Unknown, Code: "client.Timeout", Attempts: 1, LatencyMs: 10000, FinishedAt: at},
		{Input: []string{"13800138004", ""}, Line: 7, Status: report.Pending},
		{Input: []string{"13800138005", ""}, Line: 8, Status: report.Held, Code: "client.StillBound", Reason: "line 2 of an earlier batch", Action: "decide"},
		{Input: []string{"13800138006", ""}, Line: 9, Status: report.Bound, Code: "client.AlreadyBound", SecretNo: "17100000001", SubsID: "1000000763890001"},
	}
}

func TestWriter(t *testing.T) {
	for _, c := range []struct {
		golden string
		writer func(*bytes.Buffer) *report.Writer
	}{
		{"results.csv", func(b *bytes.Buffer) *report.Writer { return report.NewWriter(b, []string{"A号码", "备注"}, false) }},
		{"prefixed.csv", func(b *bytes.Buffer) *report.Writer { return report.NewWriter(b, []string{"PhoneNoA", "Status"}, true) }},
		{"failed.csv", func(b *bytes.Buffer) *report.Writer {
			return report.NewFailedWriter(b, []string{"A号码", "备注"}, report.EN)
		}},
		{"failed.zh.csv", func(b *bytes.Buffer) *report.Writer {
			return report.NewFailedWriter(b, []string{"A号码", "备注"}, report.ZH)
		}},
	} {
		t.Run(c.golden, func(t *testing.T) {
			var b bytes.Buffer
			w := c.writer(&b)
			for _, r := range records() {
				if err := w.Write(&r); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			golden(t, c.golden, b.Bytes())
			text, ok := strings.CutPrefix(b.String(), report.BOM)
			if !ok {
				t.Error("no byte order mark: Excel would show Chinese wrong")
			}
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range records() {
				if diff := cmp.Diff(r.Input, rows[i+1][:len(r.Input)]); diff != "" {
					t.Errorf("row %d: the input's cells changed: %s", i, diff)
				}
			}
		})
	}
}

func TestWriterWithoutRows(t *testing.T) {
	var b bytes.Buffer
	if err := report.NewWriter(&b, []string{"A"}, false).Flush(); err != nil {
		t.Fatal(err)
	}
	want := report.BOM + "A," + strings.Join(report.ResultColumns(false), ",") + "\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// full is a disk with room for n bytes.
type full struct{ n int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriterFullDisk(t *testing.T) {
	const size = 500 // less than the whole file
	for room := 0; room < size; room += 50 {
		w := report.NewWriter(&full{room}, []string{"A号码", "备注"}, false)
		var err error
		for _, r := range records() {
			if err = w.Write(&r); err != nil {
				break
			}
		}
		if err == nil {
			err = w.Flush()
		}
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: error %v, want %v", room, err, errFull)
		}
	}
}

func BenchmarkWriter(b *testing.B) {
	r := records()[0]
	var out bytes.Buffer
	w := report.NewWriter(&out, []string{"A号码", "备注"}, false)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(&r); err != nil {
			b.Fatal(err)
		}
		if out.Len() > 1<<20 {
			out.Reset()
		}
	}
}

// TestMessageIsHarmless: what the service says runs nowhere as a formula, whatever
// stands before its sign, and is no longer than a cell may be.
func TestMessageIsHarmless(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"=1+1": "'=1+1", "  @SUM(1)": "'  @SUM(1)", "\u3000-1": "' -1", "＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠A1": "'＠A1",
		"\t=1": `\t=1`, "a=1": "a=1", "": "", "  ": "  ", strings.Repeat("值", 5000): strings.Repeat("值", 2000) + "…",
	} {
		var b strings.Builder
		w := report.NewWriter(&b, []string{"A"}, false)
		if err := errors.Join(w.Write(&report.Record{Input: []string{"1"}, Message: message}), w.Flush()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || rows[1][4] != want {
			t.Errorf("%q: %q, want %q, %v", message, rows[1][4], want, err)
		}
	}
}
