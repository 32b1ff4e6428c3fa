package batch_test

import (
	"errors"
	"testing"
	"time"

	"axgbind/batch"
)

// TestReadJournal: a journal that is only looked at keeps its torn tail, takes
// no record and ends without a goroutine.
func TestReadJournal(t *testing.T) {
	paper := &disk{}
	w, err := batch.CreateJournal(paper, batch.Header{Endpoint: "e", Created: time.Now()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Begin(batch.RunStart{Run: "1"}); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, w)
	const torn = "0123abcd I"
	paper.text = append(paper.text, torn...)
	before, syncs := string(paper.text), paper.syncs
	j, err := batch.ReadJournal(paper, int64(len(paper.text)))
	if err != nil {
		t.Fatal(err)
	}
	if j.Torn != int64(len(torn)) || len(j.Runs) != 1 || j.Header.Endpoint != "e" {
		t.Errorf("%d %v %v", j.Torn, j.Runs, j.Header)
	}
	if err := j.Begin(batch.RunStart{Run: "2"}); !errors.Is(err, batch.ErrJournal) {
		t.Errorf("a record was taken: %v", err)
	}
	closeJournal(t, j)
	if string(paper.text) != before || paper.syncs != syncs {
		t.Errorf("the journal was changed")
	}
}
