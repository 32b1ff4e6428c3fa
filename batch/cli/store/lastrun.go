package store

import (
	"axgbind/batch/books"
)

// LastRun is the last run of a batch.
func LastRun(runs []books.RunStart, id string) (last books.RunStart) {
	for _, r := range runs {
		if r.Batch == id {
			last = r
		}
	}
	return last
}
