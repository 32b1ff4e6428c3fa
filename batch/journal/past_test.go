package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// past is a journal as it stood once, and what it knows of what was ever sent.
type past struct {
	text  []byte
	knows map[int]bool // number of a call
}

func (p *past) clone() *past { return &past{bytes.Clone(p.text), maps.Clone(p.knows)} }

// copies is a world in which runs go on, journals are copied, put back and written anew,
// results are brought and persons say that a journal is whole. It knows what is true.
type copies struct {
	t       *testing.T
	lock    string
	here    *past
	kept    [2]*past
	sent    int               // calls so far
	by      map[int]string    // batch by call
	excused map[int]bool      // calls of which a person said that they do not matter
	results map[string]string // batch by digest of the results that its last run wrote
	story   []string
	whole   int  // times that the journal was taken
	fork    int  // times that it was refused though it had as many records
	blurred bool // knowledge is in more than the records: a whole journal may be refused
}

// opened opens the journal with its lock file.
func (w *copies) opened(behind bool) (*journal.Journal, *disk, *journal.LockFile, error) {
	d := &disk{text: bytes.Clone(w.here.text)}
	f, err := os.OpenFile(w.lock, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	l := journal.OpenLock(f)
	j, err := journal.Open(d, none, journal.Options{Lock: l, Behind: behind})
	if err != nil {
		l.Close()
	}
	return j, d, l, err
}

// closed closes what opened returned.
func (w *copies) closed(j *journal.Journal, d *disk, l *journal.LockFile) {
	if err := errors.Join(j.Close(), l.Close()); err != nil {
		w.t.Fatal(err)
	}
	w.here.text = d.text
}

// lacks are the calls that the journal does not know.
func (w *copies) lacks() (list []int) {
	for call := range w.sent {
		if !w.here.knows[call] && !w.excused[call] {
			list = append(list, call)
		}
	}
	return list
}

// run is a run of a batch that makes some calls, if the journal is taken; killed, its end
// is in no record.
func (w *copies) run(batch string, calls int, killed bool) {
	j, d, l, err := w.opened(false)
	lost := w.lacks()
	behind, refused := errors.AsType[*journal.BehindError](err)
	switch {
	case err != nil && !refused:
		w.t.Fatalf("%s: %v", w.story, err)
	case refused && len(lost) == 0 && !w.blurred:
		w.t.Fatalf("%s: a whole journal is refused: %v, missing %v", w.story, behind, behind.Batches)
	case refused:
		if behind.Have >= behind.Want {
			w.fork++
		}
		named := func(call int) bool {
			return slices.ContainsFunc(behind.Batches, func(b journal.LockBatch) bool { return b.Batch == w.by[call] })
		}
		if i := slices.IndexFunc(lost, func(call int) bool { return !named(call) }); i >= 0 && len(behind.Batches) > 0 {
			w.t.Fatalf("%s: call %d of %s is lost, and not named: %v", w.story, lost[i], w.by[lost[i]], behind.Batches)
		}
		return
	case len(lost) > 0:
		w.t.Fatalf("%s: a journal is taken that lacks %v", w.story, lost)
	}
	w.whole++
	if err := l.Hold(journal.Holder{Batch: batch}, "/"+batch); err != nil {
		w.t.Fatal(err)
	}
	for range calls {
		w.by[w.sent], w.here.knows[w.sent] = batch, true
		w.write(j)
		w.sent++
	}
	for digest, of := range w.results {
		if of == batch {
			delete(w.results, digest)
		}
	}
	if !killed {
		digest := fmt.Sprint("results ", len(w.story))
		w.results[digest] = batch
		if err := l.Release(digest); err != nil {
			w.t.Fatal(err)
		}
	}
	w.closed(j, d, l)
}

func (w *copies) write(j *journal.Journal) {
	rec := intent(w.sent)
	rec.Place = ledger.Place(1 + rand.Uint64N(1<<62))
	if err := j.Append(rec, nil).Wait(); err != nil {
		w.t.Fatal(err)
	}
}

// bring gives results as input. If its batch was missing, they are written anew, unless
// the run is killed.
func (w *copies) bring(digest string, killed bool) {
	j, d, l, err := w.opened(true)
	if err != nil {
		w.t.Fatalf("%s: %v", w.story, err)
	}
	batch := w.results[digest]
	if l.Behind() == nil || len(l.Behind().Batches) == 0 {
		w.closed(j, d, l)
		return
	}
	if err := l.Hold(journal.Holder{Batch: batch}, "/"+batch); err != nil {
		w.t.Fatal(err)
	}
	w.write(j)
	wanted := slices.ContainsFunc(l.Missing(), func(b journal.LockBatch) bool { return b.Batch == batch })
	was, err := l.Brought(digest)
	if err != nil {
		w.t.Fatal(err)
	}
	if was != wanted {
		w.t.Fatalf("%s: brought %v, missing %v", w.story, was, wanted)
	}
	if was {
		w.blurred = true
		for call, of := range w.by {
			if of == batch {
				w.here.knows[call] = true
			}
		}
	}
	if was && (!killed || len(l.Missing()) == 0) {
		delete(w.results, digest)
	}
	if was && !killed {
		digest += " anew"
		w.results[digest] = batch
	}
	if !killed {
		if err := l.Release(digest); err != nil {
			w.t.Fatal(err)
		}
	}
	w.closed(j, d, l)
}

// accept is a person's word that nothing is missing.
func (w *copies) accept() {
	j, d, l, err := w.opened(true)
	if err == nil {
		err = l.Accept()
	}
	if err != nil {
		w.t.Fatalf("%s: %v", w.story, err)
	}
	w.closed(j, d, l)
	for _, call := range w.lacks() {
		w.excused[call], w.blurred = true, true
	}
}

// compact writes the journal anew in one line.
func (w *copies) compact() {
	j, d, l, err := w.opened(false)
	if err != nil {
		return // it is refused
	}
	var b bytes.Buffer
	out := journal.Rewrite(&b, j.Header(), j.Mark(), 1)
	rec := intent(rand.IntN(1 << 30))
	if err := errors.Join(out.Record(&rec, nil), out.Flush(), l.Keep()); err != nil {
		w.t.Fatal(err)
	}
	w.closed(j, d, l)
	w.here.text = b.Bytes()
}

// step does one thing.
func (w *copies) step(random *rand.Rand) {
	batch, slot := string(rune('a'+random.IntN(3))), random.IntN(len(w.kept))
	tell := func(form string, args ...any) { w.story = append(w.story, fmt.Sprintf(form, args...)) }
	switch n := random.IntN(24); {
	case n < 8:
		calls, killed := 1+random.IntN(2), n == 0
		tell("run %s %d killed %v", batch, calls, killed)
		w.run(batch, calls, killed)
	case n < 10:
		tell("copy to %d", slot)
		w.kept[slot] = w.here.clone()
	case n < 14 && w.kept[slot] != nil:
		tell("put back %d", slot)
		if random.IntN(2) == 0 { // and the one that stood there is kept
			w.here, w.kept[slot] = w.kept[slot].clone(), w.here
		} else {
			w.here = w.kept[slot].clone()
		}
	case n < 20:
		if digests := slices.Sorted(maps.Keys(w.results)); len(digests) > 0 {
			digest := digests[random.IntN(len(digests))]
			killed := random.IntN(4) == 0
			tell("bring %s of %s killed %v", digest, w.results[digest], killed)
			w.bring(digest, killed)
		}
	case n < 21:
		tell("accept")
		w.accept()
	case n < 22:
		tell("compact")
		w.compact()
		w.blurred = true
	}
}

// TestPasts: whatever copies of a journal are put back, in whatever order, none is taken
// that lacks a call; and until somebody brings or accepts anything, none is refused that
// lacks none.
func TestPasts(t *testing.T) {
	worlds := 1200
	if testing.Short() {
		worlds = 300
	}
	const steps = 24
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	whole, fork := 0, 0
	synctest.Test(t, func(t *testing.T) {
		for n := range worlds {
			d := &disk{}
			j := create(t, d, journal.Options{})
			shut(t, j)
			w := &copies{t: t, lock: filepath.Join(dir, fmt.Sprint(n)), here: &past{d.text, map[int]bool{}}, by: map[int]string{}, excused: map[int]bool{}, results: map[string]string{}}
			for range steps {
				w.step(random)
				if t.Failed() {
					return
				}
			}
			whole, fork = whole+w.whole, fork+w.fork
			os.Remove(w.lock)
		}
	})
	if whole < worlds || fork < worlds/20 {
		t.Errorf("%d runs, %d of them refused for another past: nothing was tried", whole, fork)
	}
}
