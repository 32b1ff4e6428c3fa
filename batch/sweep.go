package batch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"axgbind/aliyun"
	"axgbind/report"
)

// Lister finds what is bound to an X number. *aliyun.Client is one.
type Lister interface {
	QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error)
	QuerySubscriptionDetail(ctx context.Context, pool, subsID, x string) (*aliyun.Subscription, error)
}

// Suspects counts the UNKNOWN rows that only a sweep can settle.
func (p *Plan) Suspects() (int, error) {
	list, _, err := p.suspects()
	return len(list), err
}

// Sweep settles UNKNOWN rows that name no X. The service has no look-up by A,
// so every X number of the operator's list is asked what it is bound to; a
// binding whose A, group, B and Expiration are a row's, made when its call was,
// is that row's.
type Sweep struct {
	Client  Lister
	Asker   *Asker
	Numbers []Number
	// Complete says that the list holds every X number of its pools. Only then
	// can it show that a row is not bound.
	Complete bool
	Timeout  time.Duration // of one call, as it was when the rows were sent
	// Waits is called if it must wait before it can begin; nil: not.
	Waits func(until time.Time)
	// Asked is called with how many numbers were asked so far; nil: not.
	Asked func(n int)
}

// Swept is what a sweep found.
type Swept struct {
	Rows       int // UNKNOWN rows without X
	Bound      int // of these, found bound
	Absent     int // of these, shown not to be bound
	Duplicates int // bindings beyond one a row
	Lost       int // numbers that could not be asked
	Foreign    int // X numbers of this job that the list does not hold
	Strange    int // bindings of this job that look-ups deny or show otherwise; 0 if one is shown as it is known
}

// suspect is an UNKNOWN row.
type suspect struct {
	row     int // of the plan
	entry   *entry
	sent    detail    // its last intent
	first   time.Time // when its first call left; zero if nobody knows
	expires time.Time
}

// twins names what rows must share for a binding to fit them all alike.
type twins struct {
	holder  holder
	b       string
	expires int64
}

// Do sweeps. Verdicts go to the journal and count at once. It waits first until
// no call of the rows can be executed late. After an error none of them counts,
// except that some may be in the journal already if that is what broke.
func (s *Sweep) Do(ctx context.Context, p *Plan) (Swept, error) {
	suspects, last, err := p.suspects()
	if err != nil || len(suspects) == 0 {
		return Swept{}, err
	}
	// Twice as careful as with a look-up by X: a row that is called not bound
	// will be sent for another X, and nothing would refuse that.
	begin := settledAt(last, max(s.Timeout, p.journal.longestTimeout())).Add(settleAfter)
	if s.Waits != nil && time.Until(begin) > 0 {
		s.Waits(begin)
	}
	if err := sleepUntil(ctx, begin); err != nil {
		return Swept{}, err
	}
	w := sweeper{Sweep: s, journal: p.journal, bound: map[Number]bool{}, shown: map[string]bool{}, suspects: map[twins][]*suspect{}, holders: map[holder][]*suspect{}, found: map[twins][]*aliyun.Subscription{}, unlike: map[holder][]*aliyun.Subscription{}}
	for _, x := range suspects {
		t := x.twins()
		w.suspects[t] = append(w.suspects[t], x)
		w.holders[t.holder] = append(w.holders[t.holder], x)
	}
	if err := w.own(p); err != nil {
		return Swept{}, err
	}
	if err := w.sweep(ctx); err != nil {
		return Swept{}, err
	}
	return w.conclude(p)
}

// suspects returns the UNKNOWN rows of which a call that is in doubt named no X,
// and when the last of their calls left.
func (p *Plan) suspects() (list []*suspect, last time.Time, err error) {
	for i := range p.rows {
		r := &p.rows[i]
		if p.status(i) != report.Unknown || r.entry < 0 || r.fate == fateReleasing { // that one was bound: it waits for its release
			continue
		}
		e := &p.journal.entries[r.entry]
		sent, err := p.journal.detailAt(e.last)
		if err != nil {
			return nil, last, err
		}
		first, err := p.journal.detailAt(e.intent)
		if err != nil {
			return nil, last, err
		}
		expires, err := parseExpiration(sent.Expiration)
		if err != nil || sent.PhoneNoX != "" && !e.is(markBlind) {
			continue // looked up by its X
		}
		x := &suspect{row: i, entry: e, sent: sent, expires: expires}
		if !first.Undated {
			x.first = time.UnixMilli(first.T)
		}
		list = append(list, x)
		if at := time.UnixMilli(sent.T); at.After(last) {
			last = at
		}
	}
	return list, last, nil
}

