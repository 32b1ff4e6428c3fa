package batch_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch"
)

// TestEndsOfRuns: each run of a journal has its own end, and one that was
// killed has none, whatever came before and after it.
func TestEndsOfRuns(t *testing.T) {
	d := &disk{}
	j, err := batch.CreateJournal(d, batch.Header{Endpoint: "https://dyplsapi.aliyuncs.com"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := batch.RunEnd{Run: "r1", Status: 5, Stop: "limit", Counts: map[string]int{"BOUND": 1}, Digest: "aa", Calls: 1}
	third := batch.RunEnd{Run: "r3", Counts: map[string]int{"BOUND": 2}, Digest: "bb", Calls: 1, Retries: 1}
	if err := errors.Join(
		j.Begin(batch.RunStart{Run: "r1"}), j.End(first),
		j.Begin(batch.RunStart{Run: "r2"}), // killed
		j.Begin(batch.RunStart{Run: "r3"}), j.End(third),
		j.Begin(batch.RunStart{Run: "r4"}), // goes on
	); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	s, err := batch.ReadStanding(bytes.NewReader(d.text), int64(len(d.text)))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Runs) != 4 || s.Ended != nil {
		t.Errorf("%d runs, the last ended %v", len(s.Runs), s.Ended)
	}
	if diff := cmp.Diff([]*batch.RunEnd{&first, nil, &third, nil}, s.Ends); diff != "" {
		t.Errorf("ends (-want +got):\n%s", diff)
	}
}
