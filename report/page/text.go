package page

import (
	"fmt"
	"io"
	"strings"

	"axgbind/report"
)

// WriteText writes what the page says for a terminal: the summary, new codes and what to
// do next. The charts are the page's.
func (p *Page) WriteText(w io.Writer) error {
	p = p.shown()
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s\n", p.headline())
	if p.State != Ended {
		said, _, _ := p.said()
		fmt.Fprintf(b, "  %s\n", said)
	}
	_ = p.Summary.WriteText(b, p.Lang) // a Builder does not fail
	notes := p.notes(false)
	if code := p.newCodes(); code != "" {
		notes = append(notes, code)
	}
	for _, note := range notes {
		fmt.Fprintf(b, "  %s\n", note)
	}
	if p.State == Ended {
		fmt.Fprintf(b, "%s\n", report.ExitLine.In(p.Lang, p.Summary.ExitStatus, p.Words))
	}
	for _, line := range p.Next.Lines(p.Lang) {
		fmt.Fprintf(b, "%s\n", line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
