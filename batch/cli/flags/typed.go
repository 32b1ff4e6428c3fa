package flags

import (
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"axgbind/batch/field"
	"axgbind/report"
)

// Line is a command line to type, or what stands for it in words: it is shown
// only if it does what it should as it stands. A number that is masked, a line
// break in a name or an input from a pipe make it another command.
type Line struct {
	Words  []string
	Hidden bool // it cannot be shown
}

// Begin begins a command line of this program.
func Begin(words ...string) Line { return Line{Words: append([]string{"axgbind"}, words...)} }

// Add adds arguments to the line.
func (t *Line) Add(args ...string) {
	for _, arg := range args {
		word, ok := report.Word(runtime.GOOS, arg)
		t.Words = append(t.Words, word)
		t.Hidden = t.Hidden || !ok
	}
}

// AddPath adds the name of a file, which must not be taken for a flag.
func (t *Line) AddPath(path string) {
	if strings.HasPrefix(path, "-") {
		t.Hidden = t.Hidden || path == "-"
		path = "." + string(filepath.Separator) + path
	}
	t.Add(path)
}

// Or is the line for a phrase, or else the words.
func (t *Line) Or(words report.Said) any {
	if t.Hidden {
		return words
	}
	return report.Command(strings.Join(t.Words, " "))
}

// given adds the flags of a command line that are wanted.
func (t *Line) given(set *pflag.FlagSet, wanted func(name string) bool) {
	set.VisitAll(func(f *pflag.Flag) {
		if !f.Changed || !wanted(f.Name) {
			return
		}
		for _, value := range given(f) {
			switch {
			case f.Value.Type() == "bool" && value == "true":
				t.Add("--" + f.Name)
			case f.Value.Type() == "bool":
				t.Add("--" + f.Name + "=" + value)
			default:
				t.Add("--"+f.Name, value)
				t.Hidden = t.Hidden || holdsCell("--"+f.Name) && ShownCell(value) != value
			}
		}
	})
}

// InLang adds the one that says the language.
func (t *Line) InLang(set *pflag.FlagSet) {
	t.given(set, func(name string) bool { return name == "lang" })
}

// OfBatch adds those that any command about the batch needs.
func (t *Line) OfBatch(set *pflag.FlagSet) { t.given(set, OfBatch) }

// Again adds those that a next run of the same command needs, but for some.
func (t *Line) Again(set *pflag.FlagSet, leftOut map[string]bool) {
	t.given(set, func(name string) bool { return !leftOut[name] && (find(name) == nil || !find(name).once) })
}

// OfBatch reports whether any command about a batch needs a flag as its last run had it.
func OfBatch(flag string) bool {
	f := find(flag)
	return f != nil && f.batch
}

// holdsCell reports whether an argument is a flag that says FIELD=VALUE, where the value
// may be a number.
func holdsCell(arg string) bool {
	name, long := strings.CutPrefix(arg, "--")
	f := find(name)
	return long && f != nil && f.cell
}

// ShownCell is a FIELD=VALUE of --default, or a COLUMN=VALUE of --only, for
// people: a number is masked, by whatever name its field goes.
func ShownCell(value string) string {
	name, number, _ := strings.Cut(value, "=")
	switch f, err := field.Parse(name); {
	case err != nil:
	case f == field.PhoneNoA, f == field.PhoneNoB, f == field.PhoneNoX:
		return report.Shown(name + "=" + report.Mask(number))
	}
	return report.Shown(value)
}

// ShownArgs are the arguments of a command line for people, numbers masked.
func ShownArgs(args []string) []string {
	shown := make([]string, len(args))
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		switch {
		case joined && holdsCell(name):
			arg = name + "=" + ShownCell(value)
		case i > 0 && holdsCell(args[i-1]):
			arg = ShownCell(arg)
		}
		shown[i] = report.Shown(arg)
	}
	return shown
}

// ShownFields are defaults for people, numbers masked.
func ShownFields(fields map[string]string) map[string]string {
	shown := map[string]string{}
	for name, value := range fields {
		_, shown[name], _ = strings.Cut(ShownCell(name+"="+value), "=")
	}
	return shown
}

// ShownColumns are fields by column likewise.
func ShownColumns(columns map[string]string) map[string]string {
	masked := map[string]string{}
	for column, field := range columns {
		masked[report.Shown(column)] = field
	}
	return masked
}
