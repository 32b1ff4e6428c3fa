package plan

import (
	"slices"
	"strings"

	"axgbind/batch/field"
	"axgbind/batch/input"
)

// ReleaseGroup counts bindings that a plan of releases would end.
type ReleaseGroup struct {
	PoolKey, GroupID string
	Ends             string // day of Expiration, yyyy-MM-dd; blank: not known
	Bindings         int
}

// Releases counts the bindings that the plan would release, by pool, group and
// day of Expiration, in that order.
func (p *Plan) Releases() ([]ReleaseGroup, error) {
	counts := map[ReleaseGroup]int{}
	err := p.EachRow(func(i int, row *Row) error {
		if p.Entries[i].Fate != FateSend && p.Entries[i].Fate != fateRest {
			return nil
		}
		t, pool, err := p.ReleaseTarget(i, row)
		if err != nil {
			return err
		}
		g := ReleaseGroup{PoolKey: pool, GroupID: row.Fields[field.GroupID], Ends: row.Fields[field.Expiration]}
		if t.Was != nil {
			g.GroupID, g.Ends = t.Was.GroupID, t.Was.Expiration
		}
		if _, err := input.ParseExpiration(g.Ends); err != nil {
			g.Ends = ""
		} else {
			g.Ends = g.Ends[:len("2006-01-02")]
		}
		counts[g]++
		return nil
	})
	var groups []ReleaseGroup
	for g, n := range counts {
		g.Bindings = n
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b ReleaseGroup) int {
		return strings.Compare(a.PoolKey+"\x00"+a.GroupID+"\x00"+a.Ends, b.PoolKey+"\x00"+b.GroupID+"\x00"+b.Ends)
	})
	return groups, err
}
