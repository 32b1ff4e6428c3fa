package batch

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Sweep settles UNKNOWN rows that name no X. The service has no look-up by A,
// so every X number of the operator's list is asked what it is bound to; a
// binding whose A, group, B and Expiration are a row's, made when its call was,
// is that row's.
type Sweep struct {
	Client  lookup.Lister
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
	// Pools of the rows, in order: of which the list holds no number, of which no binding
	// is known that could be a control, and of which none is shown as it is known.
	Unlisted, Unproven, Distrusted []string
}

// matchKey names what rows must share for a binding to fit them all alike.
type matchKey struct {
	place   ledger.Place
	b       string
	expires int64
}

// Do sweeps. Verdicts go to the journal and count at once. It waits first until
// no call of the rows can be executed late. After an error none of them counts,
// except that some may be in the journal already if that is what broke.
func (s *Sweep) Do(ctx context.Context, p *plan.Plan) (Swept, error) {
	suspects, last, err := p.Suspects()
	if err != nil || len(suspects) == 0 {
		return Swept{}, err
	}
	// Twice as careful as with a look-up by X: a row that is called not bound
	// will be sent for another X, and nothing would refuse that.
	begin := last.Add(books.SettleAfter)
	controls := lookup.NewControls(s.Client, p.Journal, s.Asker.ask)
	pools := map[string]bool{}
	for _, x := range suspects {
		if pool := x.Sent.PoolKey; !pools[pool] {
			pools[pool] = true
			controls.Before(ctx, pool) // how much look-ups lag at most shows best while the controls are young
		}
	}
	if s.Waits != nil && time.Until(begin) > 0 {
		s.Waits(begin)
	}
	if err := pace.SleepUntil(ctx, begin); err != nil {
		return Swept{}, err
	}
	w := sweeper{
		Sweep: s, journal: p.Journal, controls: controls, pools: map[string]*sweptPool{},
		suspects: map[matchKey][]*plan.Suspect{}, places: map[ledger.Place][]*plan.Suspect{}, shown: map[string]bool{},
		found: map[matchKey][]*aliyun.Subscription{}, unlike: map[ledger.Place][]*aliyun.Subscription{},
	}
	for _, x := range suspects {
		t := matchKeyOf(x)
		w.suspects[t] = append(w.suspects[t], x)
		w.places[t.place] = append(w.places[t.place], x)
		pool := w.pools[x.Sent.PoolKey]
		if pool == nil {
			pool = &sweptPool{bound: map[string]bool{}}
			w.pools[x.Sent.PoolKey] = pool
		}
		if at := p.Journal.Past(x.Call.At); at.After(pool.last) {
			pool.last = at
		}
		pool.late = max(pool.late, books.WaitedFor(x.Call))
	}
	for _, x := range s.Numbers {
		if pool := w.pools[x.PoolKey]; pool != nil {
			pool.numbers = append(pool.numbers, x)
		}
	}
	if err := w.own(p); err != nil {
		return Swept{}, err
	}
	if err := w.sweep(ctx); err != nil {
		return Swept{}, err
	}
	return w.conclude(p)
}

func matchKeyOf(x *plan.Suspect) matchKey {
	return matchKey{x.Call.Place, x.Sent.PhoneNoB, x.Expires.Unix()}
}

type sweeper struct {
	*Sweep
	controls *lookup.Controls
	pools    map[string]*sweptPool // of the suspects
	suspects map[matchKey][]*plan.Suspect
	places   map[ledger.Place][]*plan.Suspect
	journal  *books.Journal

	mu    sync.Mutex
	asked int
	shown map[string]bool // SubsIds in found and unlike
	found map[matchKey][]*aliyun.Subscription
	// Live bindings of nobody that have the row's A and group and yet do not fit it: one
	// may be its own, changed since, or shown otherwise than it was asked for. Whatever it
	// is, the row's place is not free.
	unlike map[ledger.Place][]*aliyun.Subscription
}

// sweptPool is a pool of the suspects.
type sweptPool struct {
	numbers []Number      // of the list
	last    time.Time     // when the last call of a suspect left
	late    time.Duration // by how much at most they may have been executed late
	foreign int           // X numbers of this journal's bindings that the list does not hold
	proven  bool          // controls came back as they are known between its numbers, before the first and behind the last
	lost    atomic.Int64

	bound          map[string]bool // X numbers of this journal's live bindings
	known, missing atomic.Int64    // those that were asked, and that were called free
	why            books.Proof     // if it is not proven
	masked         atomic.Bool     // a binding was shown without its whole A
}

