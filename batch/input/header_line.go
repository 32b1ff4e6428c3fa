package input

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/rules"
	"axgbind/report"
)

// delimiters are what may separate cells, those that are tried first first. The last ones
// are no choice of a spreadsheet: that they are used is said.
var delimiters = []rune{',', '\t', ';', '|', '，', '；'}

const usualDelimiters = 3

// earlyRecords is how many records at the top of a file are looked at for its header:
// titles, dates and hints may stand above it.
const earlyRecords = 20

// top is the beginning of a file, cut into records.
type top struct {
	raw, text []byte // as it stands, and in UTF-8
	delimiter rune
	named     bool // by --delimiter, or by a line sep=; of the file
	records   []heading
}

// heading is a record at the top of a file, which may be its header.
type heading struct {
	cells  []string
	line   int  // on which it begins
	at     int  // where its text begins
	end    int  // and ends, behind its line end
	broken bool // its quotation marks do not match; it has no cells
	excel  bool // its cells were written as report.ExcelText does
}

// openTop finds out how the text of a file is read, and cuts its top into records.
func openTop(r io.ReaderAt, size int64, encoding string, opt Options) (*Input, *top, error) {
	head, err := csvtext.ReadAt(r, make([]byte, 512), 0, size)
	if err != nil {
		return nil, nil, err
	}
	if kind := csvtext.FileKind(head); kind != "" {
		return nil, nil, &Error{Kind: kind}
	}
	s, err := csvtext.NewSurvey(r, size, encoding)
	if err != nil {
		return nil, nil, err
	}
	in := &Input{size: size, text: csvtext.Source{Src: r, Size: size, Survey: s, PartSize: csvtext.PartSize}}
	if in.text.Size, err = s.End(r, size); err != nil {
		return nil, nil, err
	}
	t, err := in.readTop(opt)
	return in, t, err
}

// readTop cuts the top of the file into records, with the delimiter that splits it best,
// or the earlier of two that do so alike. One that the file names in a line sep=; goes first.
func (in *Input) readTop(opt Options) (*top, error) {
	t := &top{named: opt.Delimiter != 0}
	var err error
	if t.raw, err = csvtext.ReadAt(in.text.Src, make([]byte, min(csvtext.MaxRecord, max(in.text.Size, 0))), in.text.Survey.Skip, in.text.Size); err != nil {
		return nil, err
	}
	t.text = csvtext.Decode(nil, t.raw, in.text.Survey.Encoding)
	in.text.Survey.Unify(t.text)
	candidates := delimiters
	if t.named {
		candidates = []rune{opt.Delimiter}
	}
	hint, from := separatorLine(t.text)
	if hint != 0 && !t.named {
		candidates = append([]rune{hint}, delimiters...)
	}
	best := split{known: -1}
	for i, d := range candidates {
		records := in.cutTop(t.text, from, d, opt)
		least := 0
		if best.fits {
			least = best.known
		}
		s := judgeSplit(records, least, opt)
		if s.better(best) {
			best, t.records, t.delimiter = s, records, d
		}
		if d == hint && i == 0 && s.known > 0 {
			t.named = true
			break
		}
	}
	if len(t.records) == 0 {
		return nil, &Error{Kind: "empty"}
	}
	return t, nil
}

// split is how well a delimiter splits the top of a file.
type split struct {
	fits    bool // a record below what is most like a header has as many cells
	known   int  // how many columns of that mean a field
	clean   int  // headers of it in which no other delimiter stands
	columns int  // that it has
}

// better prefers what splits header and rows alike, then what makes most of the header.
func (s split) better(t split) bool {
	if fits := s.fits && s.known > 0; fits != (t.fits && t.known > 0) {
		return fits
	}
	return cmp.Or(s.known-t.known, s.clean-t.clean, s.columns-t.columns) > 0
}

