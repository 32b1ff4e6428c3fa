package files

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"axgbind/report"
)

// Source is an input, open for reading as often as a run needs. It counts what is
// read of it, so that passes over a big input can be watched without the reader
// knowing.
type Source struct {
	Path  string // as given; "-" for standard input
	Size  int64
	Piped bool // it came through a pipe, and is gone

	file  *os.File
	spool string // temporary copy of standard input; blank if none
	bytes atomic.Int64
	ctx   context.Context // that ends the reading; nil: nothing does
}

// SourceError is why an input cannot be read.
type SourceError struct {
	Why    report.Text // of the path and, unless it is a folder, of a reason
	NoCopy bool        // a copy of it could not be begun: the input is not at fault
	Err    error       // the reason; nil: it is a folder
}

// Error implements error.
func (e *SourceError) Error() string {
	if e.Err == nil {
		return "is a directory"
	}
	return e.Err.Error()
}

// Unwrap returns the reason.
func (e *SourceError) Unwrap() error { return e.Err }

// OpenSource opens an input; "-" is stdin. What can be read only once, as
// standard input and pipes, is copied to a temporary file first, since a run reads
// its input three times. Its error is a *SourceError.
func OpenSource(path string, stdin io.Reader) (*Source, error) {
	if path == "-" {
		return piped(Spool(stdin, path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &SourceError{Why: report.ErrNoInput, Err: err}
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		f.Close()
		return nil, &SourceError{Why: report.ErrInputRead, Err: err}
	case info.IsDir():
		f.Close()
		return nil, &SourceError{Why: report.ErrInputDir}
	case !info.Mode().IsRegular(): // a pipe, such as <(zcat file.gz)
		defer f.Close()
		return piped(Spool(f, path))
	}
	return &Source{Path: path, Size: info.Size(), file: f}, nil
}

func piped(s *Source, err error) (*Source, error) {
	if err == nil {
		s.Piped = true
	}
	return s, err
}

// Spool makes an input of a copy of r, by the name of path. Its error is a
// *SourceError.
func Spool(r io.Reader, path string) (*Source, error) {
	f, err := os.CreateTemp("", "axgbind-input-*.csv")
	if err != nil {
		return nil, &SourceError{Why: report.ErrInputRead, NoCopy: true, Err: err}
	}
	s := &Source{Path: path, file: f, spool: f.Name()}
	if os.Remove(s.spool) == nil {
		s.spool = "" // without a name, it is gone whatever ends this process
	}
	if s.Size, err = io.Copy(f, r); err != nil {
		s.Close()
		return nil, &SourceError{Why: report.ErrInputRead, Err: err}
	}
	return s, nil
}

// ReadAt implements io.ReaderAt.
func (s *Source) ReadAt(p []byte, at int64) (int, error) {
	if s.ctx != nil && s.ctx.Err() != nil {
		return 0, s.ctx.Err()
	}
	n, err := s.file.ReadAt(p, at)
	s.bytes.Add(int64(n))
	return n, err
}

// Until has reading fail from the end of ctx on, so that a signal need not wait
// for a pass over a big input. It is for the time before the first call: later
// the rows are read whatever ends the run. Nobody may be reading.
func (s *Source) Until(ctx context.Context) { s.ctx = ctx }

// BytesRead is how much was read, all passes together.
func (s *Source) BytesRead() int64 { return s.bytes.Load() }

// Stat describes the file as it is now.
func (s *Source) Stat() (os.FileInfo, error) { return s.file.Stat() }

// Close ends the reading, and removes a copy.
func (s *Source) Close() {
	s.file.Close()
	if s.spool != "" {
		os.Remove(s.spool)
	}
}

// Base is the path without its ending: results stand beside the input.
func (s *Source) Base() string { return strings.TrimSuffix(s.Path, filepath.Ext(s.Path)) }
