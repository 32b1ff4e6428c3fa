// Package reference holds the reference of the program: eight short pages in both
// languages. The program shows them, axgbind help TOPIC, and they are read where they
// stand, in this folder, as Markdown.
//
// A page reads well on a terminal as it is written: lines of at most 104 columns, tables
// with aligned columns. It begins with its title. Commands in blocks marked sh are run
// by a test, in their order, page after page; an exit status other than 0 stands in the
// comment behind the command. What a comment of HTML says is for those who read the
// source: which tests hold a promise.
//
// The package knows nothing of commands, and does not change what a page says.
package reference

import (
	"embed"
	"regexp"
	"slices"
	"strings"

	"axgbind/report"
)

//go:embed *.md
var files embed.FS

// Topic is one page of the reference.
type Topic struct {
	Name     string   // as typed, and as its file is called
	Also     []string // other names by which people ask for it
	Commands []string // it tells more of these than their own help
}

// Topics returns all pages, in the order in which they are read.
func Topics() []Topic {
	return []Topic{
		{"input", []string{"fields", "columns"}, []string{"check", "template"}},
		{"keys", []string{"key", "privacy", "data", "files"}, nil},
		{"rerun", []string{"rerunning", "running-again", "again", "held", "killed", "signals"}, []string{"bind"}},
		{"results", []string{"states", "statuses", "codes", "excel", "bound", "failed", "invalid", "pending", "released",
			"0", "1", "3", "4", "5", "6", "7", "8", "10", "11", "129", "130", "143"}, []string{"status", "report", "explain"}},
		{"settling", []string{"unknown", "settle"}, []string{"reconcile", "verify"}},
		{"changes", []string{"changing", "renew", "renewing", "undo", "undoing"}, []string{"update", "unbind"}},
		{"nights", []string{"night", "environment", "metrics"}, nil},
		{"guarantees", []string{"memory", "crash"}, []string{"journal"}},
	}
}

// Find returns the topic of that name, or of that other name.
func Find(name string) (Topic, bool) {
	for _, t := range Topics() {
		if t.Name == name || slices.Contains(t.Also, name) {
			return t, true
		}
	}
	return Topic{}, false
}

// Page returns the page in a language, without its comments.
func (t Topic) Page(lang report.Lang) string {
	name := t.Name + ".md"
	if lang == report.ZH {
		name = t.Name + ".zh-CN.md"
	}
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it was there when the program was built, or Topics is wrong
	}
	return comments.ReplaceAllString(string(text), "")
}

// Title returns the first line of the page in a language.
func (t Topic) Title(lang report.Lang) string {
	first, _, _ := strings.Cut(t.Page(lang), "\n")
	return strings.TrimPrefix(first, "# ")
}

var comments = regexp.MustCompile(` *<!--[^>]*-->`)