// own looks at the journal's bindings: their X numbers show whether the list can be
// complete. Nothing is recorded meanwhile.
func (w *sweeper) own(p *plan.Plan) error {
	type number struct{ pool, x string }
	listed := map[number]bool{}
	for _, x := range w.Numbers {
		listed[number{x.PoolKey, x.SecretNo}] = true
		listed[number{x.PoolKey, report.Mask(x.SecretNo)}] = true // as the journal has a number that was forgotten
	}
	for b := range p.Journal.Ledger.Bindings() {
		k, err := p.Journal.BindingAt(int32(b))
		if err != nil {
			return err
		}
		pool := w.pools[k.Detail.PoolKey]
		if pool == nil || k.Life == ledger.Pending {
			continue
		}
		if !listed[number{k.Detail.PoolKey, k.SecretNo}] {
			pool.foreign++
		}
		if end, err := input.ParseExpiration(k.Detail.Expiration); err == nil && k.Life == ledger.Bound && end.After(p.Now) && len(p.Journal.Ledger.CallsOn(b)) == 0 {
			pool.bound[k.SecretNo] = true
		}
	}
	return nil
}

// between is how many numbers are asked between two controls: five seconds' worth.
const between = 5 * aliyun.LookupRate

// askedTwice is of how many numbers of a pool that are known to be bound it is asked
// twice: look-ups that show them now and then show others so, too.
const askedTwice = 100

// sweep asks every number of the list, pool by pool.
func (w *sweeper) sweep(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(w.pools)) {
		pool := w.pools[name]
		if err := w.begin(ctx, name, pool); err != nil {
			return err
		}
		doubted, err := w.numbers(ctx, name, pool)
		if err != nil {
			return err
		}
		from, ok := w.controls.From(name, pool.last, pool.late) // it may have come out that look-ups lag, or lie
		steady := ok && time.Until(from) <= 0 && 2*pool.missing.Load() <= pool.known.Load()
		pool.proven = pool.proven && !doubted && steady && w.controls.Form(name).Dated
	}
	return ctx.Err()
}

// begin finds out whether the look-ups of a pool can be believed, and waits until they
// show what was bound last.
func (w *sweeper) begin(ctx context.Context, name string, pool *sweptPool) error {
	said := w.controls.Before(ctx, name)
	pool.proven, pool.why = said == lookup.Trusted, books.Distrusted
	if said == lookup.NoControl {
		pool.why = books.Unproven
	}
	from, ok := w.controls.From(name, pool.last, pool.late)
	if pool.proven && !(ok && time.Until(from) <= lookup.LongestLag) {
		pool.proven, pool.why = false, books.Unproven
	}
	if !pool.proven {
		return nil
	}
	if s := w.Sweep; s.Waits != nil && time.Until(from) > sayWait {
		s.Waits(from)
	}
	return pace.SleepUntil(ctx, from)
}

// numbers asks the numbers of a pool, some between two controls at a time. doubted is set
// if a control was not shown as it is known.
func (w *sweeper) numbers(ctx context.Context, name string, pool *sweptPool) (doubted bool, err error) {
	var behind sync.WaitGroup
	var lied atomic.Bool
	for numbers := range slices.Chunk(pool.numbers, between) {
		group, each := errgroup.WithContext(ctx)
		group.SetLimit(asking)
		for _, x := range numbers {
			if each.Err() != nil {
				break
			}
			group.Go(func() error { return w.number(each, pool, x) })
		}
		if err := group.Wait(); err != nil {
			behind.Wait()
			return false, fmt.Errorf("asking what X numbers are bound to: %w", err)
		}
		mark := w.controls.Mark(name)
		behind.Go(func() { // the next numbers need not wait
			if w.controls.After(ctx, name, mark) != lookup.Trusted {
				lied.Store(true)
			}
		})
	}
	behind.Wait()
	return lied.Load(), nil
}

