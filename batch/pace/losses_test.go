package pace_test

import (
	"strings"
	"testing"

	"axgbind/batch/pace"
)

func TestLosses(t *testing.T) {
	repeat := strings.Repeat
	for _, test := range []struct {
		name, ends string // x: trouble, o: none
		at         int    // the end that pulls; 0: none
	}{
		{"none", repeat("o", 500), 0},
		{"twenty in a row", repeat("x", 20), 20},
		{"nineteen in a row, again and again", repeat(repeat("x", 19)+repeat("o", 30), 20), 0},
		{"every other", repeat("xo", 500), 0},
		{"over half of the last hundred", repeat("xo", 49) + "xxx", 100},
		{"two of three, judged from 100 on", repeat("xxo", 40), 100},
		{"more than half once, long ago", repeat("o", 100) + repeat("xxo", 24) + repeat("o", 300), 0},
		{"after a good start", repeat("o", 1000) + repeat("xxo", 100), 1076},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b pace.Losses
			at := 0
			for i, c := range test.ends {
				if b.Count(c == 'x') {
					at = i + 1
					break
				}
			}
			if at != test.at {
				t.Errorf("pulled by end %d, want %d", at, test.at)
			}
		})
	}
}
