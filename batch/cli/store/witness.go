package store

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
)

// witnessInfix stands between the name of a journal and how far it had come in the name
// of a small file beside it: AT-SUM. Who writes old contents into the journal and its lock
// file leaves that file standing, and nothing else would tell. The file holds its own
// [journal.FileID]: who makes the folder again what it was makes a file that is another one.
const witnessInfix = ".at-"

// witness is the name of that file.
func witness(path string, at journal.Mark) string {
	sum, _ := at.Sum.MarshalText() // never fails
	return path + witnessInfix + strconv.FormatUint(at.Number, 10) + "-" + string(sum)
}

// readWitnesses is what the witnesses beside a journal say: marks that it once had, and
// whether one of them is a copy.
func readWitnesses(path string) (seen []journal.Mark, copied bool) {
	names, seen := witnesses(path)
	return seen, slices.ContainsFunc(names, recreated)
}

// recreated reports whether a witness is certainly a copy of one. One that is empty, or
// holds nothing but zeros, was being written when the power went.
func recreated(name string) bool {
	f, err := files.OpenOwn(name, os.O_RDONLY)
	if err != nil {
		return false
	}
	defer f.Close()
	const longest = 64
	text, err := io.ReadAll(io.LimitReader(f, longest))
	return err == nil && !journal.IsFileID(f, strings.TrimRight(string(text), "\x00"))
}

// witnesses are such files beside a journal, and the marks in their names.
func witnesses(path string) (names []string, marks []journal.Mark) {
	before := filepath.Base(path) + witnessInfix
	for _, name := range files.Names(filepath.Dir(path)) {
		rest, ours := strings.CutPrefix(name, before)
		number, sum, _ := strings.Cut(rest, "-")
		n, err := strconv.ParseUint(number, 10, 64)
		at := journal.Mark{Number: n}
		if ours && err == nil && at.Sum.UnmarshalText([]byte(sum)) == nil {
			names, marks = append(names, filepath.Join(filepath.Dir(path), name)), append(marks, at)
		}
	}
	return names, marks
}

// writeWitness writes how far the journal has come, in place of earlier witnesses. A
// journal that is thrown away has none.
func (j *Journal) writeWitness() error {
	if j.fresh {
		return nil
	}
	now := witness(j.path, j.place.LockFile().State().Mark)
	f, err := files.OpenIn(filepath.Dir(j.path))(now, os.O_CREATE|os.O_RDWR)
	if err != nil {
		return err
	}
	id := journal.FileID(f)
	_, err = f.WriteAt([]byte(id), 0)
	err = errors.Join(err, f.Truncate(int64(len(id))), f.Close())
	names, _ := witnesses(j.path)
	for _, name := range names {
		if name != now {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return err
}
