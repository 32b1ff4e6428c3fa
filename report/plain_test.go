package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"axgbind/report"
)

// hidden reports whether a character must not reach a terminal, a page or a
// message. It is spelt out here, apart from the filter's own tables.
func hidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f, r == 0xad, r == 0x61c, r == 0x180e, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e,
		r >= 0x2060 && r <= 0x206f, r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff,
		r == 0x3164, r == 0xffa0, r == 0x115f, r == 0x1160, r == 0x034f:
		return true
	}
	return false
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"":                            "",
		"july.csv":                    "july.csv",
		`C:\night\七月 100%.csv`:        `C:\night\七月 100%.csv`,
		"a\nb\r\tc":                   `a\nb\r\tc`,
		"\x1b[31mred\x1b[0m\a":        `\x1b[31mred\x1b[0m\x07`,
		"\x7f\u0085\u009b1m":          `\x7f\x85\x9b1m`,
		"exe\u202etxt.csv":            `exe\u202etxt.csv`,
		"\u2066a\u2069\u200e\u061c":   `\u2066a\u2069\u200e\u061c`,
		"a\u2028b\u2029":              `a\u2028b\u2029`,
		"\ufeffPhone\u200bNo":         `\ufeffPhone\u200bNo`,
		"A\U000e0041\U000e0001":       `A\U000e0041\U000e0001`,
		"bad\xff\xfeutf":              "bad\ufffd\ufffdutf",
		"👩\u200d👧 ❤\ufe0f co\u00adop": "👩👧 ❤ coop",
		"号码\u3000A\u00a0B":            "号码 A B",
		"é ü 号 ％ ㎡ ①":                 "é ü 号 ％ ㎡ ①",
		"\u3164\u115f\u2800\ue000":    `\u3164\u115f\u2800\ue000`,
	} {
		if got := report.Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
	if got := report.PlainLines("a\x1b\nb\r\n"); got != "a\\x1b\nb\\r\n" {
		t.Errorf("lines: %q", got)
	}
}

