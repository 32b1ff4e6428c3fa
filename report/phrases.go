package report

import (
	"regexp"
	"strconv"
	"strings"
)

// Phrases are the sentences that may stand in a text of an earlier run, such as the
// Reason of a results file, so that it can be said in another language than that run's.
//
// They promise: In changes a text only if it is made of their sentences from end to end,
// and then says the same sentences with the same arguments, so that said back it is that
// text again, byte by byte. Anything else stays as it is, and so does what can be read in
// two ways that are not said alike.
type Phrases struct{ list []phrase }

// phrase is a sentence taken apart, in each language.
type phrase struct {
	parts [2][]part
	args  []any // see NewPhrases
}

// part is words of a sentence and the argument behind them.
type part struct {
	words string
	arg   int // from 0; -1: none, the sentence ends
	verb  string
}

// NewPhrases makes Phrases of sentences. An argument says what may stand in its place:
// *Phrases one of their sentences, a func(string) bool what it is true of, anything else
// any text; and for %d only a number. To narrow an argument to less than can stand there
// makes a text unread, or worse, read otherwise than it was meant.
func NewPhrases(list ...Said) *Phrases {
	p := &Phrases{make([]phrase, len(list))}
	for i, s := range list {
		p.list[i] = phrase{[2][]part{EN: parts(s.Text.EN), ZH: parts(s.Text.ZH)}, s.Args}
	}
	return p
}

var verbs = regexp.MustCompile(`%(?:\[([1-9])\])?([ds])`)

// parts takes a sentence apart.
func parts(s string) (list []part) {
	from, next := 0, 1
	for _, m := range verbs.FindAllStringSubmatchIndex(s, -1) {
		if m[2] >= 0 {
			next, _ = strconv.Atoi(s[m[2]:m[3]])
		}
		list = append(list, part{s[from:m[0]], next - 1, s[m[4]:m[5]]})
		from, next = m[1], next+1
	}
	return append(list, part{words: s[from:], arg: -1})
}

// In returns a text in a language if it is one of the sentences in the other, or several
// with Between between them; any other text as it is.
func (p *Phrases) In(lang Lang, text string) string {
	const longest, most = 4 << 10, 50 // bytes and joints: no text of ours is as long, and one made for it would take long to read
	if len(text) > longest || strings.Count(text, Between.In(other(lang))) > most {
		return text
	}
	said := p.several(other(lang), text, map[int]reading{})
	if back := p.several(lang, said.text, map[int]reading{}); !said.ok || said.torn || back.torn || back.text != text {
		return text
	}
	return said.text
}

func other(lang Lang) Lang { return ZH - lang }

// reading is what a text says, in the other language. The zero value is none.
type reading struct {
	ok   bool
	text string
	torn bool // another reading says something else
}

// or are two readings of the same text.
func (r reading) or(s reading) reading {
	switch {
	case !r.ok:
		return s
	case s.ok:
		r.torn = r.torn || s.torn || s.text != r.text
	}
	return r
}

// several reads a text as sentences with Between between them. known are the readings of
// the text's ends, by their length.
func (p *Phrases) several(from Lang, s string, known map[int]reading) reading {
	if r, ok := known[len(s)]; ok {
		return r
	}
	r := p.one(from, s)
	for i := range s {
		rest, ok := strings.CutPrefix(s[i:], Between.In(from))
		if !ok {
			continue
		}
		if head := p.one(from, s[:i]); head.ok {
			tail := p.several(from, rest, known)
			r = r.or(reading{tail.ok, head.text + Between.In(other(from)) + tail.text, head.torn || tail.torn})
		}
	}
	known[len(s)] = r
	return r
}

// one reads a text as one sentence.
func (p *Phrases) one(from Lang, s string) (r reading) {
	for i := range p.list {
		f := &p.list[i]
		if list := f.parts[from]; strings.HasPrefix(s, list[0].words) && strings.HasSuffix(s, list[len(list)-1].words) {
			r = r.or(f.read(from, list, s, [9]reading{}))
		}
	}
	return r
}

// read reads what is left of a text as the parts that are left of a sentence. args are
// its arguments so far.
func (f *phrase) read(from Lang, left []part, s string, args [9]reading) (r reading) {
	rest, ok := strings.CutPrefix(s, left[0].words)
	switch {
	case !ok:
	case left[0].arg >= 0:
		next, end := left[1], 0
		if next.arg < 0 {
			end = max(0, len(rest)-len(next.words))
		}
		for ; end <= len(rest); end++ {
			at := strings.Index(rest[end:], next.words)
			if at < 0 {
				break
			}
			end += at
			if args[left[0].arg] = f.arg(from, left[0], rest[:end]); args[left[0].arg].ok {
				r = r.or(f.read(from, left[1:], rest[end:], args))
			}
		}
	case rest == "":
		r = f.said(other(from), args)
	}
	return r
}

var decimal = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`)

// arg reads an argument of the sentence.
func (f *phrase) arg(from Lang, at part, s string) reading {
	ok := at.verb == "s" || decimal.MatchString(s)
	if at.arg < len(f.args) {
		switch may := f.args[at.arg].(type) {
		case *Phrases:
			return may.one(from, s)
		case func(string) bool:
			ok = ok && may(s)
		}
	}
	return reading{ok: ok, text: s}
}

// said is the sentence with its arguments.
func (f *phrase) said(lang Lang, args [9]reading) reading {
	r := reading{ok: true}
	for _, part := range f.parts[lang] {
		if r.text += part.words; part.arg >= 0 {
			a := args[part.arg]
			r = reading{r.ok && a.ok, r.text + a.text, r.torn || a.torn}
		}
	}
	return r
}
