package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// faulty is a row that cannot be sent, and the place that it would take.
type faulty struct {
	row   int32
	place ledger.Place
}

// keep finds the bindings of rows that are not what they were when they were
// bound: a cell was masked, mistyped or emptied since, so that the row's identity
// is another. The row is not sent, but it goes on to name its binding, or nobody
// could find that again. A binding is given to one row, and only where nothing
// else can be meant.
func (h *holding) keep() error {
	m := h.matcher
	for _, i := range slices.Sorted(maps.Keys(m.disputed)) {
		b := m.disputed[i]
		switch p := &m.Entries[i]; {
		case p.Fate == fateInvalid:
			h.keepFor(i, b)
		case p.Fate == FateSend && m.l.MayLive(int(b), m.clock):
			h.holdFor(p, b)
		}
	}
	rest, beside := []faulty(nil), map[ledger.Place]int{}
	for _, f := range m.faulty {
		beside[f.place]++
	}
	for _, f := range m.faulty {
		if _, kept := m.kept[f.row]; kept {
			continue
		}
		if free := h.unnamed(h.free(f.place)); len(free) == 1 && beside[f.place] == 1 {
			h.keepFor(f.row, free[0])
			continue
		}
		rest = append(rest, f)
	}
	if len(rest) == 0 {
		return nil
	}
	return h.keepByLine(rest)
}

func (h *holding) keepFor(row, b int32) {
	h.kept[row] = b
	h.reserved[b] = true
}

// unnamed are the bindings, of those given, that no row takes or is held back for.
func (h *holding) unnamed(bindings []int32) []int32 {
	return slices.DeleteFunc(bindings, func(b int32) bool { return h.reserved[b] })
}

// keepByLine finds the bindings of rows that stand on the line on which they
// stood when this batch sent them, and say the same but for what was damaged.
func (h *holding) keepByLine(rest []faulty) error {
	at := map[uint32]int32{}
	for b := range h.l.Bindings() {
		info := h.l.Binding(b)
		if _, holder := h.l.Owners(b); holder != h.batch || !h.l.MayLive(b, h.clock) || h.settled(info.Holder) || h.reserved[int32(b)] {
			continue
		}
		sent, err := h.Journal.DetailAt(info.Values)
		if err != nil {
			return err
		}
		if _, twice := at[uint32(sent.Line)]; twice {
			b = -1
		}
		at[uint32(sent.Line)] = int32(b)
	}
	candidates := map[int32]int32{}
	for _, f := range rest {
		if b, ok := at[h.Entries[f.row].line]; ok && b >= 0 {
			candidates[f.row] = b
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	return h.EachRow(func(i int, row *Row) error {
		b, ok := candidates[int32(i)]
		if !ok {
			return nil
		}
		k, err := h.Journal.BindingAt(b)
		if err == nil && damagedFrom(row, &k.Detail) {
			h.keepFor(int32(i), b)
		}
		return err
	})
}

// damagedFrom reports whether a row is one that was sent, with damage done since:
// A is what it was, or everything else is and the numbers could have been these.
func damagedFrom(row *Row, sent *books.Detail) bool {
	f := &row.Fields
	if f[field.PhoneNoA] == sent.PhoneNoA {
		return f[field.PhoneNoA] != ""
	}
	for _, s := range [...][2]string{
		{f[field.PoolKey], sent.PoolKey}, {f[field.GroupID], sent.GroupID}, {f[field.Expiration], sent.Expiration}, {f[field.IsRecordingEnabled], sent.Recording},
		{f[field.CallRestrict], sent.Restrict}, {f[field.OutID], sent.OutID},
	} {
		if s[0] != s[1] && !report.Masked(s[0]) {
			return false
		}
	}
	return damagedNumber(f[field.PhoneNoA], sent.PhoneNoA) && damagedNumber(f[field.PhoneNoB], sent.PhoneNoB) &&
		(f[field.PhoneNoX] == "" || damagedNumber(f[field.PhoneNoX], sent.PhoneNoX))
}

// damagedNumber reports whether a cell may be what became of a number: masked,
// emptied, in scientific notation, or a few slips away.
func damagedNumber(cell, was string) bool {
	if cell == was || cell == "" || cell == report.Mask(was) {
		return true
	}
	if rule, _ := input.JudgePhone(cell); rule == "" { // whole: another number
		return false
	}
	if _, _, ok := input.Scientific(cell); ok {
		return strings.HasPrefix(was, strings.ReplaceAll(cell[:strings.IndexAny(cell, "Ee")], ".", ""))
	}
	const slips = 3
	return len(cell) <= len(was)+2*slips && field.Distance(cell, was) <= slips
}

// keepIDs puts the ids of its binding into the record of a row that was not sent
// for what its cells say now.
func (p *Plan) keepIDs(rec *report.Record, i int, row *Row, lang report.Lang) error {
	if rec.Status != report.Invalid {
		return nil
	}
	if b, ok := p.kept[int32(i)]; ok {
		k, err := p.Journal.BindingAt(b)
		if err != nil {
			return err
		}
		rec.SecretNo, rec.SubsID, rec.RequestID = k.SecretNo, k.SubsID, k.End.RequestID
		rec.Reason += report.Between.In(lang) + report.ReasonKept.In(lang, report.Whole(k.SubsID))
		return nil
	}
	if v := row.Verdict; v != nil && v.SubsID != "" && v.Code != aliyun.CodeBindConflict && (rec.SubsID == "" || rec.SubsID == v.SubsID) {
		// Ids that came in with a results file are evidence, whatever else the row says.
		rec.SecretNo, rec.SubsID, rec.RequestID = cmp.Or(rec.SecretNo, v.SecretNo), v.SubsID, cmp.Or(rec.RequestID, v.RequestID)
	}
	return nil
}
