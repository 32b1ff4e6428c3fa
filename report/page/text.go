package page

import (
	"fmt"
	"io"
	"strings"

	"axgbind/report"
)

// WriteText writes what the page says for a terminal: the summary, and the night
// before. The charts are the page's.
func (p *Page) WriteText(w io.Writer) error {
	p = p.shown()
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s\n", p.headline())
	if p.State != Ended {
		fmt.Fprintf(b, "  %s\n", p.said())
	}
	_ = p.Summary.WriteText(b, p.Lang) // a Builder does not fail
	for _, note := range p.notes() {
		fmt.Fprintf(b, "  %s\n", note)
	}
	if p.Before != nil {
		v := &pageView{}
		p.compareView(v)
		fmt.Fprintf(b, "\n  %s (%s)\n", report.PageBeforeHead.In(p.Lang), p.Before.Then.Results)
		for _, said := range v.BeforeSaid {
			fmt.Fprintf(b, "    %s\n", said)
		}
	}
	if p.State == Ended {
		fmt.Fprintf(b, "%s\n", report.ExitLine.In(p.Lang, p.Summary.ExitStatus, p.Words))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
