package plan

import (
	"cmp"
	"fmt"
	"slices"

	"axgbind/batch/ledger"
	"axgbind/report"
)

// Owner is another batch, or nobody known, with rows that a release or update
// leaves alone because their bindings are its.
type Owner struct {
	Batch   string // id; blank: the bindings are of no known maker
	Results string // where it wrote them last, numbers masked
	Renewed bool   // only --renewed is wanting: the owner made them, and this batch renewed them
	Again   string // command that goes on with it, where its renewals are in doubt: they may be its or still this batch's
	Older   bool   // its results are the input: they are older than the renewals of these bindings
	Flag    string // that the owner's own command needs, with a blank before it
	Rows    int
}

// Owners tells whose bindings the rows are that are left alone, the most rows first.
func (p *Plan) Owners() (list []Owner) {
	if p.scope.op == 0 {
		return nil
	}
	at := map[Owner]int{}
	for i := range p.Entries {
		r := &p.Entries[i]
		if r.Fate != fateOthers {
			continue
		}
		var o Owner
		if r.other >= 0 {
			var maker, holder uint32
			doubt := false
			p.Journal.Asks(func(l *ledger.Ledger) {
				maker, holder = l.Owners(int(r.other))
				if doubt = p.scope.objects(l, r.other, false) == othersMay; doubt {
					holder = l.Taker(int(r.other), p.scope.of)
					maker = holder
				}
			})
			o.Renewed = holder == p.scope.of && maker != holder && maker != 0
			if o.Renewed {
				holder = maker
			}
			o.Batch, o.Results = p.ownerOf(cmp.Or(holder, maker))
			switch {
			case p.older(holder, o.Results):
				o.Older = true
			case doubt:
				o.Again = p.bindAgain(o.Batch, o.Results)
			case holder == p.scope.of && maker == 0:
				o = Owner{}
			case o.Renewed || p.scope.op != ledger.Release || maker == holder || holder == 0:
			case maker == 0:
				o.Flag = " --foreign"
			default:
				o.Flag = " --renewed"
			}
		}
		at[o]++
	}
	for o, rows := range at {
		o.Rows = rows
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b Owner) int { return cmp.Or(b.Rows-a.Rows, cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))) })
	return list
}

// older reports whether the results of the batch that holds a binding are the input
// itself, and still the binding is not the row's: it was renewed after they were written.
// To name these results as the holder's would send the reader back to this very input.
func (p *Plan) older(holder uint32, results string) bool {
	return holder != 0 && holder == p.scope.of && results != "" && results == p.path
}

// Say tells of an owner in a sentence, with the command to type. The command is
// that of the release or update.
func (o *Owner) Say(lang report.Lang, command string) string {
	switch {
	case o.Batch == "":
		return report.StartForeign.In(lang, o.Rows)
	case o.Older:
		return report.StartOlder.In(lang, o.Rows, o.Batch, o.Results, report.Whole(command))
	case o.Again != "":
		return report.StartOthersMay.In(lang, o.Rows, o.Batch, cmp.Or(o.Results, "-"), report.Whole(o.Again))
	case o.Renewed:
		return report.StartRenewedOnly.In(lang, o.Rows, o.Batch, cmp.Or(o.Results, "-"))
	}
	return report.StartOthers.In(lang, o.Rows, o.Batch, cmp.Or(o.Results, "-"), report.Whole("axgbind "+command+" "+cmp.Or(o.Results, o.Batch)+o.Flag))
}
