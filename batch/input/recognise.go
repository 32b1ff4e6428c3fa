package input

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/report"
)

// Seen is what a file seems to be, going by its beginning: whoever is about to
// write where another file stands has to know what that is.
type Seen int

// What a file may seem to be.
const (
	SeenOther Seen = iota
	SeenEmpty
	SeenJournal
	SeenResults  // of bind, update or unbind: rows with a status and a binding
	SeenFailed   // rows to correct
	SeenFindings // of a check, as CSV
	SeenInput    // rows to bind
)

// recogniseWithin is how much of a file is looked at. A header stands in it.
const recogniseWithin = 64 << 10

// Recognise says what a file seems to be that is no journal. The error is one of reading it.
func Recognise(r io.ReaderAt, size int64) (Seen, error) {
	head, err := csvtext.ReadAt(r, make([]byte, min(size, recogniseWithin)), 0, size)
	if err != nil {
		return SeenOther, err
	}
	if len(head) == 0 {
		return SeenEmpty, nil
	}
	if end := bytes.LastIndexByte(head, '\n'); end >= 0 && size > recogniseWithin { // characters are not to be cut
		if end++; end < len(head) && head[end] == 0 {
			end++ // a line feed of two bytes
		}
		head = head[:end]
	}
	_, t, err := openTop(bytes.NewReader(head), int64(len(head)), "auto", Options{})
	if _, refused := errors.AsType[*Error](err); refused {
		return SeenOther, nil
	}
	if err != nil {
		return SeenOther, err
	}
	for _, h := range t.records {
		if seen := seenBy(h.cells); seen != SeenOther {
			return seen, nil
		}
	}
	return SeenOther, nil
}

func seenBy(header []string) Seen {
	keys := make([]string, len(header))
	for i, h := range header {
		keys[i] = field.Unmarked(h)
	}
	l := &layout{header: header}
	l.strip(keys)
	findings := report.FindingColumns()
	for i, name := range findings {
		findings[i] = field.Key(name)
	}
	switch {
	case l.failed:
		return SeenFailed
	case l.isResults:
		return SeenResults
	case len(keys) >= len(findings) && slices.Equal(keys[:len(findings)], findings):
		return SeenFindings
	case resolved(header, Options{}) >= 2:
		return SeenInput
	}
	return SeenOther
}
