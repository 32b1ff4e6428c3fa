package csvtext

import (
	"bytes"
	"slices"
)

// fileKinds are files that are often mistaken for a CSV, by their first bytes.
var fileKinds = [...]struct{ magic, kind string }{
	{"\xD0\xCF\x11\xE0", "xls"},
	{"\x1F\x8B", "gzip"},
	{"%PDF", "pdf"},
	{"Rar!", "archive"},
	{"7z\xBC\xAF\x27\x1C", "archive"},
	{"PK\x05\x06", "archive"},
	{"BZh9", "archive"},
	{"\xFD7zXZ\x00", "archive"},
	{"\x28\xB5\x2F\xFD", "archive"}, // zstd
	{"{\\rtf", "rich-text"},
	{"MIME-Version:", "html"}, // "single file web page"
}

// FileKind names the kind of a file that is no CSV by its beginning, such as xlsx, pdf or
// archive; "" for what may be one.
func FileKind(head []byte) string {
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
	if inner := bytes.TrimLeft(text, "[{ \t\r\n"); len(inner) > 0 {
		opens := bytes.Join(bytes.Fields(text[:len(text)-len(inner)]), nil)
		if bytes.HasPrefix(opens, []byte("[{")) || string(opens) == "{" && inner[0] == '"' {
			return "json"
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
