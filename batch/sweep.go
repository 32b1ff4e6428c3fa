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
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
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
	Foreign    int // X numbers of this journal that the list does not hold
	Strange    int // bindings of this journal that look-ups deny or show otherwise; 0 if one is shown as it is known
}

// suspect is a call of an UNKNOWN row that named no X.
type suspect struct {
	row     int // of the plan
	call    ledger.CallInfo
	sent    detail // its intent
	expires time.Time
}

// twins names what rows must share for a binding to fit them all alike.
type twins struct {
	place   ledger.Place
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
	begin := last.Add(settleAfter)
	if s.Waits != nil && time.Until(begin) > 0 {
		s.Waits(begin)
	}
	if err := sleepUntil(ctx, begin); err != nil {
		return Swept{}, err
	}
	w := sweeper{Sweep: s, journal: p.journal, bound: map[Number]bool{}, shown: map[string]bool{}, suspects: map[twins][]*suspect{}, places: map[ledger.Place][]*suspect{}, found: map[twins][]*aliyun.Subscription{}, unlike: map[ledger.Place][]*aliyun.Subscription{}}
	for _, x := range suspects {
		t := x.twins()
		w.suspects[t] = append(w.suspects[t], x)
		w.places[t.place] = append(w.places[t.place], x)
	}
	if err := w.own(p); err != nil {
		return Swept{}, err
	}
	if err := w.sweep(ctx); err != nil {
		return Swept{}, err
	}
	return w.conclude(p)
}

// suspects returns the calls in doubt that named no X, of the rows of the plan,
// and until when the last of them may be executed.
func (p *Plan) suspects() (list []*suspect, due time.Time, err error) {
	for i := range p.rows {
		if p.rows[i].row < 0 || p.status(i) != report.Unknown {
			continue
		}
		for _, c := range p.journal.calls(p.rows[i].row) {
			if c.Op != ledger.Bind || c.Named && !c.Elsewhere || c.Passed {
				continue // looked up by its X
			}
			sent, err := p.journal.detailAt(c.Ref)
			if err != nil {
				return nil, due, err
			}
			expires, err := parseExpiration(sent.Expiration)
			if err != nil {
				continue
			}
			list = append(list, &suspect{i, c, sent, expires})
			if at := p.journal.dueOf(c); at.After(due) {
				due = at
			}
		}
	}
	return list, due, nil
}

func (x *suspect) twins() twins { return twins{x.call.Place, x.sent.PhoneNoB, x.expires.Unix()} }

type sweeper struct {
	*Sweep
	suspects map[twins][]*suspect
	places   map[ledger.Place][]*suspect
	journal  *Journal
	bound    map[Number]bool // X numbers of this journal's live bindings
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
	unlike map[ledger.Place][]*aliyun.Subscription
}

