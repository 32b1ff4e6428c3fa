package files

import (
	"errors"
	"io/fs"
	"syscall"

	"axgbind/report"
)

// Reason is an error in words: in English its own, in Chinese those that say
// the same, as far as it is known what it says. It leaves out what was being
// done, for the sentence around it tells.
func Reason(err error) report.Said {
	if said, ok := errors.AsType[report.Said](err); ok {
		return said
	}
	inner := err
	for next := errors.Unwrap(inner); next != nil; next = errors.Unwrap(inner) {
		inner = next
	}
	why := report.WhyNone
	for _, known := range []struct {
		err error
		why report.Text
	}{
		{syscall.ENOSPC, report.WhyFull},
		{syscall.EDQUOT, report.WhyQuota},
		{syscall.EMFILE, report.WhyHandles},
		{syscall.ENFILE, report.WhyHandles},
		{syscall.EROFS, report.WhyReadOnly},
		{syscall.EISDIR, report.WhyDirectory},
		{syscall.ENOTDIR, report.WhyNotDirectory},
		{syscall.ENAMETOOLONG, report.WhyLongName},
		{syscall.EIO, report.WhyIO},
		{syscall.EBUSY, report.WhyBusy},
		{fs.ErrNotExist, report.WhyNotExist},
		{fs.ErrPermission, report.WhyForbidden},
		{fs.ErrExist, report.WhyExists},
	} {
		if errors.Is(err, known.err) {
			why = known.why
			break
		}
	}
	return report.Say(why, inner.Error())
}

// Cure is what has to be done before a file can be written.
func Cure(err error) report.Text {
	for _, known := range []struct {
		err  error
		cure report.Text
	}{
		{syscall.ENOSPC, report.CureFull},
		{syscall.EDQUOT, report.CureFull},
		{syscall.EFBIG, report.CureFileSize},
		{syscall.EMFILE, report.CureHandles},
		{syscall.ENFILE, report.CureHandles},
		{syscall.EROFS, report.CureReadOnly},
		{syscall.EISDIR, report.CureInTheWay},
		{syscall.ENOTEMPTY, report.CureInTheWay},
		{fs.ErrExist, report.CureInTheWay},
		{syscall.ENOTDIR, report.CureFolder},
		{fs.ErrNotExist, report.CureFolder},
		{fs.ErrPermission, report.CureForbidden},
		{syscall.EBUSY, report.CureBusy},
		{syscall.ETXTBSY, report.CureBusy},
	} {
		if errors.Is(err, known.err) {
			return known.cure
		}
	}
	if _, judged := errors.AsType[report.Said](err); judged { // something else stands at the path
		return report.CureInTheWay
	}
	return report.CureOther
}