// number asks what one X of a pool is bound to.
func (w *sweeper) number(ctx context.Context, pool *sweptPool, x Number) error {
	var held aliyun.Held
	ask := func(ctx context.Context) (err error) {
		held, err = w.Client.QuerySubsID(ctx, x.PoolKey, x.SecretNo)
		return err
	}
	err := w.Asker.ask(ctx, ask)
	if pool.bound[x.SecretNo] && err == nil {
		free := held.Free()
		if n := pool.known.Add(1); free || n <= askedTwice {
			err = w.Asker.ask(ctx, ask)
		}
		if free != held.Free() { // of one moment and the next
			w.controls.Lie(x.PoolKey)
		}
		if free { // somebody released it, or it is a lie
			pool.missing.Add(1)
		}
	}
	shows := held.Free() || len(held.IDs()) > 0
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
	if ctx.Err() != nil || lookup.RefusesAll(err) {
		return err
	}
	if err != nil || !shows { // also when an X is not the account's: then it shows nothing
		pool.lost.Add(1)
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
// cannot be what the answers say, for its number was just said to be bound to it and
// no binding has two numbers, or if nobody can tell whose it is.
func (w *sweeper) consider(pool string, s *aliyun.Subscription) bool {
	if !s.Live {
		return false
	}
	if aliyun.HidesNumber(s.PhoneNoA) {
		w.pools[pool].masked.Store(true)
		return false
	}
	s = w.controls.Form(pool).Read(s)
	t := matchKey{input.PlaceOf(pool, input.Normalise(field.PhoneNoA, s.PhoneNoA), s.GroupID), input.Normalise(field.PhoneNoB, s.PhoneNoB), s.Expiration.Unix()}
	owned, same := w.owned(s, t.place)
	if same { // what was released may show for a while
		return true
	}
	if len(w.places[t.place]) == 0 {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shown[s.SubsID] {
		return false
	}
	switch {
	case !owned && slices.ContainsFunc(w.suspects[t], func(x *plan.Suspect) bool { return books.Made(s, &x.Sent) == books.EraThen }):
		w.found[t] = append(w.found[t], s)
	default: // a row of another A or group was told its id, or it is nobody's: either may be a row's own
		w.unlike[t.place] = append(w.unlike[t.place], s)
	}
	w.shown[s.SubsID] = true
	return true
}

// owned tells whether the journal knows a binding, and as one that is at a place.
func (w *sweeper) owned(s *aliyun.Subscription, place ledger.Place) (owned, same bool) {
	w.journal.Asks(func(l *ledger.Ledger) {
		var n int
		if n, owned = l.BindingOf(ledger.ParseSubsID(s.SubsID)); owned {
			same = l.Binding(n).Place == place
		}
	})
	return owned, same
}

// conclude gives every call its verdict.
func (w *sweeper) conclude(p *plan.Plan) (Swept, error) {
	var last *journal.Commit
	var result Swept
	for _, name := range slices.Sorted(maps.Keys(w.pools)) {
		w.pools[name].addTo(&result, name)
	}
	for key, calls := range w.suspects {
		found := w.found[key]
		slices.SortFunc(found, func(a, b *aliyun.Subscription) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.SubsID, b.SubsID))
		})
		slices.SortFunc(calls, func(a, b *plan.Suspect) int { return cmp.Or(a.Row-b.Row, cmp.Compare(a.Call.Number, b.Call.Number)) })
		for n, x := range calls {
			result.Rows++
			var record ledger.Record
			var d books.Detail
			if n < len(found) {
				var more []*aliyun.Subscription
				if n == len(calls)-1 { // what is left belongs to no row
					more = found[len(calls):]
				}
				record, d = foundFor(x, found[n], more)
				result.Bound++
				result.Duplicates += len(more)
			} else if record, d = w.unfound(p, x, key.place); record.Kind == ledger.Absent {
				result.Absent++
			}
			d.T, d.Swept = time.Now().UnixMilli(), len(w.pools[calls[0].Sent.PoolKey].numbers)
			last = p.Journal.EndCallLater(record, &d)
		}
	}
	return result, last.Wait()
}

// addTo adds what is to be told of a pool.
func (s *sweptPool) addTo(result *Swept, name string) {
	result.Lost += int(s.lost.Load())
	result.Foreign += s.foreign
	switch {
	case len(s.numbers) == 0:
		result.Unlisted = append(result.Unlisted, name)
	case !s.proven && s.why == books.Unproven:
		result.Unproven = append(result.Unproven, name)
	case !s.proven:
		result.Distrusted = append(result.Distrusted, name)
	}
}

// foundFor is what is recorded of a call that made a binding; more are others like it that
// belong to no row.
func foundFor(x *plan.Suspect, s *aliyun.Subscription, more []*aliyun.Subscription) (ledger.Record, books.Detail) {
	d := books.Detail{
		Look: books.Ours.String(), SubsID: s.SubsID, SecretNo: s.PhoneNoX, RequestID: s.RequestID,
		Created: s.Created.In(report.Beijing).Format(time.DateTime), More: idsOf(more),
	}
	return ledger.Record{Kind: ledger.Found, Call: x.Call.Number, Binding: ledger.ParseSubsID(s.SubsID), Code: aliyun.CodeOK}, d
}

// unfound is what is recorded of a call of which no binding was found.
func (w *sweeper) unfound(p *plan.Plan, x *plan.Suspect, place ledger.Place) (ledger.Record, books.Detail) {
	pool, d := w.pools[x.Sent.PoolKey], books.Detail{Look: books.Unfound.String()}
	record := ledger.Record{Kind: ledger.Looked, Call: x.Call.Number, Code: p.Info(x.Row).Code}
	switch unlike := w.unlike[place]; {
	case len(unlike) > 0:
		d.More = idsOf(unlike)
	case w.Complete && len(pool.numbers) > 0 && pool.lost.Load() == 0 && pool.foreign == 0:
		e := ledger.Evidence{Before: pool.proven, After: pool.proven, Late: !p.Journal.Settleable(x.Call)}
		if record.Kind = ledger.Settles(ledger.ShownNone, e); record.Kind == ledger.Absent {
			record.Code, d.Look = "", books.Absent.String()
		} else if !pool.proven {
			d.Look = pool.why.String()
		}
	case pool.masked.Load():
		d.Look = books.Masked.String()
	}
	return record, d
}

// idsOf names bindings, each by its SubsId and X.
func idsOf(list []*aliyun.Subscription) (ids []string) {
	for _, s := range list {
		ids = append(ids, s.SubsID+" "+s.PhoneNoX)
	}
	return ids
}