// judgeSplit looks for what is most like a header among records that a delimiter made.
// What cannot have as many columns as least, or as an earlier record, is passed over.
func judgeSplit(records []heading, least int, opt Options) (s split) {
	for j := range records {
		cells := records[j].cells
		most := len(cells)
		if len(opt.Map) == 0 {
			most = lettered(cells)
		}
		if most < least || most <= s.known && j > 0 {
			continue
		}
		n := resolved(cells, opt)
		if n <= s.known && j > 0 {
			continue
		}
		s = split{known: n, columns: len(cells)}
		for _, h := range cells {
			if !strings.ContainsFunc(trim(h), func(r rune) bool { return slices.Contains(delimiters, r) }) {
				s.clean++
			}
		}
		for _, below := range records[j+1:] {
			s.fits = s.fits || len(cells) > 1 && len(below.cells) == len(cells)
		}
	}
	return s
}

// lettered counts the cells that have a letter, as every header that is known has.
func lettered(cells []string) (n int) {
	for _, s := range cells {
		if strings.ContainsFunc(s, unicode.IsLetter) {
			n++
		}
	}
	return n
}

// separatorLine reads a first line such as sep=; by which spreadsheets are told what
// separates the cells. It returns that, and the length of the line; else 0.
func separatorLine(text []byte) (d rune, length int) {
	line, _, more := bytes.Cut(text, []byte{'\n'})
	word := strings.Trim(strings.TrimRight(string(line), "\r"), `"`)
	if len(word) < 5 || !strings.EqualFold(word[:4], "sep=") {
		return 0, 0
	}
	d, n := utf8.DecodeRuneInString(word[4:])
	if rest := strings.TrimFunc(word[4+n:], func(r rune) bool { return slices.Contains(delimiters, r) || r == ' ' }); !more || rest != "" || !usableDelimiter(d) {
		return 0, 0
	}
	return d, len(line) + 1
}

func usableDelimiter(d rune) bool {
	return d != '"' && d != '\r' && d != '\n' && d != utf8.RuneError && utf8.ValidRune(d)
}

// cutTop returns the first records of a text that have any cell.
func (in *Input) cutTop(text []byte, from int, d rune, opt Options) (records []heading) {
	sc := csvtext.NewRecordScanner(d, in.text.Survey.Ends)
	line := 1 + bytes.Count(text[:from], []byte{'\n'})
	for len(records) < earlyRecords {
		rest, blank := sc.SkipBlank(text[from:])
		if len(rest) == 0 {
			break
		}
		line += blank
		at := len(text) - len(rest)
		n, m, bad, _ := sc.Record(rest)
		h := heading{line: line, at: at, end: at + n, broken: bad}
		if bad {
			h.line += m.Lines
		} else if h.cells = splitRecord(rest[:n], d, false); h.cells == nil {
			h.broken = true
		}
		if h.broken {
			if cells := newLoose(d).split(rest[:n]); resolved(cells, opt) > 0 {
				h.cells, h.broken = cells, false
			}
		}
		line += bytes.Count(rest[:n], []byte{'\n'})
		if from = h.end; !h.broken && blankCells(h.cells) {
			continue
		}
		if len(h.cells) == 1 && rest[0] == '"' { // the whole line is one cell
			if inner := splitRecord([]byte(h.cells[0]), d, false); resolved(inner, opt) > resolved(h.cells, opt) {
				h.cells = inner
			}
		}
		h.cells, h.excel = excelHeader(h.cells)
		records = append(records, h)
	}
	return records
}

// splitRecord returns the cells of a record, nil if it is malformed or empty. A lazy
// reading takes any quotation mark for what it can.
func splitRecord(text []byte, d rune, lazy bool) []string {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes = d, lazy
	cells, err := r.Read()
	if err != nil {
		return nil
	}
	return cells
}

// formula is a text that is told to a spreadsheet as a formula.
var formula = regexp.MustCompile(`="[^"\r\n]*"`)

// loose reads records that are malformed only by blanks around the quotation marks of a
// cell, or by formulas such as ="13800138000" that do not stand in quotation marks.
type loose struct {
	comma         rune
	opens, closes *regexp.Regexp // a quotation mark with blanks before it, or behind; nil if blanks separate cells
}

func newLoose(d rune) *loose {
	l := &loose{comma: d}
	if d != '\t' && d != ' ' {
		mark := regexp.QuoteMeta(string(d))
		l.opens = regexp.MustCompile(`(^|` + mark + `)[ \t]+"`)
		l.closes = regexp.MustCompile(`"[ \t]+(` + mark + `|\r?\n?$)`)
	}
	return l
}

