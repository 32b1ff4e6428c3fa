package input

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
)

// Options say how an input is to be read. The zero value finds out
// everything by itself.
type Options struct {
	// Encoding is one that ParseEncoding knows; "" or "auto" decides on the
	// whole file.
	Encoding string

	// Delimiter separates cells; 0 picks comma, tab or semicolon.
	Delimiter rune

	// Map gives columns a field by their header text, which is matched as any
	// header is, and wins over the aliases.
	Map map[string]field.Field

	// Defaults fill a field whose column is absent or whose cell is empty.
	// Expiration stands in the form of a cell: yyyy-MM-dd HH:mm:ss.
	Defaults map[field.Field]string

	// Relative is the text of a default Expiration that counts from when a row is
	// sent, as "+30d"; Defaults then has what that is now. Rows without an Expiration
	// of their own are known again by this text.
	Relative string

	// Bindings says that rows are about live bindings, which columns SecretNo
	// (or a field PhoneNoX) and SubsId name, or PhoneNoA and GroupID; those of a
	// results file do too. Then
	// Required are the fields that must have a column or a default, instead of
	// PhoneNoA, GroupID and Expiration.
	Bindings bool
	Required []field.Field
}

// Input is a CSV whose encoding, delimiter and header are known. It does not
// change, and several Readers may go through it at once.
type Input struct {
	text   csvtext.Source
	layout *layout

	hash sync.Once
	sum  [sha256.Size]byte
	kept *bool // of keepsIDs; nil: not looked yet
}

// Column is a header that fills a field.
type Column struct {
	Field  field.Field
	Header string // as it stands in the file
	Number int    // position in the file, from 1
}

// Open looks at all size bytes of r once, to decide the encoding, and reads
// the header. Memory does not grow with the file. An input
// that cannot be worked with as a whole is refused with an *Error; any
// other error is one of reading r. Faults of single rows are no reason to
// refuse: Row.Check tells them.
func Open(r io.ReaderAt, size int64, opt Options) (*Input, error) {
	want, ok := csvtext.ParseEncoding(opt.Encoding)
	if !ok {
		return nil, &Error{Kind: "encoding-unknown", args: []any{opt.Encoding}}
	}
	if d := opt.Delimiter; d == '"' || d == '\r' || d == '\n' || d == utf8.RuneError || d != 0 && !utf8.ValidRune(d) {
		return nil, &Error{Kind: "delimiter-unusable", args: []any{string(d)}}
	}
	in, header, marked, err := openHeader(r, size, want, opt)
	if err != nil {
		return nil, err
	}
	if in.layout, err = newLayout(header, opt); err != nil {
		return nil, err
	}
	in.layout.excel = marked
	in.layout.encoding = in.text.Survey.Encoding
	in.layout.line = strings.Repeat(string(in.text.Delimiter), len(header)-1) + "\n"
	if len(header) == 1 {
		in.layout.line = "\"\"\n" // an empty line is no record
	}
	some, err := in.anyRow()
	if err == nil && !some {
		err = in.layout.refuse("header-only")
	}
	if err == nil && in.layout.maybe != nil && !opt.Bindings {
		err = in.refuseRemnant()
	}
	if err != nil {
		return nil, err
	}
	return in, nil
}

// openHeader finds out how the text of a file is read, and reads its header. marked says
// that its cells are written as report.ExcelText does.
func openHeader(r io.ReaderAt, size int64, encoding string, opt Options) (in *Input, header []string, marked bool, err error) {
	head, err := csvtext.ReadAt(r, make([]byte, 512), 0, size)
	if err != nil {
		return nil, nil, false, err
	}
	if kind := csvtext.FileKind(head); kind != "" {
		return nil, nil, false, &Error{Kind: kind}
	}
	s, err := csvtext.NewSurvey(r, size, encoding)
	if err != nil {
		return nil, nil, false, err
	}
	in = &Input{text: csvtext.Source{Src: r, Size: size, Survey: s, PartSize: csvtext.PartSize}}
	if header, err = in.readHeader(opt); err != nil {
		return nil, nil, false, err
	}
	header, marked = excelHeader(header)
	return in, header, marked, nil
}

// refuseRemnant refuses an input whose rows tell that it is a results file, with all but
// one of the columns that tell taken out.
func (in *Input) refuseRemnant() error {
	own := func(row *Row) func(int) string {
		return func(column int) string { return row.Record[slices.Index(in.layout.own, column)] }
	}
	lacks := ""
	err := in.EachRow(func(row *Row) error {
		if lacks = in.layout.maybe.lacks(own(row)); lacks != "" {
			return io.EOF
		}
		return nil
	})
	if err == nil && lacks != "" {
		err = in.layout.refuse("results-cut", lacks)
	}
	return err
}

