package ledger

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Dump writes what is known as text, a line for each row, living binding and call
// that is not settled, sorted. Two ledgers that know the same write the same: it
// has no Ref and no number of a row or binding. ended tells of rows, too, that are
// neither bound nor in doubt; those that are superseded are left out.
func (l *Ledger) Dump(w io.Writer, ended bool) error {
	var lines []string
	line := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)+"\n") }
	run := func(n int32) string {
		if n < 0 {
			return "-"
		}
		return fmt.Sprint(n)
	}
	for n := range l.rows {
		r := &l.rows[n]
		i := l.Info(n)
		if r.op == 0 || i.State == Superseded || !ended && r.calls < 0 && i.State != Bound && i.State != Unknown {
			continue
		}
		binding := "-"
		kind := "bind"
		if r.op == Update || r.op == Release {
			kind = r.op.String()
		}
		if b := r.binding; b >= 0 && (l.bindings[b].life == lives && (kind != "bind" || l.bindings[b].holder == int32(n)) || i.State == Released) {
			binding = fmt.Sprint(l.bindings[b].id)
		}
		line("row %s %s %s code=%q attempts=%d run=%s binding=%s current=%t absent=%t",
			l.name(n), i.State, kind, i.Code, i.Attempts, run(max(r.run, -1)), binding, kind != "bind" && l.Current(n), i.Absent)
	}
	for i := range l.bindings {
		if b := &l.bindings[i]; b.life == lives {
			holder := "-"
			if b.holder >= 0 {
				holder = l.name(int(b.holder))
			}
			line("binding %d place=%x ends=%d holder=%s maker=%s held=%s edited=%t", b.id, b.place, b.ends, holder, run(b.maker), run(b.held), b.edited)
		}
	}
	for i := range l.calls {
		if c := &l.calls[i]; c.stage != settled {
			binding := SubsID(0)
			if c.binding >= 0 {
				binding = l.bindings[c.binding].id
			}
			line("call %d %s row=%s binding=%d place=%x ends=%d at=%d due=%d named=%t consent=%d sets=%x open=%t passed=%t",
				c.number, c.op, l.name(int(c.row)), binding, c.place, c.ends, c.at, c.at+c.wait, c.named, c.consent, c.sets, c.stage == open, c.passed)
		}
	}
	slices.Sort(lines)
	_, err := io.WriteString(w, strings.Join(lines, ""))
	return err
}

// name is a row in a dump: its batch and key.
func (l *Ledger) name(n int) string {
	k := l.Key(n)
	return l.batches[k.Batch] + ":" + k.String()
}

// Equal reports whether two ledgers know the same of all that has not ended, as
// Dump tells it.
func (l *Ledger) Equal(o *Ledger) bool {
	var a, b bytes.Buffer
	_, _ = l.Dump(&a, false), o.Dump(&b, false) // a Buffer takes all
	return bytes.Equal(a.Bytes(), b.Bytes())
}

// String is the state's word, in small letters.
func (s State) String() string {
	return [...]string{"pending", "failed", "unknown", "bound", "released", "superseded"}[s]
}
