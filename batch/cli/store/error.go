package store

import (
	"errors"

	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// Error is why a journal is not used, or could not be kept: a sentence with its
// cure.
type Error struct {
	report.Said
	Locked bool // another run has it
	Broken bool // something was to be written, and could not be
}

func fail(phrase report.Text, args ...any) *Error {
	return &Error{Said: report.Say(phrase, args...)}
}

func failLocked(phrase report.Text, args ...any) *Error {
	return &Error{Said: report.Say(phrase, args...), Locked: true}
}

func failBroken(phrase report.Text, args ...any) *Error {
	return &Error{Said: report.Say(phrase, args...), Broken: true}
}

// Reason is files.Reason, and knows the errors of journals.
func Reason(err error) report.Said {
	said := files.Reason(err)
	if said.Text == report.WhyNone && errors.Is(err, journal.ErrJournal) {
		said.Text = report.WhyJournal
	}
	return said
}
