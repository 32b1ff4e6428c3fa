package cli

import (
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/terminal"
	"axgbind/batch/input"
	"axgbind/report"
)

// envPrefix begins the environment variable of every flag that has one:
// --max-inflight is AXGBIND_MAX_INFLIGHT.
const envPrefix = "AXGBIND_"

// envLang is the language; it counts before flags are parsed.
const envLang = envPrefix + "LANG"

// environment is the variables of this process. In those of axgbind, blanks and
// line ends around a value are cut, as files written on another system leave them
// there; one that is empty then is not set. Of those that cannot be meant as they
// stand only the fault is kept, which checkVariables tells.
type environment struct {
	values map[string]string
	faults map[string]*exit.Fault
}

// newEnvironment reads a list as os.Environ gives it. Of two variables of one name
// the first counts, as in os.Getenv.
func newEnvironment(list []string) *environment {
	e := &environment{values: make(map[string]string, len(list)), faults: map[string]*exit.Fault{}}
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
		if strings.HasPrefix(name, envPrefix) {
			value = e.clean(name, value)
		}
		e.values[name] = value
	}
	return e
}

// getenv returns the value of a variable, "" if it is not set.
func (e *environment) getenv(name string) string { return e.values[name] }

// quotationMarks are what people and word processors put around a value.
const quotationMarks = "\"'`“”„‟‘’‚‛«»＂＇"

// clean returns the value of a variable of axgbind, or "" and keeps its fault.
func (e *environment) clean(name, value string) string {
	if name == variable("delimiter") && strings.Trim(value, " \r\n") == "\t" {
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

// variable is the environment variable of a flag.
func variable(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// onlyTells reports whether a command does nothing but print what it knows. Such a
// command works whatever the variables are, for it may tell what is wrong.
func onlyTells(c *cobra.Command) bool {
	switch c.Name() {
	case "help", "version", "explain", "template", "completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd:
		return true
	}
	return false
}

// checkVariables refuses variables that were meant for axgbind and would have no
// effect: the run would not be the one that somebody wanted. A flag's variable may
// be set for commands that lack the flag.
func (e *environment) checkVariables(root *cobra.Command) error {
	flags := map[string]string{notifyURL: "", notifySecret: "", notifyWhen: "", envLang: "", envKeep: ""} // name: the flag, if only a flag can say it
	for _, c := range allCommands(root) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			switch name := variable(f.Name); {
			case name == envLang:
			case flagsOnly[f.Name]:
				flags[name] = f.Name
			default:
				flags[name] = ""
			}
		})
	}
	known := slices.Sorted(maps.Keys(flags))
	settable := slices.DeleteFunc(slices.Clone(known), func(name string) bool { return flags[name] != "" })
	for _, name := range slices.Sorted(maps.Keys(e.values)) {
		if f := e.faults[name]; f != nil {
			return f
		}
		only, ok := flags[name]
		if ok && only == "" || strings.TrimFunc(e.values[name], blank) == "" {
			continue
		}
		near := name
		if !ok {
			var slip bool
			if near, slip = nearestVariable(name, known); near == "" {
				continue
			}
			switch only = flags[near]; {
			case serviceLink.MatchString(name):
				return exit.Refuse(exit.Usage, report.ErrEnvService, printableName(name), near)
			case !slip && only != "": // its person did not mean the flag
				only = ""
				near, _ = nearestVariable(name, settable)
			}
		}
		if only != "" {
			return exit.Refuse(exit.Usage, report.ErrEnvFlagOnly, printableName(name), only)
		}
		return exit.Refuse(exit.Usage, report.ErrEnvUnknown, printableName(name), near)
	}
	if lang := e.values[envLang]; lang != "" {
		if _, ok := terminal.ParseLanguage(lang); !ok {
			return exit.Refuse(exit.Usage, report.ErrEnvValue, envLang, report.Say(report.WhyRange, strconv.Quote(lang), "en | zh"))
		}
	}
	_, err := e.keep()
	return err
}

// serviceLink is how Kubernetes calls the variables that tell of a Service.
var serviceLink = regexp.MustCompile(`^AXGBIND_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// nearestVariable returns the known name that is most like one that is not known,
// and whether it is no more than a slip of the keyboard away. It is blank for a name
// that was hardly meant for axgbind: one without the prefix that is no such slip.
func nearestVariable(name string, known []string) (near string, slip bool) {
	name = strings.ToUpper(strings.TrimFunc(name, blank))
	name = strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(strings.TrimPrefix(name, "EXPORT "))
	ours := strings.HasPrefix(name, envPrefix)
	const slips = 2
	least := len(name) + len(envPrefix)
	if !ours {
		least = slips + 1
	}
	for _, other := range known {
		if !ours && max(len(name)-len(other), len(other)-len(name)) > slips {
			continue
		}
		if d := input.EditDistance(name, other); d < least {
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
