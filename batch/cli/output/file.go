// Package output is how a command writes the files that people and programs look for
// under a name that somebody chose: what kind of file stands there (KindOf), whether the
// output may take its place, and writing it whole, there or beside it (File).
//
// It promises that nobody's work is lost: a file of another kind, one of another batch
// and one that was changed since it was written stay as they are. Keys, journals and
// inputs are never written over, whatever the kind. It says nothing to people: where an
// output went and why is what it returns. Its errors are the system's or a report.Said.
package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"axgbind/aliyun/keychain"
	"axgbind/batch/cli/files"
	"axgbind/report"
)

// File is a file that a command writes whole. What stands at its path may be
// somebody's work: it is replaced only if it is of the same kind and, where
// people work in such files, as it was written.
type File struct {
	Flag string // by which it was named
	Path string
	Kind Kind
	Mode fs.FileMode
	Of   string // whose rows it is about: the name of the batch, for kinds that tell
}

// policy is how an output of a kind treats what stands at its path.
type policy struct {
	stamped bool // it tells whether it was changed
	beside  bool // a foreign file is kept and the new one written beside it; otherwise the command is refused
	devices bool
}

// What programs look for under one name is refused where something foreign
// stands, for they would go on reading that; what people read goes beside it.
func (o *File) policy() policy {
	switch o.Kind {
	case Failed, Findings:
		return policy{stamped: true, beside: true}
	case Summary:
		return policy{stamped: true, beside: true, devices: true}
	case Log:
		return policy{devices: true}
	}
	return policy{}
}

// Stamp is what the file has to tell, "" if it tells nothing.
func (o *File) Stamp() string {
	if !o.policy().stamped {
		return ""
	}
	return report.Stamp(o.Of)
}

// verdict is what becomes of an output, for what stands at a path.
type verdict int

const (
	fits    verdict = iota // nothing is lost there
	keeps                  // what is there is kept; the output goes beside it
	refuses                // nothing of the kind may be written there
)

// judge says whether the output may take the place of what stands at path. The
// error is why it may not.
func (o *File) judge(path string) (verdict, error) {
	if slices.ContainsFunc(keychain.Files(), func(keys string) bool { return files.Same(keys, path) }) {
		return refuses, report.Say(report.WhyIsKeys)
	}
	if files.Temporary(path) {
		return refuses, report.Say(report.WhyIsTemporary)
	}
	p := o.policy()
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fits, nil
	case err != nil:
		return refuses, err
	case info.IsDir():
		return refuses, report.Say(report.WhyDirectory, "is a directory")
	case !info.Mode().IsRegular() && p.devices:
		return fits, nil
	case !info.Mode().IsRegular():
		return refuses, report.Say(report.WhyDevice)
	}
	f, err := files.OpenRegular(path)
	if err != nil {
		return refuses, err
	}
	defer f.Close()
	have, err := KindOf(f, info.Size())
	switch {
	case err != nil:
		return refuses, err
	case have == None:
		return fits, nil
	case have == o.Kind && !p.stamped:
		return fits, nil
	case have == o.Kind:
		unchanged, own, err := report.ReadStamp(f, info.Size(), o.Of)
		switch {
		case err != nil:
			return refuses, err
		case !unchanged:
			return keeps, report.Say(report.WhyEdited)
		case !own:
			return refuses, report.Say(report.WhyOtherBatch)
		}
		return fits, nil
	case have == Foreign && p.beside:
		return keeps, report.Say(report.WhyForeign)
	case !p.beside && (have == Foreign || have == Input):
		return refuses, report.Say(o.Kind.foreign())
	}
	return refuses, report.Say(have.words())
}

// mostBeside is how many files may gather beside one that is kept.
const mostBeside = 99

// beside is the first name beside path that the output may have.
func (o *File) beside(path string) (string, error) {
	ext := filepath.Ext(path)
	for n := 1; n <= mostBeside; n++ {
		name := path + ".new" + ext
		if n > 1 {
			name = path + ".new" + strconv.Itoa(n) + ext
		}
		if v, _ := o.judge(name); v == fits && !files.IsDevice(name) {
			return name, nil
		}
	}
	return "", report.Say(report.WhyManyBeside, mostBeside)
}

// Allowed says why the output may not be written where it is to stand; nil: it may,
// there or beside what is kept there. A report.Said is what was found at its place; any
// other error is why that could not be looked at.
func (o *File) Allowed() error {
	if o.Path == "" {
		return nil
	}
	v, why := o.judge(o.Path)
	if v != refuses {
		return nil
	}
	return why
}

// Try tries whether an output that is allowed can be written, and where that would be.
func (o *File) Try() (path string, err error) {
	if o.Path == "" || o.policy().devices && files.IsDevice(o.Path) {
		return o.Path, nil
	}
	path = o.Path
	if v, _ := o.judge(path); v == keeps {
		if path, err = o.beside(path); err != nil {
			return o.Path, err
		}
	}
	return path, files.Replaceable(path)
}

// Placed is where an output was put.
type Placed struct {
	Path string // as it was named or, beside what is kept, as it is
	Kept string // what is kept; blank: nothing
	Why  error  // it is kept
}

// Write writes the output: at its path or, if what stands there is to be kept, beside it.
// A device is written to as it is.
func (o *File) Write(write func(io.Writer) error) (Placed, error) {
	if files.IsDevice(o.Path) && o.policy().devices {
		f, err := files.OpenDevice(o.Path)
		if err != nil {
			return Placed{}, err
		}
		err = write(f)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		return Placed{Path: o.Path}, err
	}
	r, err := files.Replace(o.Path, o.Mode)
	if err != nil {
		return Placed{}, err
	}
	if err := write(r); err != nil {
		r.Discard()
		return Placed{}, err
	}
	return o.Put(r)
}

// Put puts a file that was written to the place of the output.
func (o *File) Put(r *files.Replacement) (Placed, error) {
	if o.policy().stamped {
		info, err := r.File.Stat()
		if err == nil {
			err = report.FinishStamp(r.File, info.Size())
		}
		if err != nil {
			r.Discard()
			return Placed{}, err
		}
	}
	if err := r.Seal(); err != nil {
		return Placed{}, err
	}
	at, to := r.Path, Placed{Path: o.Path}
	if v, why := o.judge(at); v != fits { // judged anew: a run may take hours
		beside, err := o.beside(at)
		if err != nil {
			r.Discard()
			return Placed{}, err
		}
		to = Placed{Path: beside, Kept: at, Why: why}
		at = beside
	}
	err := r.Rename(at)
	if err != nil {
		r.Discard()
	}
	return to, err
}

// Commit puts a sealed file in the place of an output, as files.Replacement.Commit does.
func (o *File) Commit(r *files.Replacement, stop <-chan struct{}, busy func()) (kept string, err error) {
	allowed := func(path string) error {
		_, err := o.judge(path)
		return err
	}
	return r.Commit(allowed, o.beside, stop, busy)
}
