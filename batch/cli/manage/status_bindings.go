package manage

import (
	"bufio"
	"encoding/csv"
	"io"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/store"
	"axgbind/report"
)

// bindingColumns are those of status --bindings. update and unbind find the binding
// by SecretNo and SubsId, and the fields by their own names.
var bindingColumns = []string{
	"PoolKey", "PhoneNoA", "PhoneNoB", "GroupId", "Expiration", "IsRecordingEnabled", "CallRestrict", "OutId", "SecretNo", "SubsId", "Batch",
}

// listBindings prints the bindings that live as CSV: those that a batch holds, or
// all. They are full numbers.
func listBindings(a *command.Invocation, g *glance, j *books.Journal, id string, now time.Time) error {
	out := bufio.NewWriterSize(a.Stdout, 64<<10)
	w := csv.NewWriter(out)
	_, err := io.WriteString(out, report.BOM)
	if err == nil {
		err = w.Write(bindingColumns)
	}
	for b, rerr := range j.LiveBindings(id, false, now) {
		if rerr != nil {
			return store.Unread(g.Place.Path, rerr)
		}
		if err == nil {
			err = w.Write([]string{
				b.PoolKey, b.PhoneNoA, b.PhoneNoB, b.GroupID, b.Expiration, b.IsRecordingEnabled, b.CallRestrict, b.OutID,
				report.Plain(b.SecretNo), report.Plain(b.SubsID), report.Plain(b.Batch), // a results file that was changed may have brought any text
			})
		}
		if err != nil {
			break
		}
	}
	if w.Flush(); err == nil {
		err = w.Error()
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	return nil
}
