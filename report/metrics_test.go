package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"axgbind/report"
)

var success = time.Date(2026, 11, 22, 17, 42, 10, 250e6, time.UTC)

func metrics(t testing.TB, s *report.Summary, task string, at time.Time) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteMetrics(&b, task, at); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWriteRefusal: a run that found the journal taken says so, and of rows nothing.
func TestWriteRefusal(t *testing.T) {
	s := report.NewSummary()
	s.ExitStatus, s.Finished = 11, time.UnixMilli(1700000000250)
	b := &strings.Builder{}
	if err := s.WriteRefusal(b, `a"b`); err != nil {
		t.Fatal(err)
	}
	want := "# HELP axgbind_refused_exit_status Exit status of the last run that was refused because another one had the journal.\n" +
		"# TYPE axgbind_refused_exit_status gauge\naxgbind_refused_exit_status{task=\"a\\\"b\"} 11\n" +
		"# HELP axgbind_refused_timestamp_seconds When a run was last refused because another one had the journal.\n" +
		"# TYPE axgbind_refused_timestamp_seconds gauge\naxgbind_refused_timestamp_seconds{task=\"a\\\"b\"} 1700000000.25\n"
	if b.String() != want {
		t.Errorf("%s", b)
	}
}

func TestMetrics(t *testing.T) {
	s := summary()
	s.ExitStatus = 4
	golden(t, "metrics.prom", []byte(metrics(t, s, `night "1" \ 张`, success)))
}

// TestMetricsSeries: a refused run has the series of any other, none without
// a value.
func TestMetricsSeries(t *testing.T) {
	refused := report.NewSummary()
	refused.ExitStatus = 6
	names := func(text string) (list []string) {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "#") {
				list = append(list, line[:strings.LastIndexByte(line, ' ')])
			}
		}
		return list
	}
	full, empty := names(metrics(t, summary(), "n", success)), names(metrics(t, refused, "n", time.Time{}))
	if len(full) != 17 || strings.Join(full, "\n") != strings.Join(empty, "\n") {
		t.Errorf("series of a run:\n%s\nof a refusal:\n%s", strings.Join(full, "\n"), strings.Join(empty, "\n"))
	}
}

func TestLastSuccess(t *testing.T) {
	for _, at := range []time.Time{{}, success, time.UnixMilli(1), time.UnixMilli(1001), time.UnixMilli(1795369330001)} {
		got := report.ReadLastSuccess(strings.NewReader(metrics(t, summary(), "n } 7", at)))
		if !got.Equal(at) {
			t.Errorf("wrote %v, read %v", at, got)
		}
	}
	for _, text := range []string{
		"", "\x00", "axgbind_last_success_timestamp_seconds{",
		`axgbind_last_success_timestamp_seconds{task="n"} NaN`, `axgbind_last_success_timestamp_seconds{task="n"} -1`,
		`axgbind_last_success_timestamp_seconds{task="n"} +Inf`, `axgbind_last_success_timestamp_seconds{task="n"} soon`,
		"# axgbind_last_success_timestamp_seconds{} 7", strings.Repeat("x", 1<<20),
	} {
		if got := report.ReadLastSuccess(strings.NewReader(text)); !got.IsZero() {
			t.Errorf("%.80q: %v", text, got)
		}
	}
}

func FuzzLastSuccess(f *testing.F) {
	f.Add(metrics(f, summary(), "n", success))
	f.Add("axgbind_last_success_timestamp_seconds{} 1e9\n")
	f.Fuzz(func(t *testing.T, text string) {
		at := report.ReadLastSuccess(strings.NewReader(text))
		if back := report.ReadLastSuccess(strings.NewReader(metrics(t, summary(), "n", at))); !back.Equal(at) {
			t.Errorf("%q says %v, written anew %v", text, at, back)
		}
	})
}
