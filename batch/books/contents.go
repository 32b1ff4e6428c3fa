package books

import (
	"io"

	"axgbind/batch/input"
	"axgbind/batch/journal"
)

// Recognise says what a file seems to be. The error is one of reading it.
func Recognise(r io.ReaderAt, size int64) (input.Seen, error) {
	head := make([]byte, min(size, 512))
	n, err := r.ReadAt(head, 0)
	if n == len(head) {
		err = nil // at its end
	}
	if err == nil && journal.Begins(head) {
		return input.SeenJournal, nil
	}
	return input.Recognise(r, size)
}