// split returns the cells of such a record, nil if it is malformed otherwise.
func (l *loose) split(text []byte) []string {
	if l.opens != nil {
		closed := l.closes.ReplaceAll(l.opens.ReplaceAll(text, []byte(`${1}"`)), []byte(`"${1}`))
		if !bytes.Equal(closed, text) {
			return splitRecord(closed, l.comma, false)
		}
	}
	if bytes.IndexByte(formula.ReplaceAll(text, nil), '"') >= 0 {
		return nil
	}
	return splitRecord(text, l.comma, true)
}

// blankCells reports whether there is nothing in any of the cells.
func blankCells(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return trim(s) != "" })
}

// firmRefusals are those that speak of the header itself: a record that is refused so is
// one, and no later record may take its place.
var firmRefusals = []string{"results-cut", "two-columns", "column-twice", "map-twice", "too-many-columns"}

// chooseHeader settles which record is the header: the first, if it will do; else the one
// early record that has every column that is asked for. What stands above it is not read,
// and that is said; a row above it is a reason to refuse.
func (in *Input) chooseHeader(t *top, opt Options) error {
	t.headless(opt)
	if t.records[0].broken && len(t.records) == 1 {
		return &Error{Kind: "header-quotes", args: []any{t.records[0].line}}
	}
	var refused error
	likest, known := 0, -1
	for i := range t.records {
		var err error
		if in.layout, err = t.layout(i, opt); err == nil {
			if err = t.onlyHeader(i, in.layout); err != nil {
				return err
			}
			return in.takeHeader(t, i)
		}
		if slices.Contains(firmRefusals, refusalKind(err)) {
			likest, refused = i, err
			break
		}
		if n := resolved(t.records[i].cells, opt); n > known {
			known, likest, refused = n, i, err
		}
	}
	if bytes.IndexByte(t.text[:t.records[likest].end], 0) >= 0 {
		return &Error{Kind: "nul-bytes"}
	}
	if e, ok := errors.AsType[*Error](refused); ok && likest > 0 {
		e.Line = t.records[likest].line
	}
	return refused
}

// headless gives a list of numbers that begins with one a header.
func (t *top) headless(opt Options) {
	first := &t.records[0]
	if !opt.Numbers || len(first.cells) == 0 || !Digits(Normalise(field.PhoneNoX, first.cells[0])) {
		return
	}
	if slices.ContainsFunc(first.cells[1:], numberLike) {
		return // more than one number a line: whose are they?
	}
	header := make([]string, len(first.cells))
	header[0] = field.PhoneNoX.String()
	t.records = []heading{{cells: header, line: first.line, end: first.at}}
}

// onlyHeader refuses a file in which a record below the header, and above the rows, is
// one as well and says otherwise.
func (t *top) onlyHeader(i int, l *layout) error {
	for j := i + 1; j < len(t.records) && !likeRow(t.records[j].cells); j++ {
		if l.differs(t.records[j].cells) {
			return &Error{Kind: "two-headers", args: []any{t.records[i].line, t.records[j].line}}
		}
	}
	return nil
}

// differs reports whether a record is a header too, and gives a field a column that the
// header does not give it, or has the columns of results.
func (l *layout) differs(cells []string) bool {
	known, words, other := 0, 0, false
	for i, s := range cells {
		f, ok := field.Of(s)
		if !ok {
			continue
		}
		known++
		if len(field.Key(s)) > 1 { // a cell may well be A or B
			words++
		}
		other = other || l.column[f] != i && !(i < len(l.header) && field.Key(s) == field.Key(l.header[i]))
	}
	if known >= 2 && words > 0 && other {
		return true
	}
	seen := seenBy(cells)
	return (seen == SeenResults || seen == SeenFailed) && !l.isResults && !l.failed
}

