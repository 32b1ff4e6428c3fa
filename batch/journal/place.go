package journal

import "io"

// Place is where a journal lives. A [*File] is one. One goroutine at a time calls
// Append, Length and Cut; ReadAt is called by any.
type Place interface {
	io.ReaderAt

	// Append adds b at the end; it is durable when Append returns nil. An error is
	// final, but for one with ErrFull: then Length tells how much of b was written,
	// nothing of it need be durable, and the rest may come in another Append.
	Append(b []byte) error

	// Length is how many bytes there are.
	Length() (int64, error)

	// Cut takes away what is behind so many bytes; it is durable when it returns nil.
	Cut(length int64) error

	// Lock tries to take the place for one writer and says whether it did. It is
	// held until the place is closed.
	Lock() (held bool, err error)
}

// displaceable is a Place that can tell that what is written to it will not be
// found again: its name leads elsewhere, or nowhere.
type displaceable interface {
	Displaced() bool
}