func (x *suspect) twins() twins {
	return twins{holderOf(x.sent.PoolKey, x.sent.PhoneNoA, x.sent.GroupID), x.sent.PhoneNoB, x.expires.Unix()}
}

// made reports whether a binding was made when the row's calls were, give or
// take what any clock is off.
func (x *suspect) made(s *aliyun.Subscription) bool {
	at := s.Created.Add(-s.Ahead)
	return !s.Created.IsZero() && (x.first.IsZero() || at.After(x.first.Add(-olderBy))) && at.Before(time.UnixMilli(x.sent.T).Add(olderBy))
}

type sweeper struct {
	*Sweep
	suspects map[twins][]*suspect
	holders  map[holder][]*suspect
	journal  *Journal
	bound    map[Number]bool // X numbers of this job's live bindings
	foreign  int             // of these, those that the list does not hold
	lost     atomic.Int64
	// Answers about bindings that this journal knows: as it knows them, and
	// otherwise. Where all are otherwise, no look-up says what the service has.
	expected, strange atomic.Int64

	mu    sync.Mutex
	asked int
	shown map[string]bool // SubsIds in found and unlike
	found map[twins][]*aliyun.Subscription
	// Live bindings of nobody, made when a row's calls were, or nobody knows when,
	// that have the row's A and group and yet do not fit it: one may be its own,
	// changed since, or shown otherwise than it was asked for.
	unlike map[holder][]*aliyun.Subscription
}

// own looks at what the journal's BOUND rows hold: their X numbers show whether
// the list can be complete.
func (w *sweeper) own(p *Plan) error {
	listed, pools := map[place]bool{}, map[string]bool{}
	for _, x := range w.Numbers {
		listed[place{x.PoolKey, x.SecretNo}] = true
	}
	for _, list := range w.suspects {
		pools[list[0].sent.PoolKey] = true
	}
	for i := range p.journal.entries {
		e := &p.journal.entries[i]
		if !e.touched || e.is(markRelease) || e.status != report.Bound && e.status != report.Released { // what was released may show for a while
			continue
		}
		made, err := p.journal.detailAt(e.intent)
		if err != nil {
			return err
		}
		end, err := p.journal.detailAt(e.outcome)
		if err != nil {
			return err
		}
		if !pools[made.PoolKey] {
			continue
		}
		if !listed[place{made.PoolKey, end.SecretNo}] {
			w.foreign++
		}
		if until, err := parseExpiration(made.Expiration); err == nil && e.status == report.Bound && until.After(p.now) {
			w.bound[Number{SecretNo: end.SecretNo, PoolKey: made.PoolKey}] = true
		}
	}
	return nil
}