// own looks at the journal's bindings: their X numbers show whether the list can be
// complete. Nothing is recorded meanwhile.
func (w *sweeper) own(p *Plan) error {
	listed, pools := map[place]bool{}, map[string]bool{}
	for _, x := range w.Numbers {
		listed[place{x.PoolKey, x.SecretNo}] = true
		listed[place{x.PoolKey, report.Mask(x.SecretNo)}] = true // as the journal has a number that was forgotten
	}
	for _, list := range w.suspects {
		pools[list[0].sent.PoolKey] = true
	}
	for b := range p.journal.ledger.Bindings() {
		k, err := p.journal.bindingAt(int32(b))
		if err != nil {
			return err
		}
		if !pools[k.values.PoolKey] || k.Life == ledger.Pending {
			continue
		}
		if !listed[place{k.values.PoolKey, k.secretNo}] { // what was released may show for a while
			w.foreign++
		}
		if until, err := parseExpiration(k.values.Expiration); err == nil && k.Life == ledger.Bound && until.After(p.now) {
			w.bound[Number{SecretNo: k.secretNo, PoolKey: k.values.PoolKey}] = true
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
	t := twins{placeOf(pool, s.PhoneNoA, s.GroupID), s.PhoneNoB, s.Expiration.Unix()}
	owned, same, err := w.owned(s, t.place)
	if err != nil {
		return false
	}
	if same { // what was released may show for a while
		return true
	}
	if len(w.places[t.place]) == 0 {
		return true
	}
	fits := func(x *suspect) bool { return made(s, &x.sent) == eraThen }
	may := func(x *suspect) bool { e := made(s, &x.sent); return e == eraThen || e == eraUnknown }
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shown[s.SubsID] {
		return false
	}
	switch {
	case owned: // by a row of another A or group: that one was told a wrong id
		w.unlike[t.place] = append(w.unlike[t.place], s)
	case slices.ContainsFunc(w.suspects[t], fits):
		w.found[t] = append(w.found[t], s)
	case slices.ContainsFunc(w.places[t.place], may):
		w.unlike[t.place] = append(w.unlike[t.place], s)
	default:
		return true
	}
	w.shown[s.SubsID] = true
	return true
}

// owned tells whether the journal knows a binding, and as one that is at a place.
func (w *sweeper) owned(s *aliyun.Subscription, place ledger.Place) (owned, same bool, err error) {
	var n int
	w.journal.asks(func(l *ledger.Ledger) { n, owned = l.BindingOf(ledger.ParseSubsID(s.SubsID)) })
	if !owned {
		return false, false, nil
	}
	k, err := w.journal.bindingAt(int32(n))
	if err != nil {
		return true, false, err
	}
	same = k.Place == place
	if same && (k.Maker != k.Held || made(s, &k.values) == eraThen) { // one that was renewed has the day of its renewal
		w.expected.Add(1)
	} else {
		w.strange.Add(1)
	}
	return true, same, nil
}

// conclude gives every call its verdict.
func (w *sweeper) conclude(p *Plan) (Swept, error) {
	var last *journal.Commit
	result := Swept{Lost: int(w.lost.Load()), Foreign: w.foreign}
	if w.expected.Load() == 0 {
		result.Strange = int(w.strange.Load())
	}
	certain := w.Complete && result.Lost == 0 && result.Foreign == 0 && result.Strange == 0
	for t, calls := range w.suspects {
		found := w.found[t]
		slices.SortFunc(found, func(a, b *aliyun.Subscription) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.SubsID, b.SubsID))
		})
		slices.SortFunc(calls, func(a, b *suspect) int { return cmp.Or(a.row-b.row, cmp.Compare(a.call.Number, b.call.Number)) })
		for n, x := range calls {
			result.Rows++
			d := detail{T: time.Now().UnixMilli(), Swept: len(w.Numbers), Look: Unfound.String()}
			kind, code, binding := ledger.Looked, p.info(x.row).Code, ledger.SubsID(0)
			switch {
			case n < len(found):
				s := found[n]
				kind, code, binding = ledger.Found, aliyun.CodeOK, ledger.ParseSubsID(s.SubsID)
				d.Look, d.SubsID, d.SecretNo, d.RequestID = Ours.String(), s.SubsID, s.PhoneNoX, s.RequestID
				d.Created = s.Created.In(report.Beijing).Format(time.DateTime)
				result.Bound++
				if n == len(calls)-1 { // what is left belongs to no row
					for _, more := range found[len(calls):] {
						d.More = append(d.More, more.SubsID+" "+more.PhoneNoX)
						result.Duplicates++
					}
				}
			case len(w.unlike[t.place]) > 0:
				for _, s := range w.unlike[t.place] {
					d.More = append(d.More, s.SubsID+" "+s.PhoneNoX)
				}
			case certain && p.journal.settleable(x.call):
				kind, code, d.Look = ledger.Absent, "", Absent.String()
				result.Absent++
			}
			last = p.journal.endLater(ledger.Record{Kind: kind, Call: x.call.Number, Binding: binding, Code: code}, &d)
		}
	}
	return result, last.Wait()
}
