package output

import (
	"bytes"
	"io"
	"regexp"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/report"
	"axgbind/report/page"
)

// Kind is what a file holds, as far as it matters to whoever is about to
// write there.
type Kind int

// The kinds. All but the first two are files that axgbind reads or writes.
const (
	Foreign Kind = iota // nothing of ours
	None                // nothing at all
	Journal
	Lock
	Reserve
	Input
	Results
	Failed
	Findings
	Summary
	Page
	Metrics
	Log
)

// words says what a file is.
func (k Kind) words() report.Text {
	return map[Kind]report.Text{
		Journal: report.WhyIsJournal, Lock: report.WhyIsLock, Reserve: report.WhyIsReserve, Input: report.WhyIsInput,
		Results: report.WhyIsResults, Failed: report.WhyIsFailed, Findings: report.WhyIsFindings,
		Summary: report.WhyIsSummary, Page: report.WhyIsPage, Metrics: report.WhyIsMetrics, Log: report.WhyIsLog,
	}[k]
}

// foreign says that a file is not of the kind that was to be written.
func (k Kind) foreign() report.Text {
	switch k {
	case Results:
		return report.WhyNoResults
	case Page:
		return report.WhyNoPage
	case Metrics:
		return report.WhyNoMetrics
	case Log:
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

// KindOf tells what a file holds, by its beginning.
func KindOf(f io.ReaderAt, size int64) (Kind, error) {
	head := make([]byte, min(size, 4<<10))
	if n, err := f.ReadAt(head, 0); err != nil && n < len(head) {
		return Foreign, err
	}
	switch {
	case len(head) == 0:
		return None, nil
	case summaryForm.Match(head):
		return Summary, nil
	case findingForm.Match(head):
		return Findings, nil
	case lockForm.Match(head):
		return Lock, nil
	case logForm.Match(head):
		return Log, nil
	case bytes.HasPrefix(head, []byte(metricsBegin)):
		return Metrics, nil
	case bytes.Contains(head, []byte(page.Mark)):
		return Page, nil
	case bytes.Equal(ReserveBlock(len(head)), head):
		return Reserve, nil
	}
	seen, err := books.Recognise(f, size)
	return map[input.Seen]Kind{
		input.SeenEmpty: None, input.SeenJournal: Journal, input.SeenResults: Results,
		input.SeenFailed: Failed, input.SeenFindings: Findings, input.SeenInput: Input,
	}[seen], err
}

// ReserveBlock is how a reserve begins. A file of zeros may take no room.
func ReserveBlock(size int) []byte {
	block := make([]byte, size)
	for i := range block {
		block[i] = byte(i*31 + i>>8)
	}
	return block
}