// layout is what the columns of a record are for, if it is the header.
func (t *top) layout(i int, opt Options) (*layout, error) {
	h := &t.records[i]
	if h.broken {
		return nil, &Error{Kind: "header-quotes", args: []any{h.line}}
	}
	l, err := newLayout(h.cells, t.isTitle(i), opt)
	if err == nil {
		l.excel = h.excel
	}
	return l, err
}

// isTitle reports whether a record has one cell where others have more.
func (t *top) isTitle(i int) bool {
	cells := func(h heading) (n int) {
		for _, s := range h.cells {
			if trim(s) != "" {
				n++
			}
		}
		return n
	}
	return cells(t.records[i]) < 2 && slices.ContainsFunc(t.records, func(h heading) bool { return cells(h) > 1 })
}

func refusalKind(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// takeHeader makes a record the header: the rows begin behind it.
func (in *Input) takeHeader(t *top, i int) error {
	h := &t.records[i]
	if bytes.IndexByte(t.text[:h.end], 0) >= 0 {
		return &Error{Kind: "nul-bytes"}
	}
	for _, above := range t.records[:i] {
		if likeRow(above.cells) {
			return &Error{Kind: "rows-above-header", args: []any{h.line, above.line}}
		}
	}
	s := &in.text
	in.loose = newLoose(t.delimiter)
	s.Delimiter, s.Scanner = t.delimiter, csvtext.NewRecordScanner(t.delimiter, s.Survey.Ends)
	s.Start = s.Survey.Skip + int64(csvtext.RawLength(t.raw, t.text, h.end, s.Survey.Encoding))
	s.StartLine = 1 + bytes.Count(t.text[:h.end], []byte{'\n'})
	l := in.layout
	l.headerLine = h.line
	l.encoding = s.Survey.Encoding
	l.line = strings.Repeat(string(t.delimiter), len(h.cells)-1) + "\n"
	if len(h.cells) == 1 {
		l.line = "\"\"\n" // an empty line is no record
	}
	if i > 0 {
		in.remarks = append(in.remarks, Remark{Rule: rules.HeaderBelow, Line: h.line, Field: field.NumFields, args: []any{h.line, t.records[0].line}})
	}
	if at := slices.Index(delimiters, t.delimiter); at >= usualDelimiters && !t.named {
		in.remarks = append(in.remarks, Remark{Rule: rules.Delimiter, Line: h.line, Field: field.NumFields, args: []any{string(t.delimiter)}})
	}
	return nil
}

// likeRow reports whether a cell of a record is a number as long as that of a phone, or what
// is left of one.
func likeRow(cells []string) bool {
	return slices.ContainsFunc(cells, func(s string) bool {
		s = Normalise(field.PhoneNoA, s)
		_, _, scientific := Scientific(s)
		return numberLike(s) && strings.Trim(s, "0123456789+-() ") == "" || scientific || report.Masked(s)
	})
}

// anyRow reports whether there is more behind the header than empty cells.
func (in *Input) anyRow() (bool, error) {
	buf := make([]byte, min(csvtext.Buffered, max(in.text.Size, 0)))
	empty := func(r rune) bool { return r == in.text.Delimiter || r == '"' || csvtext.Blank(r) }
	for at := in.text.Start; ; {
		b, err := csvtext.ReadAt(in.text.Src, buf, at, in.text.Size)
		if err != nil || len(b) == 0 {
			return false, err
		}
		if len(bytes.TrimLeftFunc(csvtext.Decode(nil, b, in.text.Survey.Encoding), empty)) > 0 {
			return true, nil
		}
		at += int64(len(b))
	}
}

// resolved counts the columns of header that would fill a field; the choice of a
// delimiter and of a header compares it.
func resolved(header []string, opt Options) int {
	mapped := make(map[string]bool, len(opt.Map))
	for text := range opt.Map {
		mapped[field.Key(text)] = true
	}
	n := 0
	for _, h := range header[:min(len(header), maxColumns)] { // one that has more is refused
		_, ok := field.Of(h)
		if !ok && opt.Numbers {
			_, ok = listedField(h)
		}
		if !ok && opt.Bindings {
			u := field.Unmarked(h)
			ok = u == "secretno" || u == "subsid"
		}
		if ok || mapped[field.Key(h)] {
			n++
		}
	}
	return n
}
