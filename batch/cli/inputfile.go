package cli

import (
	"errors"

	"axgbind/batch/cli/files"
)

// openSource opens the input.
func (a *app) openSource(path string) (*files.Source, error) {
	s, err := files.OpenSource(path, a.stdin)
	return s, sourceFault(path, err)
}

// sourceFault is why there is no input at path; nil: there is one.
func sourceFault(path string, err error) error {
	wrong, ok := errors.AsType[*files.SourceError](err)
	switch {
	case !ok:
		return err
	case wrong.NoCopy:
		return refuse(statusError, wrong.Why, path, reasonOf(wrong.Err))
	case wrong.Err == nil:
		return refuse(statusInput, wrong.Why, path)
	}
	return refuse(statusInput, wrong.Why, path, reasonOf(wrong.Err))
}
