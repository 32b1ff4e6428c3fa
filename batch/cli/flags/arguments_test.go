package flags_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// TestCheckDashes: a flag whose hyphens an editor changed is told with what it is to be;
// a file, a value and a flag are left alone.
func TestCheckDashes(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(filepath.Join(".", "—strict"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  string // separated by |
		shown string // "": nothing is wrong
	}{
		{"check|in.csv|——strict", "— (U+2014)|type it with hyphens: --strict"},
		{"check|in.csv|–strict", "– (U+2013)|--strict"},
		{"check|in.csv|−−pool-key|FC1", "− (U+2212)|--pool-key"},
		{"check|in.csv|——pool—key=FC1", "— (U+2014)|--pool-key"},
		{"check|in.csv|--pool–key|FC1", "– (U+2013)|--pool-key"},
		{"check|in.csv|－－Strict", "－ (U+FF0D)|--strict"},
		{"check|in.csv|‐v", "‐ (U+2010)|-v"},
		{"check|in.csv|-—strict", "— (U+2014)|--strict"},
		{"check|in.csv|\u200b--strict", "U+200B|--strict"},
		{"check|in.csv|--\u2060strict", "U+2060|--strict"},
		{"check|in.csv|—strict", ""}, // is a file
		{"check|in.csv|--pool-key|FC1", ""},
		{"check|in.csv|—", ""},
		{"check|—2027.csv", ""},
		{"check|号码—旧.csv", ""},
		{"check|--default|ExpectCity=—", ""},
		{"check|--|——strict", ""},
	} {
		err := flags.CheckDashes(strings.Split(c.args, "|"))
		f, _ := exit.FaultOf(err)
		switch {
		case c.shown == "" && err != nil:
			t.Errorf("%s: %v", c.args, err)
		case c.shown == "":
		case f == nil || f.Status != exit.Usage:
			t.Errorf("%s: %v", c.args, err)
		default:
			for want := range strings.SplitSeq(c.shown, "|") {
				if got := f.In(report.EN); !strings.Contains(got, want) {
					t.Errorf("%s: %q lacks %q", c.args, got, want)
				}
			}
		}
	}
}
