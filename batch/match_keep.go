package batch

import (
	"cmp"
	"slices"
	"strings"

	"axgbind/aliyun"
	"axgbind/report"
)

// faulty is a row that cannot be sent, and the place that it would take.
type faulty struct {
	row   int32
	place holder
}

// keep finds the bindings of rows that are not what they were when they were
// bound: a cell was masked, mistyped or emptied since, so that the row's identity
// is another. The row is not sent, but it goes on to name its binding, or nobody
// could find that again. A binding is given to one row, and only where nothing
// else can be meant.
func (h *holding) keep() error {
	m := h.matcher
	for _, i := range h.claimed() {
		root := m.claims[i]
		lapsed, _, err := m.endOf(root, m.journal.now(root), m.begun[root])
		if err != nil {
			return err
		}
		switch p := &m.rows[i]; {
		case p.fate == fateInvalid:
			h.keepFor(i, root)
		case p.fate == fateSend && !lapsed:
			p.other = root
			h.name(root)
			m.holdBack(p)
		}
	}
	rest, beside := []faulty(nil), map[holder]int{}
	for _, f := range m.faulty {
		beside[f.place]++
	}
	for _, f := range m.faulty {
		if _, kept := m.kept[f.row]; kept {
			continue
		}
		if free := h.unnamed(h.live[f.place]); len(free) == 1 && beside[f.place] == 1 {
			h.keepFor(f.row, free[0])
			continue
		}
		rest = append(rest, f)
	}
	if len(rest) == 0 || len(h.live) == 0 {
		return nil
	}
	return h.keepByLine(rest)
}

// claimed are the rows that name a binding which the journal knows, in order.
func (h *holding) claimed() (rows []int32) {
	for i := range h.claims {
		rows = append(rows, i)
	}
	slices.Sort(rows)
	return rows
}

func (h *holding) keepFor(row, root int32) {
	if h.kept == nil {
		h.kept = map[int32]int32{}
	}
	h.kept[row] = h.journal.now(root)
	h.name(root)
}

// unnamed are the bindings, of those given, that are known to live and that no row
// stands for, takes or is held back for.
func (h *holding) unnamed(roots []int32) []int32 {
	return slices.DeleteFunc(slices.Clone(roots), func(root int32) bool {
		return h.given[root] || h.named[root] || h.journal.entries[h.journal.now(root)].status != report.Bound
	})
}

// keepByLine finds the bindings of rows that stand on the line on which they
// stood when this job sent them, and say the same but for what was damaged.
func (h *holding) keepByLine(rest []faulty) error {
	j := h.journal
	at := map[uint32]int32{}
	for _, roots := range h.live {
		for _, root := range h.unnamed(roots) {
			e := &j.entries[root]
			if int(e.run) >= len(j.Runs) || j.Runs[e.run].Results != h.opt.Results {
				continue
			}
			sent, err := j.detailAt(e.last)
			if err != nil {
				return err
			}
			if _, twice := at[uint32(sent.Line)]; twice {
				root = -1
			}
			at[uint32(sent.Line)] = root
		}
	}
	candidates := map[int32]int32{}
	for _, f := range rest {
		if root, ok := at[h.matcher.rows[f.row].line]; ok && root >= 0 {
			candidates[f.row] = root
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	return h.again(func(i int, row *Row) error {
		root, ok := candidates[int32(i)]
		if !ok {
			return nil
		}
		sent, err := j.detailAt(j.entries[root].last)
		if err == nil && damagedFrom(row, &sent) {
			h.keepFor(int32(i), root)
		}
		return err
	})
}

// damagedFrom reports whether a row is one that was sent, with damage done since:
// A is what it was, or everything else is and the numbers could have been these.
func damagedFrom(row *Row, sent *detail) bool {
	f := &row.Fields
	if f[PhoneNoA] == sent.PhoneNoA {
		return f[PhoneNoA] != ""
	}
	for _, s := range [...][2]string{
		{f[PoolKey], sent.PoolKey}, {f[GroupID], sent.GroupID}, {f[Expiration], sent.Expiration}, {f[IsRecordingEnabled], sent.Recording},
		{f[CallRestrict], sent.Restrict}, {f[OutID], sent.OutID},
	} {
		if s[0] != s[1] && !report.Masked(s[0]) {
			return false
		}
	}
	return damagedNumber(f[PhoneNoA], sent.PhoneNoA) && damagedNumber(f[PhoneNoB], sent.PhoneNoB) &&
		(f[PhoneNoX] == "" || damagedNumber(f[PhoneNoX], sent.PhoneNoX))
}

// damagedNumber reports whether a cell may be what became of a number: masked,
// emptied, in scientific notation, or a few slips away.
func damagedNumber(cell, was string) bool {
	if cell == was || cell == "" || cell == report.Mask(was) {
		return true
	}
	if rule, _ := judgePhone(cell); rule == "" { // whole: another number
		return false
	}
	if _, _, ok := scientific(cell); ok {
		return strings.HasPrefix(was, strings.ReplaceAll(cell[:strings.IndexAny(cell, "Ee")], ".", ""))
	}
	const slips = 3
	return len(cell) <= len(was)+2*slips && EditDistance(cell, was) <= slips
}

// keepIDs puts the ids of its binding into the record of a row that was not sent
// for what its cells say now.
func (p *Plan) keepIDs(rec *report.Record, i int, row *Row, lang report.Lang) error {
	if rec.Status != report.Invalid {
		return nil
	}
	if at, ok := p.kept[int32(i)]; ok {
		end, err := p.journal.detailAt(p.journal.entries[at].outcome)
		if err != nil {
			return err
		}
		rec.SecretNo, rec.SubsID, rec.RequestID = end.SecretNo, end.SubsID, end.RequestID
		rec.Reason += report.Between.In(lang) + report.ReasonKept.In(lang, report.Whole(end.SubsID))
		return nil
	}
	if v := row.Verdict; v != nil && v.SubsID != "" && v.Code != aliyun.CodeBindConflict && (rec.SubsID == "" || rec.SubsID == v.SubsID) {
		// Ids that came in with a results file are evidence, whatever else the row says.
		rec.SecretNo, rec.SubsID, rec.RequestID = cmp.Or(rec.SecretNo, v.SecretNo), v.SubsID, cmp.Or(rec.RequestID, v.RequestID)
	}
	return nil
}
