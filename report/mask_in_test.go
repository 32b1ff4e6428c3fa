package report_test

import (
	"testing"

	"axgbind/report"
)

// TestMaskInWords: of a value that is too short to show any of it, a table says how long
// it is.
func TestMaskInWords(t *testing.T) {
	for _, c := range []struct{ value, en, zh string }{
		{"", "", ""},
		{"-", "1 character", "1 位"},
		{"1380", "4 digits", "4 位"},
		{"１３８０", "4 digits", "4 位"},
		{"138x", "4 characters", "4 位"},
		{"12345678", "8 digits", "8 位"},
		{"123456789", "123****6789", "123****6789"},
	} {
		if en, zh := report.MaskIn(report.EN, c.value), report.MaskIn(report.ZH, c.value); en != c.en || zh != c.zh {
			t.Errorf("%s: %q, %q, want %q, %q", c.value, en, zh, c.en, c.zh)
		}
	}
}
