package batch

import (
	"io"

	"axgbind/batch/journal"
)

// Recognise says what a file seems to be. The error is one of reading it.
func Recognise(r io.ReaderAt, size int64) (Seen, error) {
	head := make([]byte, min(size, 512))
	n, err := r.ReadAt(head, 0)
	if n == len(head) {
		err = nil // at its end
	}
	if err == nil && journal.Begins(head) {
		return SeenJournal, nil
	}
	return RecogniseCSV(r, size)
}
