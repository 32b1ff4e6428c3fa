package report

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Message is what a chat group is told of a run: plain facts, one a line,
// which each robot dresses in the markdown it understands. Numbers and keys in
// it are masked, as everywhere outside files.
type Message struct {
	Title   string
	Problem bool     // the exit status is not 0
	Lines   []string // the most telling first, the next step and the sender last
}

// What a message holds at most, so that it fits the strictest robot (4096
// bytes): codes, and bytes of one line and of the next step.
const (
	messageCodes = 5
	messageLine  = 300
	messageNext  = 800
)

// Message tells of the end of a run. words is its exit status in words, why
// the reason of a stop or blank.
func (s *Summary) Message(lang Lang, words, why string) Message {
	m := s.opening(lang, words)
	counts := make([]string, len(s.Shown()))
	for i, status := range s.Shown() {
		counts[i] = status.String() + " " + strconv.Itoa(s.Count(status))
	}
	m.line(NotifyRows.In(lang, s.Rows, strings.Join(counts, " + ")))
	m.line(NotifyCalls.In(lang, s.Made(), s.Finished.Sub(s.Started).Round(time.Second), s.Retries, s.Throttled))
	if why != "" {
		if s.StopCode != "" {
			why += " (" + s.StopCode + ")"
		}
		m.line(NotifyStop.In(lang, why))
	}
	for i, f := range s.Failures {
		if i == messageCodes {
			m.line(NotifyMore.In(lang, len(s.Failures)-i))
			break
		}
		lines := make([]string, len(f.Lines))
		for k, n := range f.Lines {
			lines[k] = strconv.Itoa(n)
		}
		list := strings.Join(lines, ",")
		if f.Count > len(f.Lines) {
			list += "…"
		}
		where := SumLines
		if f.Count == 1 {
			where = SumLine
		}
		m.line(NotifyFailure.In(lang, f.Count, f.Status, f.Code, f.Meaning, where.In(lang, list), f.Who))
	}
	if s.Results != "" {
		m.line(NotifyResults.In(lang, s.Results))
	}
	if s.Next != "" {
		m.Lines = append(m.Lines, plainLine(NextLine.In(lang, s.Next), messageNext))
	}
	m.closing(s, lang)
	return m
}

// Refusal tells of a run that ended before its first call: what was wrong, and
// the cure.
func (s *Summary) Refusal(lang Lang, words, what, cure string) Message {
	m := s.opening(lang, words)
	m.line(what)
	if cure != "" {
		m.line(NotifyCure.In(lang, cure))
	}
	m.closing(s, lang)
	return m
}

func (s *Summary) opening(lang Lang, words string) Message {
	title := NotifyTitle
	if s.Simulated {
		title = NotifyTitleSimulated
	}
	m := Message{Title: plainLine(title.In(lang, s.ExitStatus, s.Input), messageLine), Problem: s.ExitStatus != 0}
	m.line(words)
	return m
}

func (m *Message) closing(s *Summary, lang Lang) {
	m.line(NotifySender.In(lang, s.User, s.Finished.In(Beijing).Format(time.DateTime)))
}

func (m *Message) line(text string) { m.Lines = append(m.Lines, plainLine(text, messageLine)) }

// plainLine makes one line of a text, of at most that many bytes, with nothing
// that robots take for a tag: <at id=all> in a file's name calls nobody.
func plainLine(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029:
			return ' '
		case r == '<':
			return '＜'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	if len(text) <= most {
		return text
	}
	cut := most - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
