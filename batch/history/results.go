package history

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// shownRows is how many rows of each code a page lists.
const shownRows = 10

// placesMost is how many pools, groups or cities are looked at; shownPlaces is how many
// a page names.
const (
	placesMost  = 50_000
	shownPlaces = 10
)

// AddResults completes a page with what the results of the batch's last run say:
// the counts, and the rows behind them. in is the results file as an input.
func (h *History) AddResults(p *page.Page, in *input.Input) error {
	s := h.measured(p.Lang)
	reader := resultsReader{lang: p.Lang, reasons: books.Reasons(), rows: map[string][]page.Row{}}
	for i := range reader.places {
		reader.places[i] = map[string]*page.Place{}
	}
	explain := func(_ report.Status, code string) (meaning, who string) { return explainIn(p.Lang, code) }
	err := in.EachRow(func(row *input.Row) error {
		if row.Verdict == nil { // added to the file by hand
			return nil
		}
		status, ok := report.ParseStatus(row.Verdict.Status)
		if !ok {
			return nil
		}
		if status == report.Bound && h.released(row.Verdict.SubsID) {
			status = report.Released // since the results were written
		}
		s.Rows++
		s.Add(&report.Record{Line: row.Verdict.Line, Status: status, Code: row.Verdict.Code}, explain)
		reader.add(row, status)
		return nil
	})
	if err != nil {
		return err
	}
	s.Sort()
	p.Summary = s
	p.Failures = explained(s, p.Lang)
	for i := range p.Failures {
		p.Failures[i].Rows = reader.rows[p.Failures[i].Status+" "+p.Failures[i].Code]
	}
	p.Pools, p.Groups, p.Cities = reader.top(0), reader.top(1), reader.top(2)
	return nil
}

// released reports whether a binding was released, by whichever batch.
func (h *History) released(subsID string) bool {
	b, ok := h.ledger.BindingOf(ledger.ParseSubsID(subsID))
	return ok && h.ledger.Binding(b).Life == ledger.Released
}

// resultsReader gathers what a page shows of the rows of a results file.
type resultsReader struct {
	lang    report.Lang
	reasons *report.Phrases
	rows    map[string][]page.Row // by status and code
	places  [3]map[string]*page.Place
}

func (r *resultsReader) add(row *input.Row, status report.Status) {
	v := row.Verdict
	for i, f := range [...]field.Field{field.PoolKey, field.GroupID, field.ExpectCity} {
		place := r.places[i][row.Fields[f]]
		if place == nil {
			if place = new(page.Place); len(r.places[i]) < placesMost {
				r.places[i][row.Fields[f]] = place
			}
		}
		if place.Counts[status]++; status == report.Pending && v.Code == "" {
			place.Never++
		}
	}
	if status == report.Bound || status == report.Pending && v.Code == "" {
		return
	}
	key := v.Status + " " + v.Code
	if len(r.rows[key]) == shownRows {
		return
	}
	shown := page.Row{
		Line: v.Line, A: report.MaskIn(r.lang, row.Fields[field.PhoneNoA]), Group: shownPlace(row.Fields[field.GroupID]), RequestID: v.RequestID,
		Attempts: v.Attempts,
	}
	shown.Finished, _ = time.Parse(time.RFC3339, v.FinishedAt) // blank for a row that was never sent
	e := aliyun.Lookup(v.Code)
	if reason := r.reasons.In(r.lang, v.Reason); reason != books.Sentence(r.lang, e.Meaning, e.Cause) {
		shown.Reason = report.Shown(reason)
	}
	r.rows[key] = append(r.rows[key], shown)
}

// top are the places with the most failures. One place alone is all rows, and nothing is
// told of it.
func (r *resultsReader) top(i int) (p page.Places) {
	places := r.places[i]
	if len(places) < 2 {
		return p
	}
	names := slices.SortedFunc(maps.Keys(places), func(a, b string) int {
		x, y := places[a], places[b]
		return cmp.Or(cmp.Compare(y.Failures(), x.Failures()), cmp.Compare(y.Never, x.Never), cmp.Compare(a, b))
	})
	for _, name := range names {
		switch place := places[name]; {
		case place.Failures()+place.Never == 0:
		case len(p.Top) == shownPlaces:
			p.More++
		default:
			place.Name = shownPlace(name)
			p.Top = append(p.Top, *place)
		}
	}
	return p
}

// shownPlace is a pool, group or city as a page shows it: people put numbers
// into any column.
func shownPlace(name string) string {
	const most = 60
	name = report.Shown(name)
	if r := []rune(name); len(r) > most {
		return string(r[:most]) + "…"
	}
	return name
}
