package batch

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// InputOptions say how an input is to be read. The zero value finds out
// everything by itself.
type InputOptions struct {
	// Encoding is "utf-8" or "gb18030" (also spelt gbk or gb2312); "" or
	// "auto" decides on the whole file.
	Encoding string

	// Delimiter separates cells; 0 picks comma, tab or semicolon.
	Delimiter rune

	// Map gives columns a field by their header text, which is matched as any
	// header is, and wins over the aliases.
	Map map[string]Field

	// Defaults fill a field whose column is absent or whose cell is empty.
	// Expiration stands in the form of a cell: yyyy-MM-dd HH:mm:ss.
	Defaults map[Field]string
}

// Input is a CSV whose encoding, delimiter and header are known. It does not
// change, and several Readers may go through it at once.
type Input struct {
	src       io.ReaderAt
	size      int64
	survey    survey
	delimiter rune
	layout    *layout
}

// Column is a header that fills a field.
type Column struct {
	Field  Field
	Header string // as it stands in the file
	Number int    // position in the file, from 1
}

// OpenInput looks at all size bytes of r once, to hash them and to decide the
// encoding, and reads the header. Memory does not grow with the file. An input
// that cannot be worked with as a whole is refused with an *InputError; any
// other error is one of reading r. Faults of single rows are no reason to
// refuse: Row.Check tells them.
func OpenInput(r io.ReaderAt, size int64, opt InputOptions) (*Input, error) {
	want, ok := encodingNamed(opt.Encoding)
	if !ok {
		return nil, &InputError{Kind: "encoding-unknown", args: []any{opt.Encoding}}
	}
	if d := opt.Delimiter; d == '"' || d == '\r' || d == '\n' || d == utf8.RuneError || d != 0 && !utf8.ValidRune(d) {
		return nil, &InputError{Kind: "delimiter-unusable", args: []any{string(d)}}
	}
	s, err := surveyInput(r, size, want)
	if err != nil {
		return nil, err
	}
	in := &Input{src: r, size: size, survey: s}
	head, err := io.ReadAll(io.LimitReader(s.text(r, size), maxRecord))
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimLeft(head, "\r\n")) == 0 {
		return nil, &InputError{Kind: "empty"}
	}
	header, err := in.readHeader(head, opt)
	if err != nil {
		return nil, err
	}
	header, marked := excelHeader(header)
	if in.layout, err = newLayout(header, opt); err != nil {
		return nil, err
	}
	in.layout.excel = marked
	in.layout.encoding = s.encoding
	in.layout.line = strings.Repeat(string(in.delimiter), len(header)-1) + "\n"
	if len(header) == 1 {
		in.layout.line = "\"\"\n" // an empty line is no record
	}
	first := &Reader{in: in}
	if err := first.skipHeader(); err != nil {
		return nil, err
	}
	for !first.readRecord(new(Row)) {
		if first.err == io.EOF {
			return nil, in.layout.refuse("header-only")
		} else if first.err != nil {
			return nil, first.err
		}
	}
	return in, nil
}

// readHeader parses the first record of head, with the delimiter that makes
// most of it: the most columns with a meaning, then the most columns, then the
// earlier of comma, tab and semicolon.
func (in *Input) readHeader(head []byte, opt InputOptions) ([]string, error) {
	candidates := []rune{',', '\t', ';'}
	if opt.Delimiter != 0 {
		candidates = []rune{opt.Delimiter}
	}
	var (
		best     []string
		score    = -1
		firstErr error
	)
	for _, d := range candidates {
		cr := csv.NewReader(bytes.NewReader(head))
		cr.Comma = d
		header, err := cr.Read()
		if err != nil {
			if firstErr == nil {
				firstErr = err
			}
			continue
		}
		if n := resolved(header, opt); n > score || n == score && len(header) > len(best) {
			best, score, in.delimiter = header, n, d
		}
	}
	if best == nil {
		line := 1
		if pe := (*csv.ParseError)(nil); errors.As(firstErr, &pe) {
			line = pe.StartLine
		}
		return nil, &InputError{Kind: "header-quotes", args: []any{line}}
	}
	for _, h := range best {
		if bytes.IndexByte([]byte(h), '\r') >= 0 {
			return nil, &InputError{Kind: "cr-lines"}
		}
	}
	return best, nil
}

// Header returns the headers of the input's own columns in order, as they
// stand, without the columns that axgbind appended to a results file or a file
// of rows to mend.
func (in *Input) Header() []string { return slices.Clone(in.layout.ownNames) }

// Encoding returns the encoding the input is read in: utf-8 or gb18030.
func (in *Input) Encoding() string { return in.survey.encoding }

// Delimiter returns what separates the cells.
func (in *Input) Delimiter() rune { return in.delimiter }

// SHA256 returns the digest of the input's bytes, byte order mark included.
func (in *Input) SHA256() [32]byte { return in.survey.sum }

// HasPool reports whether rows can name a number pool: there is a PoolKey
// column or a default for it.
func (in *Input) HasPool() bool { return in.layout.hasPool() }

// Carries reports whether the input is a results file, whose rows bring the
// verdicts of an earlier run.
func (in *Input) Carries() bool { return in.layout.carries }

// Prefixed reports whether an own column is called like a column of the
// results, so that those have to be called AxgLine, AxgStatus and so on.
func (in *Input) Prefixed() bool { return in.layout.prefixed }

// Columns returns the columns that fill a field, in file order.
func (in *Input) Columns() []Column {
	var cols []Column
	for _, f := range in.layout.order {
		if i := in.layout.column[f]; i >= 0 {
			cols = append(cols, Column{Field: f, Header: in.layout.header[i], Number: i + 1})
		}
	}
	return cols
}

// Defaults returns the defaults in their normalised form.
func (in *Input) Defaults() map[Field]string {
	m := make(map[Field]string)
	for f, v := range in.layout.defaults {
		if v != "" {
			m[Field(f)] = v
		}
	}
	return maps.Clone(m)
}

// Rows returns a Reader that starts at the first row. Readers of one Input are
// independent of each other and give the same rows.
func (in *Input) Rows() *Reader {
	r := &Reader{in: in}
	if r.err = r.skipHeader(); r.err == nil {
		r.resumeBlocks()
	}
	return r
}

// skipHeader opens the input behind its header.
func (r *Reader) skipHeader() error {
	in := r.in
	r.window = &window{src: in.survey.text(in.src, in.size)}
	cr := csv.NewReader(bufio.NewReaderSize(r.window, buffered))
	cr.Comma = in.delimiter
	if _, err := cr.Read(); err != nil {
		return err
	}
	r.window.keep(cr.InputOffset())
	return r.open(io.MultiReader(bytes.NewReader(r.window.rest()), r.window.src), r.window.line())
}

func (l *layout) hasPool() bool { return l.column[PoolKey] >= 0 || l.defaults[PoolKey] != "" }

// buffered is the size in which a Reader takes text from its input.
const buffered = 64 << 10
