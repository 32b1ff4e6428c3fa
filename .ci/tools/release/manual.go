package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Manual writes the manual pages of a program: one for each command, in section 1, made
// from the command's own help, and one for each page of its reference, in section 7.
type Manual struct {
	Version string
	Date    time.Time
	// Help is what the program prints with arguments, in a language.
	Help func(lang string, args ...string) (string, error)
}

// Page is a page of the manual.
type Page struct {
	Name    string // as people type it behind man
	Section string // 1 or 7
	Lang    string // en or zh
	Roff    []byte // gzipped
}

// Path is where man looks for a page below its folder.
func (p Page) Path() string {
	folder := map[string]string{"en": "", "zh": "zh_CN/"}[p.Lang]
	return fmt.Sprintf("%sman%s/%s.%s.gz", folder, p.Section, p.Name, p.Section)
}

// wording is what a page says in a language besides the program's own words, and what the
// help calls the parts that a page knows by name.
type wording struct{ usage, commands, topics, name, synopsis, description, manual, summary string }

var wordings = map[string]wording{
	"en": {"Usage", "Commands", "axgbind help TOPIC", "NAME", "SYNOPSIS", "DESCRIPTION", "Axgbind manual", Summary},
	"zh": {"用法", "命令", "axgbind help TOPIC", "名称", "概要", "描述", "axgbind 手册", "批量把电话号码绑定到中间号"},
}

// Pages are all pages in both languages.
func (m *Manual) Pages() (list []Page, err error) {
	for _, lang := range []string{"en", "zh"} {
		root, err := m.Help(lang, "--help")
		if err != nil {
			return nil, err
		}
		pages, err := m.commands(lang, nil, wordings[lang].summary)
		if err != nil {
			return nil, err
		}
		topics, err := m.topics(lang, helpOf(root))
		if err != nil {
			return nil, err
		}
		list = append(append(list, pages...), topics...)
	}
	return list, nil
}

// commands are the page of a command and those of the commands below it.
func (m *Manual) commands(lang string, path []string, short string) ([]Page, error) {
	text, err := m.Help(lang, append(path[:len(path):len(path)], "--help")...)
	if err != nil {
		return nil, err
	}
	h, w := helpOf(text), wordings[lang]
	name := strings.Join(append([]string{"axgbind"}, path...), "-")
	b := m.begin(lang, name, "1", short)
	if usage := h.part(w.usage); usage != nil {
		b.section(w.synopsis)
		b.asIs(usage)
	}
	b.section(w.description)
	b.prose(h.intro)
	for _, p := range h.parts {
		if p.title != w.usage {
			b.section(p.title)
			b.list(p.lines, strings.Contains(p.title, w.commands) || strings.Contains(p.title, w.topics))
		}
	}
	b.prose(h.end)
	list := []Page{b.page(name, "1")}
	for _, sub := range entries(aWord, h.part(w.commands)) {
		below, err := m.commands(lang, append(path[:len(path):len(path)], sub.name), sub.text)
		if err != nil {
			return nil, err
		}
		list = append(list, below...)
	}
	return list, nil
}

// topics are the pages of the reference. They are Markdown that is made to be read as it
// stands: only the headings and the marks of code blocks go.
func (m *Manual) topics(lang string, root help) (list []Page, err error) {
	for _, topic := range entries(aWord, root.part(wordings[lang].topics)) {
		text, err := m.Help(lang, "help", topic.name)
		if err != nil {
			return nil, err
		}
		name := "axgbind-" + topic.name
		b := m.begin(lang, name, "7", topic.text)
		b.section(wordings[lang].description)
		var lines []string
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			switch {
			case strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "```"):
			case strings.HasPrefix(line, "## "):
				b.asIs(lines)
				b.section(strings.TrimPrefix(line, "## "))
				lines = nil
			default:
				lines = append(lines, line)
			}
		}
		b.asIs(lines)
		list = append(list, b.page(name, "7"))
	}
	return list, nil
}

// help is what the program says of a command: paragraphs, parts with a title, and what
// stands behind them.
type help struct {
	intro, end []string
	parts      []part
}

// part is a part of a help.
type part struct {
	title string
	lines []string
}

// helpOf takes the help of a command apart. The title of a part is a line that ends with
// a colon and has an indented line behind it.
func helpOf(text string) (h help) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		title, ok := strings.CutSuffix(strings.Replace(line, "：", ":", 1), ":")
		switch {
		case ok && !strings.HasPrefix(line, " ") && i > 0 && lines[i-1] == "" && i+1 < len(lines) && strings.HasPrefix(lines[i+1], " "):
			h.parts = append(h.parts, part{title: title})
		case len(h.parts) == 0:
			h.intro = append(h.intro, line)
		case line != "" && !strings.HasPrefix(line, " ") || len(h.end) > 0:
			h.end = append(h.end, line)
		default:
			p := &h.parts[len(h.parts)-1]
			p.lines = append(p.lines, line)
		}
	}
	return h
}

