package history

import (
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// batchCourse is what became of a batch: where each row stands that its runs
// touched.
type batchCourse struct {
	results string
	first   time.Time
	tally   page.Tally      // without rows that are PENDING
	stands  []report.Status // by the row's number in the ledger; PENDING also if it was not touched
	rows    map[int32]unbound
	shown   map[standing][]shownRow
	last    *runCourse
	end     *books.RunEnd // of last; nil if it goes on or was killed
	paced   *runCourse    // the last that made calls
	pacedBy *books.RunEnd
}

// standing is a status and a code, as the ledger numbers it.
type standing struct {
	status report.Status
	code   uint16
}

// unbound is a row that is FAILED or UNKNOWN.
type unbound struct {
	standing
	line  int32
	place ledger.Place // 0: not known
}

type shownRow struct {
	row  int32
	page page.Row
}

// shownRows is how many rows of each code a page lists.
const shownRows = 10

func newCourse(r books.RunStart) *batchCourse {
	return &batchCourse{results: r.Results, first: r.Start, rows: map[int32]unbound{}, shown: map[standing][]shownRow{}}
}

// verdict is where a row of the ledger stands now. One whose binding another
// batch renewed is bound all the same.
func (h *History) verdict(n int32) standing {
	info := h.ledger.Info(int(n))
	s := standing{books.StandsAt(&info), h.ledger.Code(info.Code)}
	if info.State == ledger.Superseded && books.PassedOn(h.ledger, &info) {
		s.status = report.Bound
	}
	if s.status == report.Unknown && h.ledger.Releasing(int(n)) {
		s.code = h.ledger.Code(aliyun.CodeReleaseBegun)
	}
	return s
}

// stand notes where the row of a record stands now. l is the record; nil if the
// row's call was left open.
func (h *History) stand(j *batchCourse, about *subject, l *journal.Line) error {
	n := about.row
	s := h.verdict(n)
	j.count(n, s.status)
	if s.status != report.Failed && s.status != report.Unknown {
		delete(j.rows, n)
		return nil
	}
	j.rows[n] = unbound{s, h.lines[n], about.place}
	if l != nil && l.Record.Kind == ledger.Looked { // it tells nothing of the row
		return nil
	}
	list := j.shown[s]
	at := slices.IndexFunc(list, func(r shownRow) bool { return r.row == n })
	if at < 0 {
		if len(list) == 2*shownRows {
			return nil
		}
		at, list = len(list), append(list, shownRow{})
	}
	page, err := h.pageRow(about, l)
	list[at], j.shown[s] = shownRow{n, page}, list
	return err
}

// pageRow is a row as a page lists it.
func (h *History) pageRow(about *subject, l *journal.Line) (p page.Row, err error) {
	intent, err := journal.At(h.text, about.ref)
	if err != nil {
		return p, err
	}
	sent, err := books.DecodeDetail(intent)
	if err != nil {
		return p, err
	}
	end := books.Detail{T: about.at}
	if l != nil {
		if end, err = books.DecodeDetail(l); err != nil {
			return p, err
		}
	}
	p = page.Row{
		Line: sent.Line, A: report.Mask(sent.PhoneNoA), Group: shownPlace(sent.GroupID),
		RequestID: end.RequestID, Attempts: h.ledger.Info(int(about.row)).Attempts,
	}
	if end.T > 0 {
		p.Finished = time.UnixMilli(end.T)
	}
	return p, nil
}

// passOn notes where the row stands whose binding a record was about. Whoever
// changes or ends the binding of a row of the batch, it is the batch's.
func (h *History) passOn(holder int32) {
	for _, j := range []*batchCourse{h.mine, h.cur} {
		if j == nil || holder < 0 || int(holder) >= len(j.stands) || j.stands[holder] == report.Pending {
			continue
		}
		s := h.verdict(holder)
		j.count(holder, s.status)
		switch was, listed := j.rows[holder]; {
		case s.status != report.Failed && s.status != report.Unknown:
			delete(j.rows, holder)
		case listed:
			was.standing = s
			j.rows[holder] = was
		default:
			b := h.ledger.Binding(h.ledger.Info(int(holder)).Binding)
			j.rows[holder] = unbound{s, h.lines[holder], b.Place}
		}
	}
}

// count notes where a row stands.
func (j *batchCourse) count(n int32, status report.Status) {
	if int(n) >= len(j.stands) {
		j.stands = append(j.stands, make([]report.Status, int(n)+1-len(j.stands))...)
	}
	if was := j.stands[n]; was != report.Pending {
		j.tally[was]--
	}
	if j.stands[n] = status; status != report.Pending {
		j.tally[status]++
	}
}
