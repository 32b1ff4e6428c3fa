package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Difference is one way in which a binding at the service is not what its BOUND
// row says.
type Difference struct {
	Row      int    // data row, from 1
	Line     int    // of the file, on which it starts
	Field    string // the API's name of what differs; SubsId: there is no such live binding
	Want     string // what the row says, numbers masked
	Have     string // what the service has, likewise; its code if Field is SubsId
	SubsID   string
	SecretNo string // masked
	Code     string // of the service, if it says that there is no such binding
}

// Verify compares every BOUND row of a plan, until it lapses, with the binding at the service. It
// changes nothing.
type Verify struct {
	Client lookup.Lister
	Asker  *Asker
	// Differs is called for each difference, in the order of the rows, one at a
	// time.
	Differs func(Difference)
	// Asked is called now and then with how many rows were asked about; nil: not.
	Asked func(n int)

	controls *lookup.Controls
}

// Verified is what came of it.
type Verified struct {
	Rows   int // BOUND rows
	Lapsed int // whose Expiration has passed: their bindings have ended, and are not asked about
	Equal  int // that are live and equal in all that the service shows of a binding
	Differ int
	Lost   int // that the service gave no answer for, or none that can be believed
	NoID   int // without a usable SubsId, X or pool: they cannot be asked about
	NoIDAt int // line of the first

	// Unlike counts the rows that the results call BOUND, and that by what is known now
	// are not: their cells are no longer those that were sent. They are not asked about.
	Unlike   int
	UnlikeAt int // line of the first

	// Unproven counts those of Lost that look-ups do not show, which is not believed: no
	// control of their pool was shown as it is known.
	Unproven int

	// Unread counts, of the rows that are equal, those that ask for a value which
	// no look-up returns, or which this answer did not show; by field.
	Unread [field.NumFields]int
}

// Do asks about every BOUND row that has not lapsed. The error is one of reading, of ctx, or a
// refusal that every request would get.
func (v *Verify) Do(ctx context.Context, p *plan.Plan) (Verified, error) {
	v.controls = lookup.NewControls(v.Client, p.Journal, v.Asker.ask)
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(asking)
	all := &verification{Verify: v, plan: p, ended: map[int][]Difference{}}
	err := p.EachRow(func(i int, row *plan.Row) error {
		if !p.WasBound(i) {
			all.pass(p.Status(i), row)
			return nil
		}
		if each.Err() != nil {
			return each.Err()
		}
		return all.ask(each, group, i, row)
	})
	if gerr := group.Wait(); gerr != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = gerr
	}
	all.result.Lapsed += all.before
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return all.result, fmt.Errorf("asking about bindings: %w", err)
	}
	return all.result, nil
}

// verification is a Verify under way.
type verification struct {
	*Verify
	plan   *plan.Plan
	number int // of the next row
	before int // rows that had lapsed before they were asked about

	mu     sync.Mutex // guards the rest, but for Rows and NoID of the result: they are the reader's
	result Verified
	asked  int
	ended  map[int][]Difference // rows that wait for those before them
	next   int
}

// pass leaves out a row that is not BOUND. One that was released since, or may be bound, is
// known for what it is.
func (v *verification) pass(stands report.Status, row *plan.Row) {
	if row.Verdict == nil || stands.Lasts() {
		return
	}
	if status, ok := row.Verdict.Standing(); ok && status == report.Bound {
		if v.result.Unlike++; v.result.UnlikeAt == 0 {
			v.result.UnlikeAt = row.Line
		}
	}
}

