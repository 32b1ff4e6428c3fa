// Package files is what the command does with files, whatever the command: under which
// name a file is known and whether two names are one file (Resolve, Same), opening
// without being led elsewhere or kept waiting (OpenRegular, OpenOwn), writing a file
// whole or not at all (Replacement), reading an input as often as a run needs (Source),
// and what the system tells of a folder.
//
// It promises that a file under its name is always a whole one, that a name of
// axgbind's own is never followed to somebody else's file, and that what a killed run
// left under a temporary name can be told and swept away. It knows no flag, no journal
// and no kind of file: whether something may be replaced is the caller's to say. Its
// errors are the system's or a report.Said.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"axgbind/report"
)

// Resolve follows symlinks as far as the path exists, so that a results file
// behind a link is replaced where it lies, and its journal stands beside it.
func Resolve(path string) (string, error) {
	for hops := 0; ; hops++ {
		if hops == 40 {
			return "", report.Say(report.WhyLinks)
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

// ResolveFar is Resolve for a path of which some folders may not exist.
func ResolveFar(path string) (string, error) {
	found, err := Resolve(path)
	if dir := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) && dir != path {
		dir, err := ResolveFar(dir)
		return filepath.Join(dir, filepath.Base(path)), err
	}
	return found, err
}

// Absolute is the absolute path behind symlinks, by which files are known whatever
// folder a command runs in.
func Absolute(path string) (string, error) {
	path, err := Resolve(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// Exists reports whether something stands at a path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Same reports whether two paths name one file, or will once it exists.
func Same(a, b string) bool {
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
	ar, aerr := Resolve(a)
	br, berr := Resolve(b)
	if aerr != nil || berr != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	ar, aerr = filepath.Abs(ar)
	br, berr = filepath.Abs(br)
	// Where case is not told apart, two names become one file.
	return aerr == nil && berr == nil && strings.EqualFold(ar, br)
}

// IsDevice reports whether there is something at path that is neither file nor
// folder, such as /dev/stderr or a pipe.
func IsDevice(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

// Names are the names in a folder; none if it cannot be read.
func Names(dir string) (names []string) {
	files, _ := os.ReadDir(dir)
	for _, file := range files {
		names = append(names, file.Name())
	}
	return names
}

// Digest is the SHA-256 of a file, as the records of runs have it.
func Digest(path string) (string, error) {
	f, err := OpenRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Word is a path as one word of a shell, as far as it may be shown.
func Word(path string) string {
	word, ok := report.Word(runtime.GOOS, path)
	if !ok {
		return report.Shown(path)
	}
	return word
}
