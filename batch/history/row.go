package history

import (
	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// rows are those of the batch that its runs touched, by their number in the ledger.
type rows struct {
	tally   page.Tally      // where they stand, without those PENDING
	stands  []report.Status // PENDING also if a row was not touched
	unbound map[int32]unbound
	lines   []int32
}

// standing is a status and a code, as the ledger numbers it.
type standing struct {
	status report.Status
	code   uint16
}

// unbound is a row that is FAILED or UNKNOWN.
type unbound struct {
	standing
	line int32
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

// passOn notes where the row stands whose binding a record was about. Whoever
// changes or ends the binding of a row of the batch, it is the batch's.
func (h *History) passOn(holder int32) {
	if h.statusOf(holder) != report.Pending {
		h.put(holder, h.verdict(holder))
	}
}

// statusOf is where a row stands as far as it was noted.
func (j *rows) statusOf(n int32) report.Status {
	if n < 0 || int(n) >= len(j.stands) {
		return report.Pending
	}
	return j.stands[n]
}

// put notes where a row stands.
func (j *rows) put(n int32, s standing) {
	if int(n) >= len(j.stands) {
		j.stands = append(j.stands, make([]report.Status, int(n)+1-len(j.stands))...)
	}
	if was := j.stands[n]; was != report.Pending {
		j.tally[was]--
	}
	if j.stands[n] = s.status; s.status != report.Pending {
		j.tally[s.status]++
	}
	if s.status == report.Failed || s.status == report.Unknown {
		j.unbound[n] = unbound{s, j.lines[n]}
	} else {
		delete(j.unbound, n)
	}
}
