// Package flags is what a person types: the flags of every command, the variables that
// set them, and the command lines that are told to be typed next.
//
// A flag is one row of the table in table.go: its name, its default, its words in the
// help, what shells offer for it, whether a variable sets it, how its value is judged,
// and which commands have it. Registration, help, completion, the check of the
// environment and Settings come from there, and nothing else knows a flag's name but
// what acts on its value.
//
// What cannot work is refused here with a fault of package exit, before anything is
// opened. Nothing here opens an input, a journal or a connection.
package flags

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// New returns the defaults.
func New() *Values {
	v := &Values{}
	for i := len(table) - 1; i >= 0; i-- { // the first row of a name counts
		table[i].setStart(v)
	}
	return v
}

// setStart sets the default of a flag.
func (f *flag) setStart(v *Values) {
	switch to := f.at(v).(type) {
	case *string:
		*to, _ = f.start.(string)
	case *[]string:
		*to, _ = f.start.([]string)
	case *bool:
		*to, _ = f.start.(bool)
	case *int:
		*to, _ = f.start.(int)
	case *int64:
		*to, _ = f.start.(int64)
	case *float64:
		*to, _ = f.start.(float64)
	case *time.Duration:
		*to, _ = f.start.(time.Duration)
	default:
		panic(fmt.Sprintf("--%s has a %T", f.name, to))
	}
}

// commandKey is the annotation of a command that says which flags it has.
const commandKey = "axgbind_command"

// Add adds the flags of a command, whose values go to v.
func Add(c *cobra.Command, of Command, v *Values, lang report.Lang) {
	set := c.Flags()
	if of == Root {
		set = c.PersistentFlags()
	}
	set.SortFlags = false
	c.Flags().SortFlags = false
	notes := map[string]string{commandKey: strconv.FormatUint(uint64(of), 10)}
	maps.Copy(notes, c.Annotations)
	c.Annotations = notes
	for i := range table {
		f := &table[i]
		if f.of&of == 0 {
			continue
		}
		f.setStart(v)
		words := f.words.In(lang)
		switch to := f.at(v).(type) {
		case *string:
			set.StringVarP(to, f.name, f.short, *to, words)
		case *[]string:
			set.StringArrayVarP(to, f.name, f.short, *to, words)
		case *bool:
			set.BoolVarP(to, f.name, f.short, *to, words)
		case *int:
			set.IntVarP(to, f.name, f.short, *to, words)
		case *int64:
			set.Int64VarP(to, f.name, f.short, *to, words)
		case *float64:
			set.Float64VarP(to, f.name, f.short, *to, words)
		case *time.Duration:
			set.DurationVarP(to, f.name, f.short, *to, words)
		}
	}
}

// find is the first row of a name; nil if there is no such flag.
func find(name string) *flag {
	if i := slices.IndexFunc(table[:], func(f flag) bool { return f.name == name }); i >= 0 {
		return &table[i]
	}
	return nil
}

// onlyTyped reports whether no variable sets a flag.
func onlyTyped(name string) bool {
	f := find(name)
	return f == nil || f.typed // --help
}

// FromEnvironment sets every flag of a command that was not given and has a variable.
func FromEnvironment(c *cobra.Command, getenv func(string) string) error {
	var err error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if err != nil || f.Changed || onlyTyped(f.Name) {
			return
		}
		name := Variable(f.Name)
		value, row := getenv(name), find(f.Name)
		switch {
		case value == "":
			return
		case maskedValue(f.Name, value):
			err = exit.Refuse(exit.Usage, report.ErrMasked, name, value)
			return
		case value == row.typedValue: // no profile may say so for ever
			others := slices.DeleteFunc(slices.Clone(row.values), func(v string) bool { return v == value })
			err = exit.Refuse(exit.Usage, report.ErrEnvValue, name, report.Say(report.WhyRange, value, strings.Join(others, " | ")))
			return
		}
		if serr := c.Flags().Set(f.Name, value); serr != nil {
			err = exit.Refuse(exit.Usage, report.ErrEnvValue, name, exit.Reason(serr))
		}
		f.Changed = false // stays what it says: given on the command line
	})
	return err
}

// Says is what a flag of a command line says, or else its variable, though other flags
// may be wrong.
func Says(set *pflag.FlagSet, name string, getenv func(string) string) string {
	flag := set.Lookup(name)
	if text := getenv(Variable(name)); !flag.Changed && text != "" && !onlyTyped(name) {
		return text
	}
	return flag.Value.String()
}

// given are the values of a flag.
func given(f *pflag.Flag) []string {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return list.GetSlice()
	}
	return []string{f.Value.String()}
}

// RefuseMasked refuses values that were copied from where axgbind masked them:
// nobody can tell what they were, and a row with one would be another row.
func RefuseMasked(c *cobra.Command, args []string) error {
	var err error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		for _, value := range given(f) {
			if err == nil && f.Changed && maskedValue(f.Name, value) {
				err = exit.Refuse(exit.Usage, report.ErrMasked, "--"+f.Name, value)
			}
		}
	})
	for _, arg := range args {
		if err == nil && maskedValue("", arg) {
			err = exit.Refuse(exit.Usage, report.ErrMasked, "INPUT", arg)
		}
	}
	return err
}

// maskedValue reports whether the value of a flag, or an argument, is masked. A
// file may be called so.
func maskedValue(flag, value string) bool {
	if !report.Masked(value) {
		return false
	}
	if flag == "" || namesFile(flag) {
		_, err := os.Lstat(value)
		return err != nil
	}
	return true
}

// namesFile reports whether a flag names a file.
func namesFile(name string) bool {
	f := find(name)
	return f != nil && f.file != ""
}
