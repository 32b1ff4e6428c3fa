package cli

import (
	"bytes"
	"io"
	"regexp"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/report"
)

// content is what a file holds, as far as it matters to whoever is about to
// write there.
type content int

const (
	contentForeign content = iota // nothing of ours
	contentNone                   // nothing at all
	contentJournal
	contentLock
	contentReserve
	contentInput
	contentResults
	contentFailed
	contentFindings
	contentSummary
	contentPage
	contentMetrics
	contentLog
)

// phrase says what a file is.
func (c content) phrase() report.Phrase {
	return map[content]report.Phrase{
		contentJournal: report.WhyIsJournal, contentLock: report.WhyIsLock, contentReserve: report.WhyIsReserve, contentInput: report.WhyIsInput,
		contentResults: report.WhyIsResults, contentFailed: report.WhyIsFailed, contentFindings: report.WhyIsFindings,
		contentSummary: report.WhyIsSummary, contentPage: report.WhyIsPage, contentMetrics: report.WhyIsMetrics, contentLog: report.WhyIsLog,
	}[c]
}

// foreign says that a file is not of the kind that was to be written.
func (c content) foreign() report.Phrase {
	switch c {
	case contentResults:
		return report.WhyNoResults
	case contentPage:
		return report.WhyNoPage
	case contentMetrics:
		return report.WhyNoMetrics
	case contentLog:
		return report.WhyNoLog
	}
	return report.WhyForeign
}

// The texts by which files of ours are known that are no CSV.
var (
	summaryForm = regexp.MustCompile(`^\s*\{\s*"version":\s*[0-9]+,\s*"program":\s*"axgbind `)
	findingForm = regexp.MustCompile(`^\{"severity":"(error|warning|repaired)","rule":"`)
	lockForm    = regexp.MustCompile(`^\{"journal":"[0-9a-f]{16}","last": *[0-9]+,`)
	logForm     = regexp.MustCompile(`^(time=\S+ level=[A-Z]+ msg=|\{"time":"[^"]+","level":"[A-Z]+","msg":)("limit changed"|"?(started|finished|call)"?)[ ,]`)
)

// metricsBegin is how every metrics file begins.
const metricsBegin = "# HELP axgbind_"

// contentOf tells what a file holds, by its beginning.
func contentOf(f io.ReaderAt, size int64) (content, error) {
	head := make([]byte, min(size, 4<<10))
	if n, err := f.ReadAt(head, 0); err != nil && n < len(head) {
		return contentForeign, err
	}
	switch {
	case len(head) == 0:
		return contentNone, nil
	case summaryForm.Match(head):
		return contentSummary, nil
	case findingForm.Match(head):
		return contentFindings, nil
	case lockForm.Match(head):
		return contentLock, nil
	case logForm.Match(head):
		return contentLog, nil
	case bytes.HasPrefix(head, []byte(metricsBegin)):
		return contentMetrics, nil
	case bytes.Contains(head, []byte(report.PageMark)):
		return contentPage, nil
	case bytes.Equal(reserveBlock(len(head)), head):
		return contentReserve, nil
	}
	seen, err := books.Recognise(f, size)
	return map[input.Seen]content{
		input.SeenEmpty: contentNone, input.SeenJournal: contentJournal, input.SeenResults: contentResults,
		input.SeenFailed: contentFailed, input.SeenFindings: contentFindings, input.SeenInput: contentInput,
	}[seen], err
}
