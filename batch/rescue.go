package batch

import (
	"fmt"
	"strconv"
	"strings"

	"axgbind/batch/ledger"
	"axgbind/report"
)

// rescue says on the way out what the journal could not take: with it, a
// person can still find and release the binding.
func (r *Run) rescue(row *Row, kind ledger.Kind, a Answer) {
	r.plan.rescued.Store(uint32(row.Line), true)
	r.opt.Rescue(rescueLine(row.Line, kind, a.Code, a.SubsID, a.RequestID))
}

func rescueLine(line int, kind ledger.Kind, code, subsID, requestID string) string {
	return report.Plain(fmt.Sprintf("rescue: line=%d end=%s code=%s subs_id=%s request_id=%s",
		line, kind, word(code), word(subsID), word(requestID)))
}

// Unrecorded calls do with a line for each row whose binding, or call in doubt, the
// journal had and has no more: somebody else wrote over it. It returns how many those
// are, with those of which the run has told already.
func (p *Plan) Unrecorded(do func(line string)) (n int) {
	for i := range p.rows {
		r := &p.rows[i]
		if r.row < 0 {
			continue
		}
		info := p.journal.row(r.row)
		kind, subsID := ledger.OK, ""
		switch {
		case info.Op == 0 || info.State == ledger.Pending || info.State == ledger.Failed || info.State == ledger.Superseded:
			continue
		case info.State == ledger.Unknown:
			kind = ledger.Lost
		case info.Binding >= 0:
			subsID = idText(p.journal.binding(int32(info.Binding)).ID)
		}
		if p.journal.recorded(r.row, &info) {
			continue
		}
		n++
		if _, told := p.rescued.Load(r.line); !told {
			do(rescueLine(int(r.line), kind, info.Code, subsID, ""))
		}
	}
	return n
}

// idText is a SubsId that is known by its number alone; blank if that is a hash.
func idText(id ledger.SubsID) string {
	if id == 0 || id>>63 > 0 {
		return ""
	}
	return strconv.FormatUint(uint64(id)-1, 10)
}

// recorded reports whether the journal still has what it knows of a row.
func (j *Journal) recorded(row int32, info *ledger.RowInfo) bool {
	refs := []int64{info.Last}
	if info.State == ledger.Unknown {
		for _, c := range j.calls(row) {
			refs = append(refs, c.Ref)
		}
	} else if info.Binding >= 0 {
		refs = append(refs, j.binding(int32(info.Binding)).OK)
	}
	for _, ref := range refs {
		if _, err := j.detailAt(ref); err != nil {
			return false
		}
	}
	return true
}

// word makes a text one word of a line: a service may send anything.
func word(s string) string {
	if s == "" {
		return "-"
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, s)
}
