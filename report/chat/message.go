package chat

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"axgbind/report"
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

// MessageOf tells of the end of a run. words is its exit status in words, why
// the reason of a stop or blank.
func MessageOf(s *report.Summary, lang report.Lang, words, why string) Message {
	m := opening(s, lang, words)
	counts := make([]string, len(s.Shown()))
	for i, status := range s.Shown() {
		counts[i] = status.Label(lang) + " " + strconv.Itoa(s.Count(status))
	}
	m.line(report.NotifyRows.In(lang, s.Rows, strings.Join(counts, " + ")))
	m.line(report.NotifyCalls.In(lang, s.Made(), s.Finished.Sub(s.Started).Round(time.Second), s.Retries, s.Throttled))
	if s.SameInput != nil {
		m.line(s.SameInput.In(lang))
	}
	if why != "" {
		if s.StopCode != "" {
			why += report.SumCode.In(lang, s.StopCode)
		}
		m.line(report.NotifyStop.In(lang, why))
	}
	if s.StopCause != "" {
		m.line(report.SumCause.In(lang, report.Whole(s.StopCause)))
	}
	for i, f := range s.Failures {
		if i == messageCodes {
			m.line(report.NotifyMore.In(lang, len(s.Failures)-i))
			break
		}
		label := f.Status
		if status, ok := report.ParseStatus(f.Status); ok {
			label = status.Label(lang)
		}
		m.line(report.NotifyFailure.In(lang, f.Count, label, f.Code, f.Meaning, report.LineList(lang, f.Lines, f.Count), f.Who))
	}
	if s.Results != "" {
		m.line(report.NotifyResults.In(lang, s.Results))
	}
	if s.Next != "" {
		m.Lines = append(m.Lines, nextLine(lang, s.Next))
	}
	m.closing(s, lang)
	return m
}

// RefusalOf tells of a run that ended before its first call: what was wrong, and
// the cure.
func RefusalOf(s *report.Summary, lang report.Lang, words, what, cure string) Message {
	m := opening(s, lang, words)
	m.line(what)
	if cure != "" {
		m.line(report.NotifyCure.In(lang, report.Whole(cure)))
	}
	m.closing(s, lang)
	return m
}

func opening(s *report.Summary, lang report.Lang, words string) Message {
	title := report.NotifyTitle
	if s.Simulated {
		title = report.NotifyTitleSimulated
	}
	m := Message{Title: plainLine(title.In(lang, s.ExitStatus, s.Input), messageLine), Problem: s.ExitStatus != 0}
	m.line(words)
	return m
}

func (m *Message) closing(s *report.Summary, lang report.Lang) {
	m.line(report.NotifySender.In(lang, s.User, s.Finished.In(report.Beijing).Format(time.DateTime)))
}

func (m *Message) line(text string) { m.Lines = append(m.Lines, plainLine(text, messageLine)) }

// nextLine is the next step, if a robot leaves it as it is: a command that it
// changes could not be typed.
func nextLine(lang report.Lang, next string) string {
	line := report.NextLine.In(lang, report.Whole(next))
	address := strings.NewReplacer(" --endpoint https://", " --endpoint ", " --endpoint http://", " --endpoint ").Replace(line)
	if len(line) > messageNext || report.Plain(next) != next || withoutMarkdown(address) != address {
		return report.NotifyNext.In(lang)
	}
	return line
}

// plainLine makes one line of a text, of at most that many bytes, with nothing
// that robots take for markdown.
func plainLine(text string, most int) string {
	text = withoutMarkdown(report.Plain(text))
	if len(text) <= most {
		return text
	}
	cut := most - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// withoutMarkdown puts characters that look alike in place of those that one of
// the robots takes for more than text: headings, lists, quotes, emphasis, code,
// links, pictures, and the tags that call people, <@all> and <at id=all>. None
// of the three vendors documents an escape that the other two know. What stands
// between letters and digits, as in isv.BIND_CONFLICT and user@host, means
// nothing to them and stays.
func withoutMarkdown(text string) string {
	const from, to = "*`[]<~", "＊｀［］＜～"
	all := []rune(text)
	alike := []rune(to)
	within := func(i int) bool {
		word := func(i int) bool {
			return i >= 0 && i < len(all) && (unicode.IsLetter(all[i]) || unicode.IsDigit(all[i]))
		}
		return word(i-1) && word(i+1)
	}
	for i, r := range all {
		switch at := strings.IndexRune(from, r); {
		case r > unicode.MaxASCII:
		case at >= 0:
			all[i] = alike[at]
		case r == '_' && !within(i), r == '@' && !within(i), i == 0 && begins(text):
			all[i] = r - '!' + '！'
		case r == ':' && i+2 < len(all) && all[i+1] == '/' && all[i+2] == '/': // a link, though nobody marked it
			all[i] = '：'
		}
	}
	return string(all)
}

// begins reports whether a line begins as headings, quotes and lists do, or is
// a rule.
func begins(line string) bool {
	rest := strings.TrimLeft(line, line[:1])
	switch line[0] {
	case '#', '>':
		return true
	case '-', '+', '=':
		return strings.TrimSpace(rest) == "" || rest[0] == ' '
	}
	return false
}
