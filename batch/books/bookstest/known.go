package bookstest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"axgbind/batch/books"
	"axgbind/batch/ledger"
)

// Known is all that a journal knows of what has not ended, in words: rows, bindings
// and calls, each with its particulars.
func Known(t testing.TB, j *books.Journal) (list []string) {
	t.Helper()
	detail := func(ref int64) books.Detail {
		d, err := j.DetailAt(ref)
		if err != nil {
			t.Error(err)
		}
		return d
	}
	sent := func(ref int64) books.Detail {
		d := detail(ref)
		return books.Detail{
			Left: cmp.Or(d.Left, d.T), Undated: d.Undated, Line: d.Line, PoolKey: d.PoolKey, PhoneNoA: d.PhoneNoA, PhoneNoB: d.PhoneNoB, PhoneNoX: d.PhoneNoX,
			GroupID: d.GroupID, Expiration: d.Expiration, Recording: d.Recording, Restrict: d.Restrict, OutID: d.OutID, Fixed: d.Fixed,
		}
	}
	said := func(ref int64) books.Detail {
		d := detail(ref)
		d.Left, d.Undated, d.Line, d.PoolKey, d.PhoneNoA, d.PhoneNoB, d.PhoneNoX = 0, false, 0, "", "", "", ""
		d.GroupID, d.Expiration, d.Recording, d.Restrict, d.OutID, d.Fixed = "", "", "", "", "", ""
		return d
	}
	l := j.Ledger
	for n := range l.Len() {
		info := l.Info(n)
		if info.Op == 0 || info.State == ledger.Superseded {
			continue
		}
		keeps := ""
		if info.Absent {
			keeps = detail(info.Last).PhoneNoX
		}
		list = append(list, fmt.Sprintf("row %s: keeps X %q, %s %d, op %s, code %q, run %d, %d calls, absent %v, current %v, releasing %v: %+v", info.Key, keeps, books.StatusOf(info.State),
			idOf(l, info.Binding), info.Op, info.Code, info.Run, info.Attempts, info.Absent, l.Current(n), l.Releasing(n), said(info.Last)))
		for _, c := range l.Calls(n) {
			ref, binding := c.Ref, c.Binding
			c.Ref, c.Row, c.Binding = 0, 0, 0
			list = append(list, fmt.Sprintf("call of row %s on %d: %+v: %+v", info.Key, idOf(l, binding), c, sent(ref)))
		}
	}
	for n := range l.Bindings() {
		b := l.Binding(n)
		holder := "nobody"
		if b.Holder >= 0 {
			holder = l.Key(b.Holder).String()
		}
		list = append(list, fmt.Sprintf("binding %d: place %x, ends %d, life %d, of %s, made in %d, held since %d: %+v; %+v", b.ID, b.Place, b.Ends, b.Life, holder, b.Maker, b.HeldSince,
			sent(b.Values), said(b.OK)))
	}
	slices.Sort(list)
	return list
}

func idOf(l *ledger.Ledger, binding int) ledger.SubsID {
	if binding < 0 {
		return 0
	}
	return l.Binding(binding).ID
}
