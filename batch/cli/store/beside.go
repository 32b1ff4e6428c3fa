package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
)

// copyEnding follows the name of a journal in that of an old copy: as it was before its
// damage was mended, before it was carried elsewhere, or beside another one that stood
// in its place.
var copyEnding = regexp.MustCompile(`(\.damaged[0-9]*|\.moved|\.kept\.[0-9]+)$`)

// Other is a journal that stands beside the journal, and that no run of the real
// service uses: a simulated one, or an old copy. It or its lock file holds a number that
// is to be forgotten.
type Other struct {
	Path       string
	held       *Journal          // its lock; nil: there is only the lock file
	known      *books.Journal    // nil: it is damaged
	forgetting *books.Forgetting // likewise
}

// Beside finds them in the folder of a place.
func Beside(p Place, numbers []string) (list []*Other) {
	seen := map[string]bool{}
	for _, name := range files.Names(p.Dir()) {
		name = strings.TrimSuffix(name, journal.LockEnding)
		path := filepath.Join(p.Dir(), name)
		if seen[path] || !isBeside(p, name) {
			continue
		}
		seen[path] = true
		for _, own := range []string{path, path + journal.LockEnding} {
			if holds, err := HoldsNumber(own, numbers); err == nil && holds {
				list = append(list, &Other{Path: path})
				break
			}
		}
	}
	return list
}

// isBeside reports whether a name in the folder of a place is that of a simulated
// journal or of an old copy.
func isBeside(p Place, name string) bool {
	path := filepath.Join(p.Dir(), name)
	of := copyEnding.ReplaceAllString(name, "")
	switch {
	case path == p.Path:
		return false
	case simulatedForm.MatchString(of):
		return true
	case of == Name || of == filepath.Base(p.Path):
		return of != name || !files.Exists(path) // another real one is left alone
	case !strings.HasSuffix(name, Ending):
		return false
	}
	f, err := files.OpenRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	h, err := journal.ReadHeader(f)
	return err == nil && h.Simulated
}

// Hold takes the lock and reads the journal. It changes nothing.
func (b *Other) Hold(numbers []string) error {
	if _, err := os.Lstat(b.Path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b.held = &Journal{path: b.Path}
	if err := b.held.lock(Place{Path: b.Path}, false); err != nil {
		return err
	}
	size, err := b.held.place.Length()
	if err != nil {
		return Unread(b.Path, err)
	}
	lock := b.held.place.LockFile()
	trail := journal.NewTrail(lock.State())
	if known, err := books.Read(b.held.place, size, trail); err == nil {
		lock.Compare(trail)
		if b.forgetting, err = known.Forget(size, numbers); err == nil {
			b.known = known
		}
	}
	return nil
}

// Runs are those that the journal knows.
func (b *Other) Runs() []books.RunStart {
	if b.known == nil {
		return nil
	}
	return b.known.Runs
}

// Forget replaces the journal by one without the numbers, whole or not at all, and
// masks them in its lock file. Whether they are needed does not matter here.
func (b *Other) Forget(numbers []string) error {
	if b.held != nil {
		write := func(r *files.Replacement) error { return b.mask(r, numbers) }
		if b.known != nil {
			write = func(r *files.Replacement) error { return b.forgetting.Write(r) }
		}
		r, err := files.Replace(b.Path, files.ModeIn(filepath.Dir(b.Path)))
		if err != nil {
			return err
		}
		if err := write(r); err != nil {
			r.Discard()
			return err
		}
		if err := r.Seal(); err != nil {
			return err
		}
		if err := b.held.replacing(r); err != nil {
			return err
		}
		if err := b.held.replaceBy(r); err != nil {
			return err
		}
	}
	return ForgetInLock(b.Path+journal.LockEnding, numbers)
}

// mask copies a damaged journal, of which nobody but people reads anything, and puts
// stars in the place of the numbers' digits: all else stays where it stands.
func (b *Other) mask(r *files.Replacement, numbers []string) error {
	size, err := b.held.place.Length()
	if err != nil {
		return err
	}
	if _, err := io.Copy(r, io.NewSectionReader(b.held.place, 0, size)); err != nil {
		return err
	}
	var hidden []int64
	if err := newNumberSearch(numbers).read(io.NewSectionReader(b.held.place, 0, size), func(at []int64) bool {
		if len(at) >= 9 { // as report.Mask has it
			at = at[3 : len(at)-4]
		}
		hidden = append(hidden, at...)
		return true
	}); err != nil {
		return err
	}
	for _, at := range hidden {
		if _, err := r.File.WriteAt([]byte{'*'}, at); err != nil {
			return err
		}
	}
	return nil
}

// Close gives up the lock.
func (b *Other) Close() {
	if b.held != nil {
		b.held.Close()
	}
}

// ForgetInLock masks numbers in a lock file: paths of results stand in it.
func ForgetInLock(path string, numbers []string) error {
	f, err := files.OpenOwn(path, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	masked, changed := books.MaskJSON(text, numbers)
	if !changed {
		return nil
	}
	if _, err := f.WriteAt(masked, 0); err != nil {
		return err
	}
	return errors.Join(f.Truncate(int64(len(masked))), f.Sync())
}
