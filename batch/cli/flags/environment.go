package flags

import (
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/terminal"
	"axgbind/batch/field"
	"axgbind/report"
)

// Prefix begins the environment variable of every flag that has one:
// --max-inflight is AXGBIND_MAX_INFLIGHT.
const Prefix = "AXGBIND_"

// LangVariable is the language; it counts before flags are parsed.
const LangVariable = Prefix + "LANG"

// Environment is the variables of this process. In those of axgbind, blanks and
// line ends around a value are cut, as files written on another system leave them
// there; one that is empty then is not set. Of those that cannot be meant as they
// stand only the fault is kept, which checkVariables tells.
type Environment struct {
	values map[string]string
	faults map[string]*exit.Fault
}

// NewEnvironment reads a list as os.Environ gives it. Of two variables of one name
// the first counts, as in os.Getenv.
func NewEnvironment(list []string) *Environment {
	e := &Environment{values: make(map[string]string, len(list)), faults: map[string]*exit.Fault{}}
	for _, text := range list {
		i := strings.IndexByte(text[min(1, len(text)):], '=') // names such as =C: exist on Windows
		if i < 0 {
			continue
		}
		name, value := text[:i+1], text[i+2:]
		if runtime.GOOS == "windows" {
			name = strings.ToUpper(name) // that system does not tell them apart
		}
		if _, twice := e.values[name]; twice {
			continue
		}
		if strings.HasPrefix(name, Prefix) {
			value = e.clean(name, value)
		}
		e.values[name] = value
	}
	return e
}

// Getenv returns the value of a variable, "" if it is not set.
func (e *Environment) Getenv(name string) string { return e.values[name] }

// quotationMarks are what people and word processors put around a value.
const quotationMarks = "\"'`“”„‟‘’‚‛«»＂＇"

// clean returns the value of a variable of axgbind, or "" and keeps its fault.
func (e *Environment) clean(name, value string) string {
	if name == Variable("delimiter") && strings.Trim(value, " \r\n") == "\t" {
		return "tab"
	}
	value = strings.TrimFunc(value, blank)
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	switch at := strings.IndexFunc(value, unseen); {
	case value == "":
	case strings.ContainsRune(quotationMarks, first) || strings.ContainsRune(quotationMarks, last):
		e.faults[name] = exit.Refuse(exit.Usage, report.ErrEnvQuotes, name)
		return ""
	case at >= 0:
		e.faults[name] = exit.Refuse(exit.Usage, report.ErrEnvUnseen, name, codePoint(value[at:]))
		return ""
	}
	return value
}

// unseen tells characters that nobody types on purpose: control characters, line
// breaks, and marks without a width, such as those of writing directions.
func unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// blank tells what may stand around a value without anybody seeing it.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// codePoint is how the first character of a text is named: U+000D.
func codePoint(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	return fmt.Sprintf("%U", r)
}