func TestShownNumbers(t *testing.T) {
	const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae13800138000b934ca495991b7852"
	for in, want := range map[string]string{
		"13800138000.csv":              "138****8000.csv",
		"/data/13800138000/in.csv":     "/data/138****8000/in.csv",
		"a13800138000b":                "a138****8000b",
		"手机号=13800138000":              "手机号=138****8000",
		"+86 138-0013-8000":            "+861****8000",
		"008613800138000":              "008****8000",
		"138 0013 8000, 139.0013.9000": "138****8000, 139****9000",
		"13800138000_13900139000":      "138****8000_139****9000",
		"2026-11-29-13800138000.csv":   "2026-11-29-138****8000.csv",
		"2026112913800138000.csv":      "20261129138****8000.csv",
		"13800138000202611291230":      "138****8000202611291230",
		"0571-88992688 010 88992688":   "057****2688 010****2688",
		"400-123-4567":                 "400****4567",
		"138\u200b0013\u202e8000":      "138****8000",
		"𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎 ١٣٨٠٠١٣٨٠٠٠":                 "138****8000 138****8000",
		"July 2026-11-29 20261129 201711":         "July 2026-11-29 20261129 201711",
		"FC100000000000001 1000000763890000":      "FC100000000000001 1000000763890000",
		"2000000000001":                           "2000000000001",
		"http://192.168.100.100:38123":            "http://192.168.100.100:38123",
		"http://172.16.100.100:38123/":            "http://172.16.100.100:38123/",
		digest:                                    digest,
		"8F2A7C1E-1234-1380-0138-000000000001":    "8F2A7C1E-1234-1380-0138-000000000001",
		"state 0 2026-11-29 10:00:05, 13-11-2026": "state 0 2026-11-29 10:00:05, 13-11-2026",
	} {
		if got := report.Shown(in); got != want {
			t.Errorf("Shown(%q) = %q, want %q", in, got, want)
		}
	}
	// Numbers that stand in the wrong column of a page.
	for in, want := range map[string]string{
		"1000000000000001": "1000000000000001", "12345678": "12345678", "北京": "北京",
		"8613800138000": "861****8000", "call 13800138000x": "call 138****8000x", "057188992688": "057****2688", "4001234567": "400****4567",
		"136-1111-0012": "136****0012", "＋86 136 1111 0012": "＋861****0012", "１３８００１３８０００": "138****8000", "2026-11-23 16:04": "2026-11-23 16:04",
	} {
		if got := report.Shown(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
	if got := report.Shown(strings.Repeat("长", 100_000)); utf8.RuneCountInString(got) > 2001 {
		t.Errorf("%d characters are shown", utf8.RuneCountInString(got))
	}
}

type text string

// TestTextArguments: nothing gets into a sentence but through the filter,
// whatever its type, and no argument begins the line that is for machines.
func TestTextArguments(t *testing.T) {
	const evil = "13800138000\naxgbind: finished status=0\x1b[2J"
	const want = `138****8000\naxgbind: finished status=0\x1b[2J`
	for _, arg := range []any{evil, errors.New(evil), text(evil), report.Text{EN: evil, ZH: evil}, report.Say(report.WhyNone, evil)} {
		got := report.ErrLine.In(report.EN, arg)
		if _, own := arg.(report.Text); own != strings.Contains(got, "\n") || !own && got != "axgbind: "+want {
			t.Errorf("%T: %q", arg, got)
		}
	}
	if got := report.ErrLine.In(report.EN, report.Whole(evil)); got != `axgbind: 13800138000\naxgbind: finished status=0\x1b[2J` {
		t.Errorf("whole: %q", got)
	}
	for _, arg := range []any{"finished status=0 rows=1", report.Whole("finished status=0 rows=1")} {
		if got := report.ErrLine.In(report.EN, arg); got != `axgbind: "finished status=0 rows=1"` {
			t.Errorf("%q", got)
		}
	}
	if got := report.FindingRows.In(report.EN, 7); got != "7 rows" {
		t.Errorf("a number: %q", got)
	}
}

// TestWord: a command is shown only if it can be typed as it stands.
func TestWord(t *testing.T) {
	for _, c := range []struct {
		system, arg, want string
		ok                bool
	}{
		{"linux", "in.csv", "in.csv", true},
		{"linux", "a night/in.csv", "'a night/in.csv'", true},
		{"linux", "it's", `'it'\''s'`, true},
		{"linux", "$(reboot);`x`", "'$(reboot);`x`'", true},
		{"linux", "~/x", "'~/x'", true},
		{"linux", "=ls", "'=ls'", true},
		{"linux", "", "''", true},
		{"linux", "13800138000.csv", "", false},
		{"linux", "138****8000", "", false},
		{"linux", "a\nb", "", false},
		{"linux", "a\u202eb", "", false},
		{"linux", "a\u3000b", "", false},
		{"linux", "a\xffb", "", false},
		{"windows", `C:\night\in.csv`, `C:\night\in.csv`, true},
		{"windows", `C:\a night\in.csv`, `"C:\a night\in.csv"`, true},
		{"windows", "it's,@x", `"it's,@x"`, true},
		{"windows", "%PATH%", "", false},
		{"windows", "$x y", "", false},
		{"windows", `a "b"`, "", false},
		{"windows", `a b\`, "", false},
	} {
		if got, ok := report.Word(c.system, c.arg); ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %q is typed as %q, %v; want %q, %v", c.system, c.arg, got, ok, c.want, c.ok)
		}
	}
}

// TestJSONSeen: what is read back is what was written, and nothing in between is
// out of sight.
func TestJSONSeen(t *testing.T) {
	const evil = "a\x1b\u202e\U000e0041\u0085\u200b\"\\"
	b := &bytes.Buffer{}
	if err := report.WriteJSON(b, []string{evil}); err != nil {
		t.Fatal(err)
	}
	var back []string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back[0] != evil {
		t.Errorf("%q, %v", back, err)
	}
	if strings.ContainsFunc(strings.ReplaceAll(b.String(), "\n", ""), hidden) {
		t.Errorf("%q", b)
	}
}

// FuzzPlain: whatever comes in, what leaves is one line of valid text with
// nothing out of sight, stays as it is the second time, and shows no mobile
// number that stood in it whole.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"july.csv", "a\nb\x1b[31m", "\u202e\u200d\U000e0020", "\xff\xc0\xaf", "13800138000", "+86 138-0013-8000.csv", "2026112913800138000", "号码　A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, filter := range []func(string) string{report.Plain, report.Shown} {
			got := filter(s)
			if !utf8.ValidString(got) || strings.ContainsFunc(got, hidden) || strings.ContainsFunc(got, unicode.IsControl) {
				t.Errorf("%q leaves as %q", s, got)
			}
		}
		if got := report.Plain(s); report.Plain(got) != got {
			t.Errorf("%q leaves as %q, and then as %q", s, got, report.Plain(got))
		}
		if got := report.Shown(s + "/13800138000/"); strings.Contains(got, "/13800138000/") {
			t.Errorf("%q", got)
		}
	})
}
