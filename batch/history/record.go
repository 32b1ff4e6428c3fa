package history

import (
	"bytes"
	"cmp"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// follow has the ledger take a record, and notes where the rows stand then that
// it is about.
func (h *History) follow(l *journal.Line) error {
	r := &l.Record
	about := h.about(r)
	if err := h.ledger.Apply(r); err != nil {
		return err
	}
	switch r.Kind {
	case ledger.Intent:
		h.noteIntent(l)
		return nil
	case ledger.Withdrawn: // the row stands as it stood
		delete(h.open, r.Call)
		return nil
	case ledger.Known, ledger.Doubt:
		h.noteIntent(l)
		n, _ := h.ledger.Row(h.ledger.KeyOf(r))
		about = subject{row: int32(n), holder: -1}
	default:
		delete(h.open, r.Call)
	}
	mine := h.concerns(r)
	if mine && about.row >= 0 {
		h.put(about.row, h.verdict(about.row))
	}
	h.passOn(about.holder)
	if mine && h.run != nil {
		return h.run.take(l, h.statusOf(about.row))
	}
	return nil
}

// subject is what a record is about, as it is before the record counts.
type subject struct {
	row    int32 // -1: none
	holder int32 // the row that has the binding which the record is about; -1: none
}

func (h *History) about(r *ledger.Record) subject {
	c, ok := h.ledger.Call(r.Call)
	if ok {
		return h.aboutCall(&c)
	}
	s := subject{row: -1, holder: -1}
	if b, ok := h.ledger.BindingOf(r.Binding); ok && r.Kind == ledger.Gone {
		s.holder = int32(h.ledger.Binding(b).Holder)
	}
	return s
}

func (h *History) aboutCall(c *ledger.CallInfo) subject {
	s := subject{row: int32(c.Row), holder: -1}
	if c.Binding >= 0 {
		s.holder = int32(h.ledger.Binding(c.Binding).Holder)
	}
	return s
}

// noteIntent notes the line of a record's row, and that its call is under way.
func (h *History) noteIntent(l *journal.Line) {
	n, _ := h.ledger.Row(h.ledger.KeyOf(&l.Record))
	if n >= len(h.lines) {
		h.lines = append(h.lines, make([]int32, n+1-len(h.lines))...)
	}
	h.lines[n] = int32(numberBehind(l.Detail, `"line":`))
	if l.Record.Kind == ledger.Intent {
		h.open[l.Record.Call] = struct{}{}
	}
}

// concerns reports whether a record belongs to the batch. In a compacted journal what
// is known of the rows stands behind the runs.
func (h *History) concerns(r *ledger.Record) bool {
	if h.Header.Compacted.IsZero() || r.Kind != ledger.Known && r.Kind != ledger.Doubt {
		return h.run != nil
	}
	return h.ledger.Batch(h.ledger.Runs()-1-r.Ago) == h.batch
}

// take adds a record to its run. stands is where its row stands after it.
func (c *pastRun) take(l *journal.Line, stands report.Status) error {
	at, took, err := timesOf(l)
	if err != nil {
		return err
	}
	came := time.UnixMilli(cmp.Or(at, l.Record.At))
	switch l.Record.Kind {
	case ledger.Known, ledger.Doubt: // of an earlier time, in another journal
		return nil
	case ledger.OK, ledger.Part, ledger.Refused, ledger.NotSent, ledger.Lost:
		c.calls++
		if aliyun.Lookup(l.Record.Code).Class == aliyun.Throttled {
			c.throttled++
		}
		c.series.call(came.Add(-time.Duration(took)*time.Millisecond), stands)
	}
	c.series.seen(came)
	return nil
}

// timesOf reads of the particulars of an end when it came, in Unix milliseconds,
// and how many milliseconds it took. Nothing else is asked of a million of them,
// and decoding each would double the time.
func timesOf(l *journal.Line) (at, took int64, err error) {
	if at = numberBehind(l.Detail, `{"t":`); at > 0 {
		return at, numberBehind(l.Detail, `,"ms":`), nil
	}
	d, err := books.DecodeDetail(l)
	return d.T, d.LatencyMs, err
}

// numberBehind is the whole number behind a key of a JSON object; 0 if it is not there.
// A key with its quotation marks cannot stand within a text: there a quotation
// mark has a backslash before it.
func numberBehind(text []byte, key string) (n int64) {
	i := bytes.Index(text, []byte(key))
	if i < 0 {
		return 0
	}
	for _, c := range text[i+len(key):] {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int64(c-'0')
	}
	return n
}
