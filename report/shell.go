package report

import "strings"

// Word is an argument as one word of a shell, to be typed as it stands: that of
// POSIX, or cmd and PowerShell on the system windows. ok is false if nobody
// could: it holds what is masked, cannot be seen, or no quotation marks keep.
func Word(system, arg string) (word string, ok bool) {
	plain := func(r rune) bool {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r > 0x7f:
			return true
		case system == "windows":
			return strings.ContainsRune(`-_./=:+\`, r)
		}
		return strings.ContainsRune("-_./=:,+@%", r)
	}
	if arg == "" || arg[0] == '=' || strings.ContainsFunc(arg, func(r rune) bool { return !plain(r) }) {
		return Quoted(system, arg)
	}
	return arg, typeable(arg)
}

// Quoted is Word with quotation marks in any case.
func Quoted(system, arg string) (word string, ok bool) {
	if system != "windows" {
		return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'", typeable(arg)
	}
	// What cmd and PowerShell agree on: a pair of marks, without what one of them
	// obeys inside it.
	ok = typeable(arg) && !strings.ContainsAny(arg, "\"$`%“”„") && !strings.HasSuffix(arg, `\`)
	return `"` + arg + `"`, ok
}

// typeable reports whether a text may be shown, and means the same when it is
// typed: it is whole, and no letter of it is masked or out of sight.
func typeable(s string) bool { return Shown(s) == s && !Masked(s) }
