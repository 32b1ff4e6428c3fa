package output_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"axgbind/batch/cli/output"
	"axgbind/report"
	"axgbind/report/page"
)

// Metrics take the place of metrics, and of nothing else.
func ExampleFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	metrics := output.File{Flag: "--metrics", Path: filepath.Join(dir, "axgbind.prom"), Kind: output.Metrics, Mode: 0o644}
	text := func(w io.Writer) error {
		_, err := io.WriteString(w, "# HELP axgbind_rows Rows.\n")
		return err
	}
	for range 2 {
		_, err := metrics.Write(text)
		fmt.Println(err)
	}
	letter := output.File{Flag: "--metrics", Path: filepath.Join(dir, "letter.txt"), Kind: output.Metrics, Mode: 0o644}
	if err := os.WriteFile(letter.Path, []byte("Dear all,\n"), 0o600); err != nil {
		panic(err)
	}
	fmt.Println(letter.Allowed() != nil)
	// Output:
	// <nil>
	// <nil>
	// true
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func says(err error, phrase report.Text) bool {
	said, ok := errors.AsType[report.Said](err)
	return ok && said.Text == phrase
}

const html = "<!DOCTYPE html>" + page.Mark

func TestKindOf(t *testing.T) {
	for text, want := range map[string]output.Kind{
		"":            output.None,
		"Dear all,\n": output.Foreign,
		"\n{\"version\": 1, \"program\": \"axgbind 1.0\"}":                 output.Summary,
		`{"severity":"error","rule":"phone"}`:                              output.Findings,
		`{"journal":"0123456789abcdef","last": 3, }`:                       output.Lock,
		"time=2026-11-30T00:00:00Z level=INFO msg=started program=axgbind": output.Log,
		`{"time":"2026-11-30","level":"INFO","msg":"call","row":1}`:        output.Log,
		"# HELP axgbind_rows Rows.\n":                                      output.Metrics,
		html:                                                               output.Page,
		string(output.ReserveBlock(1 << 13)):                               output.Reserve,
		"PhoneNoA,GroupId,Expiration\n13800000000,1,2026-12-01 00:00:00\n": output.Input,
	} {
		if have, err := output.KindOf(strings.NewReader(text), int64(len(text))); have != want || err != nil {
			t.Errorf("%.60q: %d, %v, want %d", text, have, err, want)
		}
	}
}

func TestAllowed(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		stands string
		kind   output.Kind
		why    report.Text // zero: it is allowed
	}{
		{"", output.Results, (report.Text{})},
		{html, output.Page, (report.Text{})},
		{html, output.Metrics, report.WhyIsPage},
		{html, output.Summary, report.WhyIsPage},
		{"Dear all,\n", output.Page, report.WhyNoPage},
		{"Dear all,\n", output.Results, report.WhyNoResults},
		{"Dear all,\n", output.Log, report.WhyNoLog},
		{"Dear all,\n", output.Failed, (report.Text{})}, // it goes beside
		{`{"journal":"0123456789abcdef","last": 3, }`, output.Failed, report.WhyIsLock},
		{string(output.ReserveBlock(100)), output.Summary, report.WhyIsReserve},
	} {
		o := output.File{Path: write(t, filepath.Join(dir, "out"), c.stands), Kind: c.kind}
		if why := o.Allowed(); (why == nil) != (c.why == (report.Text{})) || why != nil && !says(why, c.why) {
			t.Errorf("kind %d where %.20q stands: %v", c.kind, c.stands, why)
		}
	}
	for path, why := range map[string]report.Text{dir: report.WhyDirectory, filepath.Join(dir, ".x.axgbind-0123456789abcdef0123456789abcdef.tmp"): report.WhyIsTemporary} {
		if err := (&output.File{Path: path, Kind: output.Failed}).Allowed(); !says(err, why) {
			t.Errorf("%s: %v", path, err)
		}
	}
	none := output.File{Kind: output.Failed}
	if _, err := none.Try(); none.Allowed() != nil || err != nil {
		t.Errorf("no path: %v, %v", none.Allowed(), err)
	}
}

// What was changed since, and what is of another batch, is kept.
func TestKept(t *testing.T) {
	dir := t.TempDir()
	summary := output.File{Path: filepath.Join(dir, "summary.json"), Kind: output.Summary, Mode: 0o600}
	put := func(n int) output.Placed {
		t.Helper()
		s := report.NewSummary()
		s.Program, s.Rows, s.Stamp = "axgbind test", n, summary.Stamp()
		if _, err := summary.Try(); err != nil {
			t.Error(err)
		}
		to, err := summary.Write(s.WriteJSON)
		if err != nil {
			t.Fatal(err)
		}
		return to
	}
	for n := range 2 {
		if to := put(n); to.Path != summary.Path || to.Kept != "" {
			t.Errorf("%+v", to)
		}
	}
	changed := strings.Replace(read(t, summary.Path), `"rows": 1`, `"rows": 7`, 1)
	write(t, summary.Path, changed)
	to := put(2)
	resolved, err := filepath.EvalSymlinks(summary.Path)
	if err != nil {
		t.Fatal(err)
	}
	if to.Path != resolved+".new.json" || to.Kept != resolved || !says(to.Why, report.WhyEdited) || read(t, summary.Path) != changed {
		t.Errorf("%+v", to)
	}
	if to := put(3); to.Path != resolved+".new.json" {
		t.Errorf("beside, what is there is replaced: %+v", to)
	}
}
