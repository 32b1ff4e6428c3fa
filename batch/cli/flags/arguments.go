package flags

import (
	"os"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// CheckEnds refuses an argument that ends with a character nobody sees. A script
// with Windows line ends puts a carriage return behind the last argument of each
// line, text copied from a chat a blank of another kind, and the command would
// work with another file, journal or number than it shows. A tab may be a
// delimiter.
func CheckEnds(args []string) error {
	for i, arg := range args {
		last, n := utf8.DecodeLastRuneInString(arg)
		if last == '\t' || !unseen(last) && !(last > unicode.MaxASCII && unicode.IsSpace(last)) {
			continue
		}
		// What it says may be somebody's number: the place is told, not the text.
		var place any = report.Say(report.ArgPlace, i+1)
		if name, _, _ := strings.Cut(strings.TrimRightFunc(arg, blank), "="); strings.HasPrefix(name, "--") && printableName(name) == name {
			place = name
		} else if i > 0 && strings.HasPrefix(args[i-1], "-") && !strings.Contains(args[i-1], "=") {
			place = args[i-1]
		}
		return exit.Refuse(exit.Usage, report.ErrArgEnd, place, codePoint(arg[len(arg)-n:]))
	}
	return nil
}

// CheckDashes refuses an argument that was meant for a flag and is none: an editor or a chat
// made a dash of its hyphens, or put something before them that nobody sees. Such an
// argument would be taken for a file.
func CheckDashes(args []string) error {
	for i, arg := range args {
		if arg == "--" {
			return nil
		}
		name, _, _ := strings.Cut(arg, "=") // its value may be a number, and is not told
		seen := strings.TrimLeftFunc(name, blank)
		word := strings.TrimLeftFunc(seen, isDash)
		at := strings.IndexFunc(name, func(r rune) bool { return r != '-' && (isDash(r) || unseen(r)) })
		if at < 0 || word == seen || !flagName.MatchString(strings.Map(hyphen, word)) {
			continue
		}
		if _, err := os.Lstat(arg); err == nil {
			continue // a file of that name
		}
		meant := "--"
		if utf8.RuneCountInString(word) == 1 {
			meant = "-"
		}
		wrong, _ := utf8.DecodeRuneInString(name[at:])
		shown := codePoint(name[at:])
		if isDash(wrong) {
			shown = string(wrong) + " (" + shown + ")"
		}
		return exit.Refuse(exit.Usage, report.ErrArgDash, i+1, shown, meant+strings.Map(hyphen, word))
	}
	return nil
}

// flagName is what can be the name of a flag.
var flagName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// isDash tells what looks like a hyphen, hyphens included.
func isDash(r rune) bool {
	return unicode.Is(unicode.Dash, r) || r == 0x2500 || r == 0x30FC || r == 0xAD
}

// hyphen makes a hyphen of what looks like one, and drops what nobody sees.
func hyphen(r rune) rune {
	switch {
	case isDash(r):
		return '-'
	case unseen(r):
		return -1
	}
	return unicode.ToLower(r)
}

// CheckPaths refuses paths that were hardly meant as they stand: a file of such a
// name would be made, and the next run, without the slip, would not know it.
func CheckPaths(c *cobra.Command, args []string) error {
	var err error
	check := func(place any, path string, made bool) {
		first, _ := utf8.DecodeRuneInString(path)
		last, _ := utf8.DecodeLastRuneInString(path)
		quoted := strings.ContainsRune(quotationMarks, first) && strings.ContainsRune(quotationMarks, last)
		switch at := strings.IndexFunc(path, unseen); {
		case err != nil || path == "" && !made:
		case path == "": // of a variable of the shell that is not set
			err = exit.Refuse(exit.Usage, report.ErrArgEmpty, place)
		case strings.TrimFunc(path, blank) != path || quoted && made:
			err = exit.Refuse(exit.Usage, report.ErrArgPath, place)
		case path == "-" && made: // a file of that name was hardly meant
			err = exit.Refuse(exit.Usage, report.ErrArgStdout, place)
		case at >= 0 && made:
			err = exit.Refuse(exit.Usage, report.ErrArgUnseen, place, codePoint(path[at:]))
		}
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if namesFile(f.Name) && f.Changed {
			check("--"+f.Name, f.Value.String(), f.Name != "x-numbers" && !(f.Name == "out" && f.Value.String() == "-"))
		}
	})
	for i, arg := range args {
		check(report.Say(report.ArgPlace, i+1), arg, false)
	}
	return err
}

// Paths are the files that the flags of a run name.
func Paths(args []string) (paths []string) {
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		if name == "-o" {
			name = "--out"
		}
		flag, long := strings.CutPrefix(name, "--")
		if !namesFile(flag) || !long {
			continue
		}
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		paths = append(paths, value)
	}
	return paths
}
