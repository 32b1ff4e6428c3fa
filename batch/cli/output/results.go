package output

import (
	"encoding/hex"
	"errors"
	"io"

	"axgbind/batch/input"
)

// OpenResults opens results that a run like this one wrote, or one whose columns
// have other names: the ids of bindings can be read all the same.
func OpenResults(r io.ReaderAt, size int64, as input.Options) (*input.Input, error) {
	as.Encoding, as.Delimiter = "", 0
	in, err := input.Open(r, size, as)
	if _, refused := errors.AsType[*input.Error](err); refused {
		return input.Open(r, size, input.Options{Bindings: true})
	}
	return in, err
}

// Digest is the SHA-256 of an input in hexadecimal.
func Digest(in *input.Input) string {
	digest := in.SHA256()
	return hex.EncodeToString(digest[:])
}

// KeptInfix stands between the name of results and the batch in the name of those kept.
const KeptInfix = ".kept-"
