package input

import (
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"sync"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
)

// Options say how an input is to be read. The zero value finds out
// everything by itself.
type Options struct {
	// Encoding is one that ParseEncoding knows; "" or "auto" decides on the
	// whole file.
	Encoding string

	// Delimiter separates cells; 0 picks the one that splits the header best, of comma,
	// tab, semicolon and a few others.
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

	// Numbers says that the input is a list of X numbers: PhoneNoX is the only field that
	// must have a column, or stand first in a file without header.
	Numbers bool
}

// Input is a CSV whose encoding, delimiter and header are known. It does not
// change, and may be read several times at once.
type Input struct {
	text    csvtext.Source
	size    int64 // of the file; its text may end before
	layout  *layout
	loose   *loose // what reads records that are malformed, and can be read all the same
	remarks []Remark

	hash sync.Once
	sum  [sha256.Size]byte
	kept *bool // of keepsIDs; nil: not looked yet
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
	if d := opt.Delimiter; d != 0 && !usableDelimiter(d) {
		return nil, &Error{Kind: "delimiter-unusable", args: []any{string(d)}}
	}
	in, t, err := openTop(r, size, want, opt)
	if err != nil {
		return nil, err
	}
	if err := in.chooseHeader(t, opt); err != nil {
		return nil, err
	}
	some, err := in.anyRow()
	if err == nil && !some {
		err = in.layout.refuse("header-only")
	}
	if err == nil && !opt.Bindings {
		err = in.refuseRemnant()
	}
	if err != nil {
		return nil, err
	}
	return in, nil
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
		_, _ = io.Copy(h, io.NewSectionReader(in.text.Src, 0, in.size))
		h.Sum(in.sum[:0])
	})
	return in.sum
}

// HasPool reports whether rows can name a number pool: there is a PoolKey
// column or a default for it.
func (in *Input) HasPool() bool { return in.layout.gives(field.PoolKey) }

// IsResults reports whether the input is a results file, whose rows bring verdicts.
func (in *Input) IsResults() bool { return in.layout.isResults }

// NamesBindings reports whether rows are about live bindings, as Options.Bindings says.
func (in *Input) NamesBindings() bool { return in.layout.bindings }

// Relative reports whether a default Expiration counts from when a row is sent.
func (in *Input) Relative() bool { return in.layout.relative != "" }

// Prefixed reports whether an own column is called like a column of the
// results, so that those have to be called AxgLine, AxgStatus and so on.
func (in *Input) Prefixed() bool { return in.layout.prefixed }

// EachRow calls do with each row of the input, in order, until it returns an error;
// io.EOF ends it early, without fault. A malformed record is a row with a fault; blank
// lines are no rows. The row is valid during the call, and its texts from then on.
func (in *Input) EachRow(do func(*Row) error) error {
	n := 0
	_, err := Scan(in, false, func(row, made *Row) { *made = *row }, func(rows []Row) error {
		for i := range rows {
			rows[i].Index = n
			n++
			if err := do(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// Any reports whether there is a row of which is is true, and reads no further than that.
func (in *Input) Any(is func(*Row) bool) (yes bool, err error) {
	err = in.EachRow(func(row *Row) error {
		if yes = is(row); yes {
			return io.EOF
		}
		return nil
	})
	return yes, err
}