// sweep asks every number of the list.
func (w *sweeper) sweep(ctx context.Context) error {
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(asking)
	for _, x := range w.Numbers {
		if each.Err() != nil {
			break
		}
		group.Go(func() error { return w.number(each, x) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("asking what X numbers are bound to: %w", err)
	}
	return ctx.Err()
}

// number asks what one X is bound to.
func (w *sweeper) number(ctx context.Context, x Number) error {
	var held aliyun.Held
	err := w.Asker.ask(ctx, func(ctx context.Context) (err error) {
		held, err = w.Client.QuerySubsID(ctx, x.PoolKey, x.SecretNo)
		return err
	})
	shows := held.Free() || len(held.IDs()) > 0
	if held.Free() && w.bound[Number{SecretNo: x.SecretNo, PoolKey: x.PoolKey}] {
		w.strange.Add(1)
	}
	for _, id := range held.IDs() {
		var s *aliyun.Subscription
		err = w.Asker.ask(ctx, func(ctx context.Context) (err error) {
			s, err = w.Client.QuerySubscriptionDetail(ctx, x.PoolKey, id, x.SecretNo)
			return err
		})
		if err != nil {
			break
		}
		shows = w.consider(x.PoolKey, s) && shows
	}
	if ctx.Err() != nil || RefusesAll(err) {
		return err
	}
	if err != nil || !shows { // also when an X is not the account's: then it shows nothing
		w.lost.Add(1)
	}
	w.mu.Lock()
	w.asked++
	n := w.asked
	w.mu.Unlock()
	if w.Asked != nil {
		w.Asked(n)
	}
	return nil
}

// consider keeps a binding that fits some row. It returns false if the binding
// cannot be what the answers say: its number was just said to be bound to it, and
// no binding has two numbers.
func (w *sweeper) consider(pool string, s *aliyun.Subscription) bool {
	if !s.Live {
		return false
	}
	t := twins{holderOf(pool, s.PhoneNoA, s.GroupID), s.PhoneNoB, s.Expiration.Unix()}
	owner, owned := w.journal.owners.of(s.SubsID)
	if owned {
		e := &w.journal.entries[owner]
		first, err := w.journal.detailAt(e.intent)
		if err != nil {
			return false
		}
		last, err := w.journal.detailAt(e.last)
		if err != nil {
			return false
		}
		same := holderOf(first.PoolKey, first.PhoneNoA, first.GroupID) == t.holder
		x := suspect{sent: last}
		if !first.Undated {
			x.first = time.UnixMilli(first.T)
		}
		if same && (first.Undated || x.made(s)) {
			w.expected.Add(1)
		} else {
			w.strange.Add(1)
		}
		if same { // what was released may show for a while
			return true
		}
	}
	if len(w.holders[t.holder]) == 0 {
		return true
	}
	made := func(x *suspect) bool { return x.made(s) }
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shown[s.SubsID] {
		return false
	}
	switch {
	case owned: // by a row of another A or group: that one was told a wrong id
		w.unlike[t.holder] = append(w.unlike[t.holder], s)
	case slices.ContainsFunc(w.suspects[t], made):
		w.found[t] = append(w.found[t], s)
	case s.Created.IsZero() || slices.ContainsFunc(w.holders[t.holder], made):
		w.unlike[t.holder] = append(w.unlike[t.holder], s)
	default:
		return true
	}
	w.shown[s.SubsID] = true
	return true
}

// conclude gives every row its verdict.
func (w *sweeper) conclude(p *Plan) (Swept, error) {
	type verdict struct {
		*suspect
		status report.Status
		code   string
		at     int64
	}
	var verdicts []verdict
	var last *commit
	result := Swept{Lost: int(w.lost.Load()), Foreign: w.foreign}
	if w.expected.Load() == 0 {
		result.Strange = int(w.strange.Load())
	}
	certain := w.Complete && result.Lost == 0 && result.Foreign == 0 && result.Strange == 0
	for t, rows := range w.suspects {
		found := w.found[t]
		slices.SortFunc(found, func(a, b *aliyun.Subscription) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.SubsID, b.SubsID))
		})
		slices.SortFunc(rows, func(a, b *suspect) int { return a.row - b.row })
		for n, x := range rows {
			result.Rows++
			d := detail{T: time.Now().UnixMilli(), Swept: len(w.Numbers)}
			status, code := report.Unknown, p.journal.codeText(x.entry.code)
			switch {
			case n < len(found):
				s := found[n]
				p.journal.owners.claim(s.SubsID, p.rows[x.row].entry)
				status, code = report.Bound, aliyun.CodeOK
				d.Look, d.SubsID, d.SecretNo, d.RequestID = Ours.String(), s.SubsID, s.PhoneNoX, s.RequestID
				d.Created = s.Created.In(report.Beijing).Format(time.DateTime)
				result.Bound++
				if n == len(rows)-1 { // what is left belongs to no row
					for _, more := range found[len(rows):] {
						d.More = append(d.More, more.SubsID+" "+more.PhoneNoX)
						result.Duplicates++
					}
				}
			case len(w.unlike[t.holder]) > 0:
				d.Look = Unfound.String()
				for _, s := range w.unlike[t.holder] {
					d.More = append(d.More, s.SubsID+" "+s.PhoneNoX)
				}
			case certain:
				status, code = report.Pending, ""
				d.Look = Absent.String()
				result.Absent++
			default:
				d.Look = Unfound.String()
			}
			at, c := p.journal.lookLater(p.key(x.row), status, code, &d)
			verdicts, last = append(verdicts, verdict{x, status, code, at}), c
		}
	}
	if err := last.wait(); err != nil {
		return result, err
	}
	for _, v := range verdicts {
		e := v.entry
		e.status, e.code, e.outcome = v.status, p.journal.codeIndex(v.code), v.at
		e.looked(v.status)
	}
	return result, nil
}
