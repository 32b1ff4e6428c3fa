package report

import (
	"slices"
	"strings"
)

// Command is a command line to type, in a phrase. It is plain, and no digit of it is
// masked.
type Command string

// Advice is what a person does next: a sentence, and those commands in it that can be
// typed as they stand. The zero value is none.
type Advice struct {
	Text     string
	Commands []string
}

// Advise is a phrase as advice. The commands in it are its arguments of type Command.
func Advise(lang Lang, p Text, args ...any) Advice {
	a := Advice{Text: p.In(lang, args...)}
	for _, arg := range args {
		if c, ok := arg.(Command); ok {
			a.Commands = append(a.Commands, Plain(string(c)))
		}
	}
	return a
}

// And is the advice with more behind it.
func (a Advice) And(lang Lang, more Advice) Advice {
	if a.Text == "" {
		return more
	}
	return Advice{Text: a.Text + Between.In(lang) + more.Text, Commands: append(slices.Clip(a.Commands), more.Commands...)}
}

// Lines is the advice for the end of what a command prints: each command stands on a line
// of its own, two blanks before it, under the words that say what it is for.
func (a Advice) Lines(lang Lang) []string {
	if a.Text == "" {
		return nil
	}
	var lines []string
	words := func(text string) {
		if text = strings.Trim(text, " ;；"); text != "" {
			lines = append(lines, text)
		}
	}
	rest := NextLine.In(lang, Whole(a.Text))
	for rest != "" {
		at, command := len(rest), ""
		for _, c := range a.Commands { // of those that begin at one place the longest
			if i := strings.Index(rest, c); i >= 0 && (i < at || i == at && len(c) > len(command)) {
				at, command = i, c
			}
		}
		words(rest[:at])
		if command != "" {
			lines = append(lines, "  "+command)
		}
		rest = rest[at+len(command):]
	}
	return lines
}
