package cli

import (
	"maps"
	"slices"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/input"
	"axgbind/report"
)

// What a run leaves of itself in the journal holds no phone number: it stays when the
// rows have left.

// readAlike refuses a run whose rows cannot be read as they were, for a default or the
// name of a column held a phone number, unless this command gives it again.
func readAlike(run *books.RunStart, in *input.Options) error {
	for name, value := range run.Fields {
		field, err := input.ParseField(name)
		phone := field == input.PhoneNoA || field == input.PhoneNoB || field == input.PhoneNoX
		if _, given := in.Defaults[field]; err == nil && !given && (phone || report.Masked(value)) {
			return exit.Refuse(exit.Usage, report.ErrReadMasked, value, report.Whole("--default "+name+"=VALUE"))
		}
	}
	for column, name := range run.Columns {
		field, err := input.ParseField(name)
		if err == nil && report.Masked(column) && !slices.Contains(slices.Collect(maps.Values(in.Map)), field) {
			return exit.Refuse(exit.Usage, report.ErrReadMasked, column, report.Whole("--map COLUMN="+name))
		}
	}
	return nil
}
