package cli

import (
	"errors"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
)

// openSource opens the input.
func (a *app) openSource(path string) (*files.Source, error) {
	s, err := files.OpenSource(path, a.Stdin)
	return s, sourceFault(path, err)
}

// sourceFault is why there is no input at path; nil: there is one.
func sourceFault(path string, err error) error {
	wrong, ok := errors.AsType[*files.SourceError](err)
	switch {
	case !ok:
		return err
	case wrong.NoCopy:
		return exit.Refuse(exit.Error, wrong.Why, path, exit.Reason(wrong.Err))
	case wrong.Err == nil:
		return exit.Refuse(exit.Input, wrong.Why, path)
	}
	return exit.Refuse(exit.Input, wrong.Why, path, exit.Reason(wrong.Err))
}
