package rules

import (
	"slices"

	"axgbind/report"
)

// Codes that the service gives for what the rules find. A local fault carries
// the code the service would have answered with.
const (
	codeNumber   = "isv.MOBILE_NUMBER_ILLEGAL"
	codeConflict = "isv.BIND_CONFLICT"
	CodeExpiry   = "isv.EXPIRE_DATE_ILLEGAL"
	codeArgument = "isv.ILLEGAL_ARGUMENT"
)

// Rule is one thing that can be wrong with a row, or that was put right.
type Rule struct {
	ID       string // stable, such as mobile-length
	Code     string // what the service would have answered, such as isv.MOBILE_NUMBER_ILLEGAL; "" if nothing
	Severity report.Severity

	Meaning report.Text // what the rule asks for; no verbs
	Short   report.Text // what is wrong, behind the name of the column or the row; none for the file as a whole
	Cause   report.Text // what is wrong with a value; verbs of package fmt with indexes
	Cure    report.Text // what to do; no verbs
}

// All returns every rule, in the order in which an explanation lists them:
// the header and the record first, then the rows as such, cells of any kind, and the fields.
// The slice is the caller's.
func All() []Rule { return slices.Clone(all) }

// ByID returns the rule of that ID. It panics if there is none.
func ByID(id string) *Rule {
	for i := range all {
		if all[i].ID == id {
			return &all[i]
		}
	}
	panic("rules: no rule " + id)
}

var all = slices.Concat(headerRules[:], recordRules[:], rowRules[:], cellRules[:], phoneRules[:], expirationRules[:], fieldRules[:])