// Variable is the environment variable of a flag.
func Variable(flag string) string {
	return Prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Tells are the annotations of a command that does nothing but print what it knows. It
// works whatever the variables are, for it may tell what is wrong.
var Tells = map[string]string{"tells": ""}

// OnlyTells reports whether a command does nothing but print what it knows, as that of
// shells that complete a word.
func OnlyTells(c *cobra.Command) bool {
	_, tells := c.Annotations["tells"]
	return tells || c.Name() == cobra.ShellCompRequestCmd || c.Name() == cobra.ShellCompNoDescRequestCmd
}

// CheckVariables refuses variables that were meant for axgbind and would have no
// effect: the run would not be the one that somebody wanted. A flag's variable may
// be set for commands that lack the flag.
func (e *Environment) CheckVariables() error {
	flags := map[string]string{NotifyURL: "", NotifySecret: "", NotifyWhen: "", LangVariable: "", KeepVariable: "", Variable("help"): "help"} // name: the flag, if only a flag can say it
	for i := range table {
		f := &table[i]
		switch name := Variable(f.name); {
		case name == LangVariable:
		case f.typed:
			flags[name] = f.name
		default:
			flags[name] = ""
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.values)) {
		if f := e.faults[name]; f != nil {
			return f
		}
		if strings.TrimFunc(e.values[name], blank) == "" {
			continue
		}
		if f := wrongName(name, flags); f != nil {
			return f
		}
	}
	if lang := e.values[LangVariable]; lang != "" {
		if _, ok := terminal.ParseLanguage(lang); !ok {
			return exit.Refuse(exit.Usage, report.ErrEnvValue, LangVariable, report.Say(report.WhyRange, strconv.Quote(lang), "en | zh"))
		}
	}
	_, err := e.Keep()
	return err
}

// wrongName is why a variable that is set has no effect; nil if it has one, or is none
// of axgbind's. flags are the names that are known, with the flag if only a flag can
// say it.
func wrongName(name string, flags map[string]string) *exit.Fault {
	only, known := flags[name]
	if !known {
		near, slip := nearestVariable(name, slices.Sorted(maps.Keys(flags)))
		switch only = flags[near]; {
		case near == "":
			return nil
		case serviceLink.MatchString(name):
			return exit.Refuse(exit.Usage, report.ErrEnvService, printableName(name), near)
		case only != "" && !slip: // its person did not mean the flag
			maps.DeleteFunc(flags, func(_, only string) bool { return only != "" })
			near, _ = nearestVariable(name, slices.Sorted(maps.Keys(flags)))
			only = ""
		}
		if only == "" {
			return exit.Refuse(exit.Usage, report.ErrEnvUnknown, printableName(name), near)
		}
	}
	if only != "" {
		return exit.Refuse(exit.Usage, report.ErrEnvFlagOnly, printableName(name), only)
	}
	return nil
}

// serviceLink is how Kubernetes calls the variables that tell of a Service.
var serviceLink = regexp.MustCompile(`^AXGBIND_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// nearestVariable returns the known name that is most like one that is not known,
// and whether it is no more than a slip of the keyboard away. It is blank for a name
// that was hardly meant for axgbind: one without the prefix that is no such slip.
func nearestVariable(name string, known []string) (near string, slip bool) {
	name = strings.ToUpper(strings.TrimFunc(name, blank))
	name = strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(strings.TrimPrefix(name, "EXPORT "))
	ours := strings.HasPrefix(name, Prefix)
	const slips = 2
	least := len(name) + len(Prefix)
	if !ours {
		least = slips + 1
	}
	for _, other := range known {
		if !ours && max(len(name)-len(other), len(other)-len(name)) > slips {
			continue
		}
		if d := field.Distance(name, other); d < least {
			near, least = other, d
		}
	}
	return near, least <= slips
}

// printableName is a variable's name for people: as it stands, or quoted.
func printableName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || unseen(r) || !unicode.IsPrint(r) }) {
		return fmt.Sprintf("%+q", name)
	}
	return name
}

// Rows leave the journal keepDefault after they ended, or what envKeep says: until
// then results can still be written anew from it.
const (
	keepDefault = 30 * 24 * time.Hour
	keepLeast   = 2 * 24 * time.Hour // 24 h after its Expiration a binding still holds others back
)

// KeepVariable says how long rows that ended are kept: 30d.
const KeepVariable = Prefix + "KEEP"

var keepForm = regexp.MustCompile(`^([0-9]{1,5})([dh])$`)

// Keep is how long rows that ended are kept.
func (e *Environment) Keep() (time.Duration, error) {
	text := e.Getenv(KeepVariable)
	if text == "" {
		return keepDefault, nil
	}
	m := keepForm.FindStringSubmatch(text)
	if m == nil {
		return 0, exit.Refuse(exit.Usage, report.ErrEnvValue, KeepVariable, report.Say(report.WhyKeepForm, strconv.Quote(text)))
	}
	n, _ := strconv.Atoi(m[1]) // five digits
	keep := time.Duration(n) * time.Hour
	if m[2] == "d" {
		keep *= 24
	}
	if keep < keepLeast {
		return 0, exit.Refuse(exit.Usage, report.ErrEnvValue, KeepVariable, report.Say(report.WhyKeep, text))
	}
	return keep, nil
}

// Where the robot's address and secret come from. They are no flags, since
// flags stand in process lists and shell histories: whoever has the address
// may write to the group. When it is told stands beside them.
const (
	NotifyURL    = Prefix + "NOTIFY_URL"
	NotifySecret = Prefix + "NOTIFY_SECRET"
	NotifyWhen   = Prefix + "NOTIFY" // problem: of a status that is not 0, the default; always
)