// readHeader parses the first record, with the delimiter that makes most of it:
// the most columns with a meaning, then the most columns, then the earlier of
// comma, tab and semicolon. It finds where the rows start.
func (in *Input) readHeader(opt Options) ([]string, error) {
	raw, err := csvtext.ReadAt(in.text.Src, make([]byte, min(csvtext.MaxRecord, max(in.text.Size, 0))), in.text.Survey.Skip, in.text.Size)
	if err != nil {
		return nil, err
	}
	text := csvtext.Decode(nil, raw, in.text.Survey.Encoding)
	in.text.Survey.Unify(text)
	candidates := []rune{',', '\t', ';'}
	if opt.Delimiter != 0 {
		candidates = []rune{opt.Delimiter}
	}
	var (
		best    []string
		score   = -1
		end     int
		badLine int
	)
	for _, d := range candidates {
		sc := csvtext.NewRecordScanner(d, in.text.Survey.Ends)
		rest, _ := sc.SkipBlank(text)
		if len(rest) == 0 {
			return nil, &Error{Kind: "empty"}
		}
		at := len(text) - len(rest)
		n, m, bad, _ := sc.Record(rest)
		header, err := []string(nil), error(nil)
		if !bad {
			cr := csv.NewReader(bytes.NewReader(rest[:n]))
			cr.Comma = d
			header, err = cr.Read()
		}
		if bad || err != nil {
			if badLine == 0 {
				badLine = 1 + bytes.Count(text[:at], []byte{'\n'}) + m.Lines
			}
			continue
		}
		if k := resolved(header, opt); k > score || k == score && len(header) > len(best) {
			best, score, end = header, k, at+n
			in.text.Delimiter, in.text.Scanner = d, sc
		}
	}
	if best == nil {
		return nil, &Error{Kind: "header-quotes", args: []any{badLine}}
	}
	if bytes.IndexByte(text[:end], 0) >= 0 {
		return nil, &Error{Kind: "nul-bytes"}
	}
	in.text.Start = in.text.Survey.Skip + int64(csvtext.RawLength(raw, text, end, in.text.Survey.Encoding))
	in.text.StartLine = 1 + bytes.Count(text[:end], []byte{'\n'})
	return best, nil
}

// anyRow reports whether there is more behind the header than blank lines.
func (in *Input) anyRow() (bool, error) {
	buf := make([]byte, min(csvtext.Buffered, max(in.text.Size, 0)))
	for at := in.text.Start; ; {
		b, err := csvtext.ReadAt(in.text.Src, buf, at, in.text.Size)
		if err != nil || len(b) == 0 {
			return false, err
		}
		if len(bytes.Trim(csvtext.Decode(nil, b, in.text.Survey.Encoding), "\r\n")) > 0 {
			return true, nil
		}
		at += int64(len(b))
	}
}

// Header returns the headers of the input's own columns in order, as they
// stand, without the columns that axgbind appended to a results file or a file
// of rows to mend.
func (in *Input) Header() []string { return slices.Clone(in.layout.ownNames) }

// Encoding returns the encoding the input is read in: utf-8, gb18030, utf-16le
// or utf-16be.
func (in *Input) Encoding() string { return in.text.Survey.Encoding }

// Delimiter returns what separates the cells.
func (in *Input) Delimiter() rune { return in.text.Delimiter }

// Lines is how many rows the input has at most: it ends so many lines.
func (in *Input) Lines() int { return in.text.Survey.Lines + 1 }

// SHA256 returns the digest of the input's bytes, byte order mark included. The
// first call reads the input; a part that cannot be read is left out, and is an
// error for whoever reads the rows.
func (in *Input) SHA256() [32]byte {
	in.hash.Do(func() {
		h := sha256.New()
		_, _ = io.Copy(h, io.NewSectionReader(in.text.Src, 0, in.text.Size))
		h.Sum(in.sum[:0])
	})
	return in.sum
}

// HasPool reports whether rows can name a number pool: there is a PoolKey
// column or a default for it.
func (in *Input) HasPool() bool { return in.layout.gives(field.PoolKey) }

// Carries reports whether the input is a results file, whose rows bring verdicts.
func (in *Input) Carries() bool { return in.layout.carries }

// NamesBindings reports whether rows are about live bindings, as Options.Bindings says.
func (in *Input) NamesBindings() bool { return in.layout.bindings }

// Relative reports whether a default Expiration counts from when a row is sent.
func (in *Input) Relative() bool { return in.layout.relative != "" }

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
func (in *Input) Defaults() map[field.Field]string {
	m := make(map[field.Field]string)
	for f, v := range in.layout.defaults {
		if v != "" {
			m[field.Field(f)] = v
		}
	}
	return m
}

// EachRow calls do with each row of the input until it returns an error; io.EOF
// ends it early, without fault.
func (in *Input) EachRow(do func(*Row) error) error {
	var row Row
	for rows := in.Rows(); ; {
		err := rows.Read(&row)
		if err == nil {
			err = do(&row)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
