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
	lines := slices.Concat(l.rowLines(ended), l.bindingLines(), l.callLines())
	slices.Sort(lines)
	_, err := io.WriteString(w, strings.Join(lines, ""))
	return err
}

func (l *Ledger) rowLines(ended bool) (lines []string) {
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
		lines = append(lines, fmt.Sprintf("row %s %s %s code=%q attempts=%d run=%s binding=%s current=%t absent=%t\n",
			l.name(n), i.State, kind, i.Code, i.Attempts, runName(r.run), binding, kind != "bind" && l.Current(n), i.Absent))
	}
	return lines
}

func (l *Ledger) bindingLines() (lines []string) {
	for i := range l.bindings {
		b := &l.bindings[i]
		if b.life != lives {
			continue
		}
		holder := "-"
		if b.holder >= 0 {
			holder = l.name(int(b.holder))
		}
		lines = append(lines, fmt.Sprintf("binding %d place=%x ends=%d holder=%s maker=%s held=%s edited=%t\n",
			b.id, b.place, b.ends, holder, runName(b.maker), runName(b.heldSince), b.edited))
	}
	return lines
}

func (l *Ledger) callLines() (lines []string) {
	for i := range l.calls {
		c := &l.calls[i]
		if c.stage == settled {
			continue
		}
		binding := SubsID(0)
		if c.binding >= 0 {
			binding = l.bindings[c.binding].id
		}
		lines = append(lines, fmt.Sprintf("call %d %s row=%s binding=%d place=%x ends=%d at=%d due=%d named=%t consent=%d sets=%x open=%t passed=%t\n",
			c.number, c.op, l.name(int(c.row)), binding, c.place, c.ends, c.at, c.at+c.wait, c.named, c.consent, c.sets, c.stage == open, c.passed))
	}
	return lines
}

// runName is a run in a dump.
func runName(n int32) string {
	if n < 0 {
		return "-"
	}
	return fmt.Sprint(n)
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
