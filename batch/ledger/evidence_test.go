package ledger

import "testing"

// TestSettles has a row for each kind of thing that a look-up shows, with all that the
// rule wants, and takes away one thing at a time.
func TestSettles(t *testing.T) {
	full := Evidence{Before: true, After: true}
	for _, c := range []struct {
		shown                              Shown
		full, noBefore, noAfter, late, riv Kind
	}{
		{ShownNothing, Looked, Looked, Looked, Looked, Looked},
		{ShownEqual, Found, Found, Found, Found, Looked},
		{ShownNone, Absent, Looked, Looked, Looked, Absent},
		{ShownOther, Taken, Looked, Looked, Looked, Taken},
		{ShownEnded, Gone, Looked, Looked, Looked, Gone},
	} {
		for want, change := range map[*Kind]func(*Evidence){
			&c.full: func(*Evidence) {}, &c.noBefore: func(e *Evidence) { e.Before = false }, &c.noAfter: func(e *Evidence) { e.After = false },
			&c.late: func(e *Evidence) { e.Late = true }, &c.riv: func(e *Evidence) { e.Rivals = true },
		} {
			e := full
			change(&e)
			if got := Settles(c.shown, e); got != *want {
				t.Errorf("shown %d, %+v: %s, want %s", c.shown, e, got, *want)
			}
		}
		if c.shown.Controlled() != (c.noBefore != c.full) {
			t.Errorf("shown %d: Controlled says %t", c.shown, c.shown.Controlled())
		}
	}
}
