package cli_test

import (
	"strings"
	"testing"
)

// TestQuiet: all is well says nothing; whatever is not well says all of it.
func TestQuiet(t *testing.T) {
	p := newPlace(t)
	p.write("good.csv", content(0, 3))
	bad := content(3, 3)
	bad[2][0] = "1380013800x"
	p.write("bad.csv", bad)
	good, wrong := p.path("good.csv"), p.path("bad.csv")
	for _, c := range []struct {
		name   string
		vars   map[string]string
		args   []string
		status int
		say    []string // on standard error; none: nothing at all
	}{
		{"bind", nil, []string{"bind", "--simulate", good, "--quiet"}, 0, nil},
		{"short", nil, []string{"bind", "-q", "--simulate", good}, 0, nil},
		{"by environment", map[string]string{"AXGBIND_QUIET": "true"}, []string{"bind", "--simulate", good}, 0, nil},
		{"progress by environment", map[string]string{"AXGBIND_PROGRESS": "plain"}, []string{"bind", "--simulate", good, "-q"}, 0, nil},
		{"flag over environment", map[string]string{"AXGBIND_QUIET": "true"}, []string{"bind", "--simulate", good, "--quiet=false"}, 0,
			[]string{"3 rows, 3 to send", "axgbind: finished status=0 ", "status 0: every row is bound"}},
		{"check", nil, []string{"check", good, "-q"}, 0, nil},
		{"rows that are wrong", nil, []string{"bind", "--simulate", wrong, "-q"}, 3,
			[]string{"line 3: ", "3 rows, 2 to send", "rows      3 = BOUND 2", "axgbind: finished status=3 ", "status 3: finished"}},
		{"check finds something", nil, []string{"check", wrong, "-q"}, 3, []string{"rows      3 =", "axgbind: finished status=3 ", "status 3: some rows"}},
		{"no such file", nil, []string{"check", p.path("none.csv"), "-q"}, 6, []string{"none.csv", "  cure: ", "status 6: "}},
		{"no pool", nil, []string{"bind", good, "-q"}, 10, []string{"pool", "status 10: "}},
		{"bad flag", nil, []string{"bind", good, "-q", "--rate", "0"}, 10, []string{"--rate", "status 10: "}},
		{"quiet and verbose", nil, []string{"bind", good, "-q", "-v"}, 10, []string{"--quiet and --verbose exclude"}},
		{"verbose to a file", nil, []string{"bind", "--simulate", good, "-q", "-v", "--log", p.path("log")}, 0, nil},
		{"quiet and progress", nil, []string{"bind", good, "-q", "--progress", "plain"}, 10, []string{"--quiet and --progress exclude"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := axgbindWith(t, c.vars, "", c.args...).want(t, c.status)
			if len(c.say) == 0 && got.stderr != "" {
				t.Errorf("it is not quiet\n%s", got)
			}
			at := 0
			for _, s := range c.say {
				i := strings.Index(got.stderr[at:], s)
				if i < 0 {
					t.Errorf("it does not say %q, or not in order\n%s", s, got)
					break
				}
				at += i
			}
			if c.name == "check finds something" && !strings.Contains(got.stdout, "line 3: ") {
				t.Errorf("products are not held back\n%s", got)
			}
		})
	}
}
