package cli_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// readsBack looks at the journals of a test, and at those beside the files that a
// command named: each that can be read comes to the same when it is read from its compaction, for all that
// has not ended.
func readsBack(t testing.TB, args []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, arg := range append(args[:len(args):len(args)], filepath.Join(memory(t), "any")) {
		found, _ := filepath.Glob(filepath.Join(filepath.Dir(arg), "*.journal")) // it fails on a bad pattern only
		for _, path := range found {
			if seen[path] {
				continue
			}
			seen[path] = true
			compactsAlike(t, path)
		}
	}
}

func compactsAlike(t testing.TB, path string) {
	t.Helper()
	const large = 1 << 20 // bytes
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > large {
		return
	}
	read := func(from io.ReaderAt, size int64) (*ledger.Ledger, journal.Header, error) {
		l := ledger.New(0)
		h, _, err := journal.Read(from, size, nil, func(line *journal.Line) error {
			if line.Record.Kind == 0 {
				return nil
			}
			return l.Apply(&line.Record)
		})
		if err == nil {
			err = l.Apply(&ledger.Record{Kind: ledger.End}) // whoever reads it is not the process that wrote it
		}
		return l, h, err
	}
	whole, header, err := read(f, info.Size())
	if err != nil { // many tests damage a journal, or have no journal of that name
		return
	}
	var text bytes.Buffer
	header.Lines = 0 // as many as there are
	w := journal.Write(&text, header)
	for e := range whole.Snapshot(nil) {
		if err := w.Record(&e.Record, nil); err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
	}
	if err := w.Flush(); err != nil {
		t.Error(err)
		return
	}
	shorter, _, err := read(bytes.NewReader(text.Bytes()), int64(text.Len()))
	if err != nil {
		t.Errorf("%s, compacted, cannot be read: %v\n%s", path, err, text.Bytes())
		return
	}
	if !whole.Equal(shorter) {
		var a, b bytes.Buffer
		_, _ = whole.Dump(&a, false), shorter.Dump(&b, false) // a Buffer takes all
		t.Errorf("%s says\n%s\nand compacted\n%s", path, a.Bytes(), b.Bytes())
	}
}