// part is the lines of the part whose title has a text in it.
func (h help) part(text string) []string {
	for _, p := range h.parts {
		if strings.Contains(p.title, text) {
			return p.lines
		}
	}
	return nil
}

// entry is a line of a list: a flag, a command or a topic, and what is said of it.
type entry struct{ name, text string }

var (
	aFlag = regexp.MustCompile(`^ +((?:-\w, )?--[a-z-]+(?: \S+)?) {2,}(\S.*)$`)
	aWord = regexp.MustCompile(`^  ([a-z]+) +(\S.*)$`)
)

// entries are the lines of a list of one form, if all lines have that form.
func entries(form *regexp.Regexp, lines []string) (list []entry) {
	for _, line := range lines {
		m := form.FindStringSubmatch(line)
		switch {
		case m != nil:
			list = append(list, entry{m[1], m[2]})
		case line != "":
			return nil
		}
	}
	return list
}

// roff is a page in the making.
type roff struct {
	bytes.Buffer
	lang string
}

func (m *Manual) begin(lang, name, section, short string) *roff {
	b, w := &roff{lang: lang}, wordings[lang]
	fmt.Fprintf(b, ".TH %s %s %s \"axgbind %s\" \"%s\"\n", escape(strings.ToUpper(name)), section, m.Date.Format("2006-01-02"), m.Version, w.manual)
	b.WriteString(".nh\n.ad l\n") // words stay whole, and the gaps between them even
	b.section(w.name)
	fmt.Fprintf(b, "%s \\- %s\n", escape(name), escape(short))
	return b
}

// page ends a page.
func (b *roff) page(name, section string) Page {
	return Page{Name: name, Section: section, Lang: b.lang, Roff: gzipped(b.Bytes())}
}

func (b *roff) section(title string) { fmt.Fprintf(b, ".SH \"%s\"\n", escape(title)) }

// prose is running text, but for its lines that are indented.
func (b *roff) prose(lines []string) {
	for len(lines) > 0 {
		n := 0
		indented := strings.HasPrefix(lines[0], " ")
		for n < len(lines) && lines[n] != "" && strings.HasPrefix(lines[n], " ") == indented {
			n++
		}
		switch {
		case n == 0:
			b.WriteString(".PP\n")
			n = 1
		case indented:
			b.asIs(lines[:n])
		default:
			b.running(strings.Join(lines[:n], "\n"))
		}
		lines = lines[n:]
	}
}

// running is text that may be broken anew. In Chinese roff would not know where.
func (b *roff) running(text string) {
	if b.lang == "en" {
		fmt.Fprintln(b, escape(text))
		return
	}
	b.asIs(wrap(text, 70))
}

// asIs is text that keeps its lines.
func (b *roff) asIs(lines []string) {
	text := strings.Trim(strings.Join(lines, "\n"), "\n")
	if text != "" {
		fmt.Fprintf(b, ".nf\n%s\n.fi\n", escape(text))
	}
}

// list is what stands in a part: flags, or words if it is one of words, with what is said
// of each behind them; or lines as they are.
func (b *roff) list(lines []string, words bool) {
	form := aFlag
	if words {
		form = aWord
	}
	list := entries(form, lines)
	if list == nil {
		b.asIs(lines)
	}
	for _, e := range list {
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR\n", escape(e.name))
		b.running(e.text)
	}
}

var special = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, `"`, `\(dq`)

// escape is text as roff has to see it.
func escape(text string) string {
	lines := strings.Split(special.Replace(text), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// wrap breaks Chinese text into lines of at most so many columns, between wide letters or
// at blanks, and never before what closes.
func wrap(text string, columns int) (lines []string) {
	var line []rune
	width, last := 0, 0 // of the line, and where it may be broken
	for _, r := range joined(text) {
		if (wide(r) || len(line) > 0 && wide(line[len(line)-1])) && !strings.ContainsRune("，。；：、）」》？！,.;:)", r) && (len(line) == 0 || !strings.ContainsRune("（「《(", line[len(line)-1])) {
			last = len(line)
		}
		if r == ' ' {
			last = len(line)
		}
		line = append(line, r)
		width += columnsOf(r)
		if width > columns && last > 0 {
			lines = append(lines, strings.TrimRight(string(line[:last]), " "))
			line = []rune(strings.TrimLeft(string(line[last:]), " "))
			width, last = 0, 0
			for _, r := range line {
				width += columnsOf(r)
			}
		}
	}
	return append(lines, string(line))
}

// joined takes out the ends of lines: between wide letters nothing stands for one.
func joined(text string) string {
	b := &strings.Builder{}
	var before rune
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		for i, r := range line {
			if i == 0 && before != 0 && !(wide(before) && wide(r)) {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			before = r
		}
	}
	return b.String()
}

func columnsOf(r rune) int {
	if wide(r) {
		return 2
	}
	return 1
}

func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60
}

// gzipped is what gzip -n -9 makes of a text: nothing of when or where.
func gzipped(text []byte) []byte {
	b := &bytes.Buffer{}
	w, err := gzip.NewWriterLevel(b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes all
	}
	return b.Bytes()
}
