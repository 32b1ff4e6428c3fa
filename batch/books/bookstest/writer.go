package bookstest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// Writer writes a journal by hand, at times of its own. It panics where a record cannot
// be written.
type Writer struct {
	Text []byte    // what was written
	Now  time.Time // when what comes next happens
	Call uint64    // number of the latest call
	Subs int       // the latest SubsId
	X    string    // that calls name; blank: none
}

// NewWriter begins a journal on 2026-11-23, 23:00 in Beijing.
func NewWriter() *Writer {
	var head bytes.Buffer
	w := journal.Write(&head, journal.Header{Identity: input.IdentityVersion})
	if err := w.Flush(); err != nil {
		panic(err)
	}
	return &Writer{Text: head.Bytes(), Now: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}
}

// Line writes a line with particulars; nil: it has none.
func (w *Writer) Line(l journal.Line, detail any) {
	var err error
	if detail != nil {
		if l.Detail, err = json.Marshal(detail); err != nil {
			panic(err)
		}
	}
	if w.Text, err = journal.Encode(w.Text, &l); err != nil {
		panic(err)
	}
}

// Record writes a record with particulars; nil: it has none.
func (w *Writer) Record(r ledger.Record, detail any) {
	w.Line(journal.Line{Word: r.Kind.String(), Record: r}, detail)
}

// Begin begins a run of a batch, which is called after its results.
func (w *Writer) Begin(id string, rows int) {
	w.BeginRun(books.RunStart{Batch: id, Results: "/data/" + id, Path: books.PathID("/data/" + id), Rows: rows})
}

// BeginRun begins a run, now.
func (w *Writer) BeginRun(r books.RunStart) {
	r.Run, r.Start = "r", w.Now
	w.Record(ledger.Record{Kind: ledger.Run, Batch: r.Batch}, r)
}

// End ends the run with an exit status.
func (w *Writer) End(status int) {
	w.Record(ledger.Record{Kind: ledger.End}, books.RunEnd{Status: status, End: w.Now})
}

// Intend writes the intent of a call for row n; r says which call.
func (w *Writer) Intend(n int, r ledger.Record) {
	w.Call++
	r.Kind, r.Call, r.Row, r.Place = ledger.Intent, w.Call, KeyOf(n), ledger.Place(n+1)
	r.At, r.Due = w.Now.UnixMilli(), w.Now.UnixMilli()+30_000
	w.Record(r, books.Detail{T: r.At, Line: n, PoolKey: "FC1", PhoneNoA: fmt.Sprintf("138%08d", n), GroupID: "7", PhoneNoX: w.X})
}

// Sent writes the intent of row n's bind.
func (w *Writer) Sent(n int) { w.Intend(n, ledger.Record{Op: ledger.Bind}) }

// Ends writes what became of the latest call. One that was made has the next SubsId.
func (w *Writer) Ends(kind ledger.Kind, code string, d books.Detail) {
	r := ledger.Record{Kind: kind, Call: w.Call, Code: code, At: d.T}
	if kind == ledger.OK || kind == ledger.Found {
		w.Subs++
		d.SubsID = fmt.Sprint(w.Subs)
		r.Binding = ledger.ParseSubsID(d.SubsID)
	}
	w.Record(r, d)
}

// Bind writes a bind of row n, and its end so many milliseconds later.
func (w *Writer) Bind(n int, kind ledger.Kind, code string, ms int64) {
	w.Sent(n)
	w.Now = w.Now.Add(time.Duration(ms) * time.Millisecond)
	w.Ends(kind, code, books.Detail{T: w.Now.UnixMilli(), LatencyMs: ms, RequestID: fmt.Sprint("R-", n)})
}

// KeyOf is the identity of row n.
func KeyOf(n int) (k ledger.Key) {
	binary.BigEndian.PutUint64(k.ID[:], uint64(n)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(k.ID[8:], uint64(n+1))
	return k
}
