package history

import (
	"cmp"
	"io"
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

// placesMost is how many pools, groups or cities are told apart; rows of
// further ones count together. shownPlaces is how many a page names.
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
		reader.places[i] = map[string]*page.Tally{}
	}
	explain := func(_ report.Status, code string) (meaning, who string) { return explainIn(p.Lang, code) }
	rows := in.Rows()
	for row := new(input.Row); ; {
		err := rows.Read(row)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if row.Verdict == nil { // added to the file by hand
			continue
		}
		status, ok := report.ParseStatus(row.Verdict.Status)
		if !ok {
			continue
		}
		if status == report.Bound && h.released(row.Verdict.SubsID) {
			status = report.Released // since the results were written
		}
		s.Rows++
		s.Add(&report.Record{Line: row.Verdict.Line, Status: status, Code: row.Verdict.Code}, explain)
		reader.add(row, status)
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
	places  [3]map[string]*page.Tally
	beyond  [3]page.Tally // of places that are not told apart
}

func (r *resultsReader) add(row *input.Row, status report.Status) {
	v := row.Verdict
	for i, f := range [...]field.Field{field.PoolKey, field.GroupID, field.ExpectCity} {
		t := r.places[i][row.Fields[f]]
		switch {
		case t != nil:
		case len(r.places[i]) >= placesMost:
			t = &r.beyond[i]
		default:
			t = new(page.Tally)
			r.places[i][row.Fields[f]] = t
		}
		t[status]++
	}
	if status == report.Bound || status == report.Pending && v.Code == "" {
		return
	}
	key := v.Status + " " + v.Code
	if len(r.rows[key]) == shownRows {
		return
	}
	shown := page.Row{
		Line: v.Line, A: report.Mask(row.Fields[field.PhoneNoA]), Group: shownPlace(row.Fields[field.GroupID]), RequestID: v.RequestID,
		Attempts: v.Attempts,
	}
	shown.Finished, _ = time.Parse(time.RFC3339, v.FinishedAt) // blank for a row that was never sent
	e := aliyun.Lookup(v.Code)
	if reason := r.reasons.In(r.lang, v.Reason); reason != books.Sentence(r.lang, e.Meaning, e.Cause) {
		shown.Reason = report.Shown(reason)
	}
	r.rows[key] = append(r.rows[key], shown)
}

// top are the places with the most failures.
func (r *resultsReader) top(i int) page.Places {
	places := r.places[i]
	_, blank := places[""]
	p := page.Places{Known: len(places) > 1 || len(places) == 1 && !blank}
	names := slices.SortedFunc(maps.Keys(places), func(a, b string) int {
		x, y := page.Place{Counts: *places[a]}, page.Place{Counts: *places[b]}
		return cmp.Or(cmp.Compare(y.Failures(), x.Failures()), cmp.Compare(y.Rows(), x.Rows()), cmp.Compare(a, b))
	})
	p.Rest.Counts = r.beyond[i]
	for n, name := range names {
		place := page.Place{Name: shownPlace(name), Counts: *places[name]}
		if n < shownPlaces {
			p.Top = append(p.Top, place)
			continue
		}
		if p.More++; place.Failures() == 0 {
			p.More--
		}
		for k, count := range place.Counts {
			p.Rest.Counts[k] += count
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
