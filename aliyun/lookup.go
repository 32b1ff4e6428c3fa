package aliyun

import "strings"

// Lookup explains a code. A code with a row of its own has that row's
// meaning. Else the documented families decide, Throttling.*, Missing{Param}
// and Invalid{Param}; then the prefix, isp.* being ambiguous (the platform or
// the carrier failed somewhere) and isv.* the row's own fault. Anything else,
// the empty code included, is ambiguous. Entry.Code is the code asked for.
func Lookup(code string) Entry {
	e, ok := find(code)
	if !ok {
		e, _ = find(family(code))
	}
	e.Code = code
	return e
}

// Known reports whether anything is known of a code, by itself or by its family.
func Known(code string) bool {
	_, ok := find(code)
	return ok || family(code) != familyUnknown
}

// Entries returns the whole table, in the order of the service's documents,
// then ours; the families, whose codes hold a * or a {Param}, come last. The
// slice is the caller's.
func Entries() []Entry {
	return append([]Entry(nil), table[:]...)
}

// find looks for a row. The table is short, and codes that end a call are
// rare next to calls that succeed, so there is no index.
func find(code string) (Entry, bool) {
	for i := range table {
		if table[i].Code == code {
			return table[i], true
		}
	}
	return Entry{}, false
}

// family names the row of codes that have none of their own.
func family(code string) string {
	switch {
	case strings.HasPrefix(code, "isp."):
		return familyISP
	case strings.HasPrefix(code, "isv."):
		return familyISV
	case strings.HasPrefix(code, "Throttling."):
		return familyThrottling
	}
	if name, ok := parameter(code, "Missing"); ok {
		if commonParameter(name) {
			return familyMissingCommon
		}
		return familyMissing
	}
	if name, ok := parameter(code, "Invalid"); ok {
		if commonParameter(name) {
			return familyInvalidCommon
		}
		return familyInvalid
	}
	return familyUnknown
}

// parameter takes {Param} out of Missing{Param} or Invalid{Param}[.Detail].
func parameter(code, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(code, prefix)
	if !ok || rest == "" || rest[0] < 'A' || rest[0] > 'Z' {
		return "", false
	}
	name, _, _ := strings.Cut(rest, ".")
	return name, true
}

// commonParameter reports whether a parameter belongs to every call rather
// than to a row: help.aliyun.com/document_detail/25490.htm, and the headers
// of signature version 3. The gateway's spellings vary in case
// (InvalidTimeStamp).
func commonParameter(name string) bool {
	switch strings.ToLower(name) {
	case "action", "api", "version", "format", "accesskeyid", "accesskey",
		"timestamp", "regionid", "securitytoken", "protocol", "product",
		"authorization", "host", "date", "contentsha256":
		return true
	}
	return strings.HasPrefix(strings.ToLower(name), "signature")
}
