package simulator

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	// firstGroup is the id of the first group made; far from the ids that
	// examples use, so that those do not become known groups by chance.
	firstGroup = 2000000900001
	// maxGroups and maxGroupList are documented, for a pool and for one call.
	maxGroups    = 2000
	maxGroupList = 200
	// maxGroupNumbers bounds the numbers of all groups together. It is this
	// package's own limit; the service's is not published.
	maxGroupNumbers = 200_000
	// Of characters. The typed SDK and older texts name these, the current page
	// those of Options.ShortNames.
	maxGroupName, maxGroupRemark = 128, 256
	shortName, shortRemark       = 16, 50
)

// groups are the G groups of the pool: the telephones that reach A through X.
type groups struct {
	strict bool

	mu      sync.RWMutex
	members map[int64]map[string]struct{} // of the groups made or operated on
	made    int64
	total   int // numbers in all groups
}

func newGroups(strict bool) *groups {
	return &groups{strict: strict, members: map[int64]map[string]struct{}{}}
}

// usable reports whether a binding may name the group: it holds a number, or
// nothing is known of it and that is good enough.
func (g *groups) usable(id int64) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	m, known := g.members[id]
	if !known {
		return !g.strict && !g.deleted(id)
	}
	return len(m) > 0
}

// deleted reports whether a group was made and is no more: there is no way back.
func (g *groups) deleted(id int64) bool {
	return g.members[id] == nil && id >= firstGroup && id-firstGroup < g.made
}

// delete ends a group that no binding names, with its numbers. One that was never
// made is unknown again, and so as good, as it was.
func (g *groups) delete(id int64, bound func(id int64) bool) groupEnd {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, known := g.members[id]
	switch {
	case !known && (g.strict || g.deleted(id)):
		return groupUnknown
	case bound(id):
		return groupBound
	}
	g.total -= len(m)
	delete(g.members, id)
	return groupDone
}

// create makes a group of these numbers. It fails when there are too many
// groups or numbers.
func (g *groups) create(numbers []string) (int64, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.members) >= maxGroups || g.total+len(numbers) > maxGroupNumbers {
		return 0, false
	}
	id := firstGroup + g.made
	for g.members[id] != nil { // someone operated on an id yet to come
		g.made++
		id++
	}
	g.made++
	g.members[id] = map[string]struct{}{}
	g.add(id, numbers)
	return id, true
}

func (g *groups) add(id int64, numbers []string) {
	m := g.members[id]
	g.total -= len(m)
	for _, n := range numbers {
		m[n] = struct{}{}
	}
	g.total += len(m)
}

// How operating on a group can end.
type groupEnd int

const (
	groupDone groupEnd = iota
	groupUnknown
	groupFull     // too many groups or numbers
	groupTooLarge // to overwrite
	groupBound    // a live binding names it
)

// operate changes the numbers of a group. Of a group never made, adding and
// overwriting make it known, with just these numbers; deleting leaves it as
// unknown, and so as good, as it was.
func (g *groups) operate(id int64, how string, numbers []string) groupEnd {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, known := g.members[id]
	if !known {
		switch {
		case g.strict || g.deleted(id):
			return groupUnknown
		case how == deleteNumbers:
			return groupDone
		case len(g.members) >= maxGroups || g.total+len(numbers) > maxGroupNumbers:
			return groupFull
		}
		g.members[id] = map[string]struct{}{}
		g.add(id, numbers)
		return groupDone
	}
	switch how {
	case deleteNumbers:
		g.total -= len(m)
		for _, n := range numbers {
			delete(m, n)
		}
		g.total += len(m)
	case overwriteNumbers:
		if len(m) > maxGroupList {
			return groupTooLarge
		}
		if g.total-len(m)+len(numbers) > maxGroupNumbers {
			return groupFull
		}
		g.total -= len(m)
		clear(m)
		g.add(id, numbers)
	default:
		if g.total+len(numbers) > maxGroupNumbers {
			return groupFull
		}
		g.add(id, numbers)
	}
	return groupDone
}

const (
	addNumbers       = "addNumbers"
	deleteNumbers    = "deleteNumbers"
	overwriteNumbers = "overwriteNumbers"
)

// createAxgGroup makes a group, an empty one if it names no numbers.
func createAxgGroup(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.refused(codePoolKeyNotExists)
	}
	name, remark := maxGroupName, maxGroupRemark
	if s.opts.ShortNames {
		name, remark = shortName, shortRemark
	}
	if utf8.RuneCountInString(r.p.get("Name")) > name {
		return s.business(codeIllegalArgument, "name too long")
	}
	if utf8.RuneCountInString(r.p.get("Remark")) > remark {
		return s.business(codeIllegalArgument, "remark too long")
	}
	numbers, code := groupNumbers(r.p.get("Numbers"))
	if code != codeOK {
		return s.refused(code)
	}
	id, ok := s.groups.create(numbers)
	if !ok {
		return s.business(codeIllegalArgument, "too many groups or numbers")
	}
	ans := s.business(codeOK, "OK")
	ans.env.GroupId = &id
	return ans
}

// deleteAxgGroup ends a group. The code for one that has bindings is not published.
func deleteAxgGroup(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.refused(codePoolKeyNotExists)
	}
	id, err := strconv.ParseInt(r.p.get("GroupId"), 10, 64)
	if err != nil || id <= 0 {
		return s.business(codeIllegalArgument, "groupId invalid")
	}
	switch s.groups.delete(id, func(id int64) bool { return s.pool.grouped(id, r.now) }) {
	case groupUnknown:
		return s.business(s.opts.BadGroup, "group not exist")
	case groupBound:
		return s.business(s.opts.BadGroup, "group has bindings")
	}
	return s.business(codeOK, "SUCCESS") // as its page shows
}

// operateAxgGroup changes a group's numbers.
func operateAxgGroup(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.refused(codePoolKeyNotExists)
	}
	id, err := strconv.ParseInt(r.p.get("GroupId"), 10, 64)
	if err != nil || id <= 0 {
		return s.business(codeIllegalArgument, "groupId invalid")
	}
	how := r.p.get("OperateType")
	if how != addNumbers && how != deleteNumbers && how != overwriteNumbers {
		return s.business(codeIllegalArgument, "operateType invalid")
	}
	numbers, code := groupNumbers(r.p.get("Numbers"))
	if code != codeOK {
		return s.refused(code)
	}
	switch s.groups.operate(id, how, numbers) {
	case groupUnknown:
		return s.business(s.opts.BadGroup, "group not exist")
	case groupFull:
		return s.business(codeIllegalArgument, "too many groups or numbers")
	case groupTooLarge:
		return s.business(codeIllegalArgument, "group too large to overwrite")
	}
	return s.business(codeOK, "OK")
}

// groupNumbers reads a comma-separated list of telephone numbers.
func groupNumbers(list string) ([]string, string) {
	if list == "" {
		return nil, codeOK
	}
	if strings.Count(list, ",") >= maxGroupList {
		return nil, codeIllegalArgument
	}
	numbers := strings.Split(strings.Clone(list), ",")
	for _, n := range numbers {
		if !phoneNumber(n) {
			return nil, codeMobileNumberBad
		}
	}
	return numbers, codeOK
}
