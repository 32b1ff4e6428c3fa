package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"axgbind/report"
)

// source is an input, open for reading as often as a run needs.
type source struct {
	file  *os.File
	size  int64
	path  string // as given; "-" for standard input
	spool string // temporary copy of standard input; blank if none
	piped bool   // it came through a pipe, and is gone
	made  bool   // it was made of what the journal knows of a batch; path is the batch's id

	counted counted // file, counting
}

// openSource opens the input. Standard input is copied to a temporary file
// first, since a run reads its input three times.
func (a *app) openSource(path string) (*source, error) {
	if path == "-" {
		return a.spoolStdin()
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, refuse(statusInput, report.ErrNoInput, path, reasonOf(err))
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		f.Close()
		return nil, refuse(statusInput, report.ErrInputRead, path, reasonOf(err))
	case info.IsDir():
		f.Close()
		return nil, refuse(statusInput, report.ErrInputDir, path)
	case !info.Mode().IsRegular(): // a pipe, such as <(zcat file.gz)
		defer f.Close()
		return piped(a.spoolFrom(f, path))
	}
	return &source{file: f, size: info.Size(), path: path, counted: counted{ReaderAt: f}}, nil
}

func (a *app) spoolStdin() (*source, error) { return piped(a.spoolFrom(a.stdin, "-")) }

func piped(s *source, err error) (*source, error) {
	if err == nil {
		s.piped = true
	}
	return s, err
}

func (a *app) spoolFrom(r io.Reader, path string) (*source, error) {
	f, err := os.CreateTemp("", "axgbind-input-*.csv")
	if err != nil {
		return nil, refuse(statusError, report.ErrInputRead, path, reasonOf(err))
	}
	s := &source{file: f, path: path, spool: f.Name(), counted: counted{ReaderAt: f}}
	if os.Remove(s.spool) == nil {
		s.spool = "" // without a name, it is gone whatever ends this process
	}
	if s.size, err = io.Copy(f, r); err != nil {
		s.close()
		return nil, refuse(statusInput, report.ErrInputRead, path, reasonOf(err))
	}
	return s, nil
}

func (s *source) close() {
	s.file.Close()
	if s.spool != "" {
		os.Remove(s.spool)
	}
}

// base is the path without its ending: results stand beside the input.
func (s *source) base() string { return strings.TrimSuffix(s.path, filepath.Ext(s.path)) }

// resolve follows symlinks as far as the path exists, so that a results file
// behind a link is replaced where it lies, and its journal stands beside it.
func resolve(path string) (string, error) {
	for hops := 0; ; hops++ {
		if hops == 40 {
			return "", worded{report.Say(report.WhyLinks)}
		}
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			break
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(path)), nil
}

// absolute is the absolute path behind symlinks, by which files are known whatever
// folder a command runs in.
func absolute(path string) (string, error) {
	path, err := resolve(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// exists reports whether something stands at a path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// sameFile reports whether two paths name one file, or will once it exists.
func sameFile(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	ai, aerr := os.Stat(a)
	bi, berr := os.Stat(b)
	if aerr == nil && berr == nil {
		return os.SameFile(ai, bi)
	}
	if (aerr == nil) != (berr == nil) && errors.Is(errors.Join(aerr, berr), fs.ErrNotExist) {
		return false // one is there
	}
	ar, aerr := resolve(a)
	br, berr := resolve(b)
	if aerr != nil || berr != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	ar, aerr = filepath.Abs(ar)
	br, berr = filepath.Abs(br)
	// Where case is not told apart, two names become one file.
	return aerr == nil && berr == nil && strings.EqualFold(ar, br)
}
