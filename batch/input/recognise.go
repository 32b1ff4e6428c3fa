package input

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"axgbind/batch/csvtext"
	"axgbind/report"
)

// Seen is what a file seems to be, going by its beginning: whoever is about to
// write where another file stands has to know what that is.
type Seen int

// What a file may seem to be.
const (
	SeenOther Seen = iota
	SeenEmpty
	SeenJournal
	SeenResults  // of bind, update or unbind: rows with a status and a binding
	SeenFailed   // rows to correct
	SeenFindings // of a check, as CSV
	SeenInput    // rows to bind
)

// recogniseWithin is how much of a file is looked at. A header stands in it.
const recogniseWithin = 64 << 10

// Recognise says what a file seems to be that is no journal. The error is one of reading it.
func Recognise(r io.ReaderAt, size int64) (Seen, error) {
	head, err := csvtext.ReadAt(r, make([]byte, min(size, recogniseWithin)), 0, size)
	if err != nil {
		return SeenOther, err
	}
	if len(head) == 0 {
		return SeenEmpty, nil
	}
	if end := bytes.LastIndexByte(head, '\n'); end >= 0 && size > recogniseWithin { // characters are not to be cut
		if end++; end < len(head) && head[end] == 0 {
			end++ // a line feed of two bytes
		}
		head = head[:end]
	}
	header, err := headerOf(head)
	if _, refused := errors.AsType[*Error](err); refused {
		return SeenOther, nil
	}
	if err != nil {
		return SeenOther, err
	}
	return seenBy(header), nil
}

// headerOf is the header of the text of an input.
func headerOf(text []byte) ([]string, error) {
	r, size := bytes.NewReader(text), int64(len(text))
	if err := refuseKind(r, size); err != nil {
		return nil, err
	}
	s, err := csvtext.NewSurvey(r, size, "auto")
	if err != nil {
		return nil, err
	}
	in := &Input{text: csvtext.Source{Src: r, Size: size, Survey: s, PartSize: csvtext.PartSize}}
	header, err := in.readHeader(Options{})
	if err != nil {
		return nil, err
	}
	header, _ = excelHeader(header)
	return header, nil
}

func seenBy(header []string) Seen {
	keys := make([]string, len(header))
	for i, h := range header {
		keys[i] = HeaderKey(h)
	}
	l := &layout{header: header}
	l.strip(keys)
	findings := report.FindingColumns()
	for i, name := range findings {
		findings[i] = HeaderKey(name)
	}
	switch {
	case l.failed:
		return SeenFailed
	case l.carries:
		return SeenResults
	case len(keys) >= len(findings) && slices.Equal(keys[:len(findings)], findings):
		return SeenFindings
	case resolved(header, Options{}) >= 2:
		return SeenInput
	}
	return SeenOther
}

// fileKinds are files that are often mistaken for a CSV, by their first bytes.
// The kinds are those of InputError.
var fileKinds = [...]struct{ magic, kind string }{
	{"\xD0\xCF\x11\xE0", "xls"},
	{"\x1F\x8B", "gzip"},
	{"%PDF", "pdf"},
	{"Rar!", "archive"},
	{"7z\xBC\xAF\x27\x1C", "archive"},
	{"PK\x05\x06", "archive"},
	{"{\\rtf", "rich-text"},
	{"MIME-Version:", "html"}, // "single file web page"
}

// refuseKind refuses a file that is no CSV.
func refuseKind(r io.ReaderAt, size int64) error {
	head, err := csvtext.ReadAt(r, make([]byte, 512), 0, size)
	if err != nil {
		return err
	}
	if kind := fileKind(head); kind != "" {
		return &Error{Kind: kind}
	}
	return nil
}

// fileKind names the kind of a file that is no CSV, "" for what may be one.
func fileKind(head []byte) string {
	for _, k := range fileKinds {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return k.kind
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return zipKind(head)
	}
	// An export "to Excel" of many a web system is an HTML table or the XML of
	// 2003 by the name of .xls.
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	for _, tag := range []string{"<html", "<!doctype", "<table", "<meta", "<head", "<body", "<style", "<?xml", "<!--", "<div"} {
		if len(text) >= len(tag) && bytes.EqualFold(text[:len(tag)], []byte(tag)) {
			return "html"
		}
	}
	return ""
}

// zipKind tells a workbook from other zip archives by the name of the first
// file in it, which stands at offset 30.
func zipKind(head []byte) string {
	if len(head) < 30 {
		return "xlsx"
	}
	name := head[30:]
	name = name[:min(len(name), int(head[26])|int(head[27])<<8)]
	parts := []string{"[Content_Types].xml", "_rels/", "xl/", "docProps/", "mimetype", "docMetadata", "customXml/"}
	if len(name) == 0 || slices.ContainsFunc(parts, func(p string) bool { return bytes.HasPrefix(name, []byte(p)) }) {
		return "xlsx"
	}
	return "archive"
}