// ask has row i asked about, if that can be.
func (v *verification) ask(ctx context.Context, group *errgroup.Group, i int, row *plan.Row) (err error) {
	v.result.Rows++
	if lapsed(row) {
		v.before++
		return nil
	}
	mine := row.ForKeeps()
	if mine.Target, err = v.plan.BoundTo(i, row); err != nil {
		return err
	}
	if t := mine.Target; !input.Digits(t.SubsID) || !input.Digits(t.SecretNo) || mine.Fields[field.PoolKey] == "" {
		if v.result.NoID++; v.result.NoIDAt == 0 {
			v.result.NoIDAt = row.Line
		}
		return nil
	}
	at := v.number
	v.number++
	group.Go(func() error {
		differences, unread, err := v.row(ctx, mine)
		if ctx.Err() != nil || lookup.RefusesAll(err) {
			return err
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		v.inOrder(at, v.count(mine, differences, unread, err))
		if v.asked++; v.Asked != nil {
			v.Asked(v.asked)
		}
		return nil
	})
	return nil
}

// count counts how a row stands, and returns the differences that stay so.
func (v *verification) count(row *plan.Row, differences []Difference, unread []field.Field, err error) []Difference {
	result := &v.result
	switch {
	case err != nil:
		result.Lost++
		if errors.Is(err, errUnproven) {
			result.Unproven++
		}
	case len(differences) > 0 && lapsed(row): // while it was asked about
		result.Lapsed++
		return nil
	case len(differences) > 0:
		result.Differ++
	default:
		result.Equal++
		for _, f := range unread {
			result.Unread[f]++
		}
	}
	return differences
}

// inOrder tells the differences of a row once those of all rows before it were told.
func (v *verification) inOrder(at int, found []Difference) {
	v.ended[at] = found
	for found, ok := v.ended[v.next]; ok; found, ok = v.ended[v.next] {
		for _, d := range found {
			v.Differs(d)
		}
		delete(v.ended, v.next)
		v.next++
	}
}

// lapsed reports whether a row's binding has ended by now.
func lapsed(row *plan.Row) bool {
	end, err := input.ParseExpiration(row.Fields[field.Expiration])
	return err == nil && !end.After(time.Now())
}

// unreadable are the fields that QuerySubscriptionDetail does not return.
var unreadable = [...]field.Field{field.ExpectCity, field.OutID, field.OutOrderID, field.CallDisplayType, field.RingConfig}

// errUnproven says that a look-up shows no binding, and is not believed.
var errUnproven = errors.New("look-ups of the pool do not show what is known to be there")

// row compares one row with its binding. unread are the fields that cannot be
// compared. That there is no such binding is believed between two controls.
func (v *Verify) row(ctx context.Context, row *plan.Row) (list []Difference, unread []field.Field, err error) {
	pool := row.Fields[field.PoolKey]
	said := v.controls.Before(ctx, pool) // also for the form of its answers
	s, code, err := v.detail(ctx, row)
	if err != nil {
		return nil, nil, err
	}
	if code != "" {
		if said != lookup.Trusted || v.controls.After(ctx, pool, v.controls.Mark(pool)) != lookup.Trusted || v.controls.Unshown(pool, ledger.ParseSubsID(row.Target.SubsID), lookup.SettledAge) {
			return nil, nil, errUnproven
		}
		t := row.Target
		gone := Difference{
			Row: row.Index + 1, Line: row.Line, Field: "SubsId", Want: t.SubsID, Have: code, SubsID: t.SubsID, SecretNo: report.Mask(t.SecretNo),
		}
		if s == nil {
			gone.Code = code
		}
		return []Difference{gone}, nil, nil
	}
	end, _ := input.ParseExpiration(row.Fields[field.Expiration])
	if utc := s.InUTC(true, true); v.controls.Form(pool).UTC || said != lookup.Trusted && utc.Expiration.Equal(end) { // nobody can tell otherwise
		s = utc
	}
	list, unread = compareAll(row, s)
	return list, unread, nil
}

// detail asks about the binding of a row. code tells how the service says that there is
// none that lives; s is nil then if it knows none.
func (v *Verify) detail(ctx context.Context, row *plan.Row) (s *aliyun.Subscription, code string, err error) {
	err = v.Asker.ask(ctx, func(ctx context.Context) (err error) {
		s, err = v.Client.QuerySubscriptionDetail(ctx, row.Fields[field.PoolKey], row.Target.SubsID, row.Target.SecretNo)
		return err
	})
	if e, ok := errors.AsType[*aliyun.Error](err); ok && e.Class() == aliyun.RowRefused {
		return nil, e.Code, nil
	}
	if err == nil && !s.Live {
		code = "Status 0"
	}
	return s, code, err
}

// compareAll compares a row with its live binding.
func compareAll(row *plan.Row, s *aliyun.Subscription) (list []Difference, unread []field.Field) {
	f, t := &row.Fields, row.Target
	for _, c := range [...]struct {
		field      field.Field
		want, have string
	}{
		{field.PhoneNoA, f[field.PhoneNoA], asMeant(s.PhoneNoA, f[field.PhoneNoA])},
		{field.PhoneNoB, f[field.PhoneNoB], asMeant(s.PhoneNoB, f[field.PhoneNoB])},
		{field.PhoneNoX, t.SecretNo, s.PhoneNoX},
		{field.GroupID, f[field.GroupID], s.GroupID},
		{field.Expiration, f[field.Expiration], s.Expiration.In(report.Beijing).Format(time.DateTime)},
		{field.IsRecordingEnabled, strconv.FormatBool(f[field.IsRecordingEnabled] == "true"), strconv.FormatBool(s.Recording)},
		{field.CallRestrict, books.Restriction(f[field.CallRestrict]), books.Restriction(s.CallRestrict)},
		{field.ASRStatus, strconv.FormatBool(f[field.ASRStatus] == "true"), strconv.FormatBool(s.ASRStatus)},
		{field.ASRModelID, f[field.ASRModelID], s.ASRModelID},
	} {
		switch {
		case slices.Contains(s.Hidden, c.field.String()) || c.field == field.Expiration && s.Expiration.IsZero() || aliyun.HidesNumber(c.have) && c.want != "":
			if c.want != "" {
				unread = append(unread, c.field)
			}
		case c.want != c.have:
			want, have := c.want, c.have
			if c.field == field.PhoneNoA || c.field == field.PhoneNoB || c.field == field.PhoneNoX {
				want, have = report.Mask(want), report.Mask(have)
			}
			list = append(list, Difference{row.Index + 1, row.Line, c.field.String(), want, have, t.SubsID, report.Mask(t.SecretNo), ""})
		}
	}
	for _, field := range unreadable {
		if f[field] != "" {
			unread = append(unread, field)
		}
	}
	return list, unread
}

// asMeant is a number that an answer shows, in the form of the one that is meant if it
// is that.
func asMeant(shown, meant string) string {
	if aliyun.SameNumber(shown, meant) {
		return meant
	}
	return shown
}
