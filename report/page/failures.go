package page

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"axgbind/report"
)

// codesMost is how many codes a page tells of.
const codesMost = 20

// codeView is a code with what helps, and the first of its rows.
type codeView struct {
	Failure
	Is    cell        // the code, with the mark of its state
	What  [][2]string // cause, cure and who acts
	List  *table
	Lines string // if the rows themselves are not known
}

// attention are the rows that are not bound by code, most rows first, and what helps. Last
// in the table are those that no call was made for: they have no bar, since a million of
// them would leave the others none.
func (p *Page) attention() (all *table, codes []codeView) {
	var names []string
	var counts []int
	never := p.Summary.Count(report.Pending)
	for i, f := range p.Failures {
		if f.Status == report.Pending.String() {
			never -= f.Count
		}
		if i < codesMost {
			names, counts, codes = append(names, f.Code), append(counts, f.Count), append(codes, p.code(i, f))
		}
	}
	list := slices.Clip(codes)
	if never > 0 {
		list = append(list, codeView{Failure: Failure{Failure: report.Failure{Status: report.Pending.String(), Count: never, Meaning: report.PageNeverReached.In(p.Lang)}}})
	}
	if len(list) == 0 {
		return nil, nil
	}
	all, column := newTable("codes", "stack", p.most(names, counts, len(p.Failures)-len(codes)), list)
	column(report.PageCode.In(p.Lang), "code", func(v codeView) cell { return cell{Text: v.Is.Text, Ref: v.Is.Ref} })
	column(report.PageReason.In(p.Lang), "text", func(v codeView) cell { return text(v.Meaning) })
	column(report.PageStateHead.In(p.Lang), "", func(v codeView) cell {
		status, _ := report.ParseStatus(v.Status)
		return p.state(status)
	})
	column(report.PageRowsHead.In(p.Lang), "n", func(v codeView) cell { return count(v.Count) })
	column("", "bar", func(v codeView) cell {
		if v.Is.Ref == "" {
			return cell{}
		}
		return cell{Bar: ratio(v.Count, counts[0]), Class: v.Is.Class}
	})
	return all, codes
}

func (p *Page) code(i int, f Failure) codeView {
	status, _ := report.ParseStatus(f.Status)
	v := codeView{Failure: f, Is: p.state(status)}
	v.Is.Text, v.Is.Ref = dash(report.Shown(f.Code)), "code-"+strconv.Itoa(i+1)
	for _, what := range []struct {
		head report.Text
		said string
	}{{report.PageCause, f.Cause}, {report.PageCure, f.Cure}, {report.PageWho, f.Who}} {
		if what.said != "" {
			v.What = append(v.What, [2]string{what.head.In(p.Lang), report.Shown(what.said)})
		}
	}
	if len(f.Rows) == 0 {
		var lines []string
		for _, n := range f.Lines {
			lines = append(lines, strconv.Itoa(n))
		}
		if v.Lines = report.PageUnseen.In(p.Lang, strings.Join(lines, report.PageListAnd.In(p.Lang))); f.Count > len(lines) {
			v.Lines += "…"
		}
		return v
	}
	caption := ""
	if len(f.Rows) < f.Count {
		caption = report.PageFirst.In(p.Lang, grouped(len(f.Rows)), grouped(f.Count))
	}
	t, column := newTable(v.Is.Ref+"-rows", "stack rows", caption, f.Rows)
	column(report.PageLine.In(p.Lang), "n", func(r Row) cell { return text(strconv.Itoa(r.Line)) })
	column(report.PageReason.In(p.Lang), "text", func(r Row) cell { return text(r.Reason) })
	column(report.PageA.In(p.Lang), "", func(r Row) cell { return text(r.A) })
	column(report.PageGroup.In(p.Lang), "", func(r Row) cell { return text(r.Group) })
	column(report.PageRequest.In(p.Lang), "id", func(r Row) cell { return text(r.RequestID) })
	column(report.PageCalls.In(p.Lang), "n", func(r Row) cell { return count(r.Attempts) })
	column(report.PageAt.In(p.Lang), "", func(r Row) cell {
		if r.Finished.IsZero() || r.Attempts == 0 {
			return cell{}
		}
		return text(r.Finished.In(report.Beijing).Format(time.DateTime))
	})
	v.List = t
	return v
}

// most says of a list, most rows first, what has the most of the rows with a code. Those
// that have as many are told together. more is how many the list leaves out.
func (p *Page) most(names []string, counts []int, more int) (said string) {
	all, tied := 0, 0
	for _, f := range p.Failures {
		all += f.Count
	}
	for tied < len(counts) && counts[tied] == counts[0] {
		names[tied] = dash(names[tied])
		tied++
	}
	const named = 3
	switch {
	case len(counts) < 2 || all < 2 || counts[0] == 0:
	case tied == 1:
		said = report.PageMost.In(p.Lang, names[0], grouped(counts[0]), grouped(all))
	case tied > named || tied == len(counts) && more > 0:
		said = report.PageMostMany.In(p.Lang, grouped(counts[0]), grouped(all))
	default:
		said = report.PageMostTied.In(p.Lang, strings.Join(names[:tied], report.PageListAnd.In(p.Lang)), grouped(counts[0]), grouped(all))
	}
	if more > 0 {
		if said != "" {
			said += report.Between.In(p.Lang)
		}
		said += report.PageMore.In(p.Lang, grouped(more))
	}
	return said
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// places are the tables of pools, groups and cities with rows that failed or that were
// never reached.
func (p *Page) places() (list []*table) {
	for _, of := range []struct {
		id     string
		places Places
		head   report.Text
	}{{"pool", p.Pools, report.PagePool}, {"group", p.Groups, report.PageGroup}, {"city", p.Cities, report.PageCity}} {
		if len(of.places.Top) > 0 {
			list = append(list, p.place(of.id, of.head.In(p.Lang), of.places))
		}
	}
	return list
}

func (p *Page) place(id, head string, of Places) *table {
	var shown []Place
	var names []string
	var counts []int
	for _, place := range of.Top {
		if place.Name == "" {
			place.Name = report.PagePlaceBlank.In(p.Lang)
		}
		shown, names, counts = append(shown, place), append(names, place.Name), append(counts, place.Failures())
	}
	t, column := newTable(id, "stack", p.most(names, counts, of.More), shown)
	column(head, "", func(place Place) cell { return text(place.Name) })
	for _, status := range []report.Status{report.Failed, report.Invalid, report.Held, report.Unknown} {
		column(status.Label(p.Lang), "n", func(place Place) cell { return count(place.Counts[status]) })
	}
	column(report.PagePlaceTried.In(p.Lang), "n", func(place Place) cell { return count(place.Counts[report.Pending] - place.Never) })
	column(report.PagePlaceNever.In(p.Lang), "n", func(place Place) cell { return count(place.Never) })
	column(report.PageRowsHead.In(p.Lang), "n", func(place Place) cell { return count(place.Counts.Sum()) })
	column("", "bar", func(place Place) cell { return cell{Bar: ratio(place.Failures(), counts[0]), Class: "failed"} })
	return t
}
