package cli_test

import (
	"path/filepath"
	"regexp"
	"testing"
)

// TestHostileTerminal: on a terminal too, nothing but the program's own codes
// moves the cursor, whatever a file is called.
func TestHostileTerminal(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, hostileName+".csv"), content(0, 60).String())
	for _, args := range [][]string{{"bind", "--simulate", in, "--rate", "50"}, {"check", in}, {"bind", in + "x"}, {"bind", "--" + hostile}} {
		term := openPTY(t, 80, 24)
		p := term.run(nil, dir, args...)
		p.wait()
		term.shows(`status \d+: [^\n]*\n$`)
		text := regexp.MustCompile(`\x1b\[\d*[AJm]|\r`).ReplaceAllString(term.written(), "")
		finished := 1
		if p.status > 3 {
			finished = 0
		}
		wantPlain(t, args[0], text, finished)
	}
}
