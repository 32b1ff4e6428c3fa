package simulator

import (
	"net/http"
	"strings"
)

// Forms of an answer.
const (
	formatJSON = "JSON"
	formatXML  = "XML"
)

// wantsXML reports whether the answer is to be XML. V1 says so by the
// parameter Format, in either case (the vendor's SDK writes "json"); V3 by the
// header accept, of which the first known type counts. Anything else, and
// nothing, gets Options.DefaultFormat.
func (s *Service) wantsXML(v3 bool, h http.Header, p params) bool {
	if !v3 {
		switch f := p.get("Format"); {
		case strings.EqualFold(f, formatXML):
			return true
		case strings.EqualFold(f, formatJSON):
			return false
		}
		return s.opts.DefaultFormat == formatXML
	}
	for _, list := range h["Accept"] {
		for item := range strings.SplitSeq(list, ",") {
			media, _, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(media)) {
			case "application/json":
				return false
			case "application/xml", "text/xml":
				return true
			}
		}
	}
	return s.opts.DefaultFormat == formatXML
}
