package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
	"axgbind/report"
)

// coded is an error of the service.
func coded(code string) *aliyun.Error { return &aliyun.Error{Code: code, HTTPStatus: http.StatusOK} }

const (
	throttledCode = "isv.FLOW_LIMIT"
	refusedCode   = "isv.MOBILE_NUMBER_ILLEGAL"
	accountCode   = "isv.OUT_OF_SERVICE"
)

// TestAskerAsks makes a request until it is answered, and no more often than that: ten
// times where nobody answers, three where what is answered cannot be read.
func TestAskerAsks(t *testing.T) {
	lost, unread := coded(aliyun.CodeTimeout), coded(aliyun.CodeBadAnswer)
	times := func(n int, err error, last error) (list []error) {
		for range n {
			list = append(list, err)
		}
		return append(list, last)
	}
	for _, c := range []struct {
		name    string
		answers []error
		want    error
		asked   int
	}{
		{"at once", []error{nil}, nil, 1},
		{"refused", []error{coded(refusedCode)}, coded(refusedCode), 1},
		{"no number", []error{coded("isv.NO_AVAILABLE_NUMBER")}, coded("isv.NO_AVAILABLE_NUMBER"), 1},
		{"throttled at first", times(4, coded(throttledCode), nil), nil, 5},
		{"lost at first", times(9, lost, nil), nil, 10},
		{"lost", times(20, lost, nil), lost, 10},
		{"never sent", times(20, coded(aliyun.CodeNotSent), nil), coded(aliyun.CodeNotSent), 10},
		{"unread at first", times(2, unread, nil), nil, 3},
		{"unread", times(20, unread, nil), unread, 3},
		{"the account", []error{coded(accountCode)}, coded(accountCode), 1},
		{"an old token", []error{coded(aliyun.CodeTokenExpired), nil}, nil, 2},
		{"an old token, and the new one, too", []error{coded(aliyun.CodeTokenExpired), coded(aliyun.CodeTokenExpired)}, coded(aliyun.CodeTokenExpired), 2},
		{"no error of the service", []error{errors.ErrUnsupported}, errors.ErrUnsupported, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, err := NewAsker(1)
				if err != nil {
					t.Fatal(err)
				}
				asked := 0
				start := time.Now()
				err = a.ask(t.Context(), func(context.Context) error {
					asked++
					if err := c.answers[asked-1]; err != nil {
						return err
					}
					return nil
				})
				if fmt.Sprint(err) != fmt.Sprint(c.want) || asked != c.asked {
					t.Errorf("%v after %d requests, want %v after %d", err, asked, c.want, c.asked)
				}
				if n, peak := a.Asked(); int(n) != asked || peak > 1 || time.Since(start) < time.Duration(asked-1)*time.Second {
					t.Errorf("%d paid, %d in a second, in %v", n, peak, time.Since(start))
				}
				// What every request would get is the answer to the next one.
				all := c.want != nil && (lookup.RefusesAll(c.want) || unanswered(c.want) && lookup.Unclear(c.want).Proof == books.Unclear && !errors.Is(c.want, errors.ErrUnsupported))
				before := asked
				err = a.ask(t.Context(), func(context.Context) error { asked++; return nil })
				if (err != nil) != all || (asked > before) == all {
					t.Errorf("the next one: %v, %d requests", err, asked-before)
				}
			})
		})
	}
}

// TestAskerWaits: the waits between tries begin with the first, and double.
func TestAskerWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := NewAsker(1000)
		if err != nil {
			t.Fatal(err)
		}
		var asked []time.Time
		if err := a.ask(t.Context(), func(context.Context) error {
			if asked = append(asked, time.Now()); len(asked) < 4 {
				return coded(throttledCode)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for i, longest := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second} {
			if wait := asked[i+1].Sub(asked[i]); wait < longest/2 || wait > longest+10*time.Millisecond {
				t.Errorf("wait %d is %v, want %v to %v", i+1, wait, longest/2, longest)
			}
		}
	})
}

// TestAskerEnds: an asking ends with its context, and tells nobody anything.
func TestAskerEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := NewAsker(1)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		asked := 0
		request := func(context.Context) error {
			if asked++; asked == 2 {
				cancel()
			}
			return coded(aliyun.CodeTimeout)
		}
		if err := a.ask(ctx, request); err == nil || asked != 2 {
			t.Errorf("ended under way: %v, %d requests", err, asked)
		}
		if err := a.ask(ctx, request); !errors.Is(err, context.Canceled) || asked != 2 {
			t.Errorf("ended before: %v, %d requests", err, asked)
		}
		if err := a.ask(t.Context(), func(context.Context) error { return nil }); err != nil {
			t.Errorf("the next one: %v", err)
		}
		if _, err := NewAsker(0); err == nil {
			t.Error("nothing a second is a pace")
		}
	})
}

// TestAskerGivesUp: one request that is never answered costs no other; where none is, or
// too many are not, no further one is made.
func TestAskerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := coded(aliyun.CodeTimeout)
		a, err := NewAsker(1000)
		if err != nil {
			t.Fatal(err)
		}
		answered := func() error { return a.ask(t.Context(), func(context.Context) error { return nil }) }
		if err := answered(); err != nil {
			t.Fatal(err)
		}
		for i := range asking - 1 {
			a.answers.Add(1)
			if a.giveUp(lost, a.answers.Load()-1); answered() != nil {
				t.Fatalf("the %dth that is lost ends all", i+1)
			}
		}
		if a.giveUp(lost, 0); answered() == nil {
			t.Error("the last that may be lost ends nothing")
		}
		b, _ := NewAsker(1000)
		if b.giveUp(lost, 0); b.refusal() == nil {
			t.Error("where nobody is answered, all are asked")
		}
	})
}

// TestUnanswered: only a refusal of the question is an answer to it.
func TestUnanswered(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{{nil, false}, {coded(refusedCode), false}, {coded(aliyun.CodeTimeout), true}, {coded(accountCode), true}, {errors.ErrUnsupported, true}} {
		if got := unanswered(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

// listed is a service that knows numbers by their states.
type listed struct {
	states map[string]aliyun.Number
	fails  map[string]error
	asked  []string
}

func (l *listed) QuerySecretNoDetail(_ context.Context, _, x string) (*aliyun.Number, error) {
	l.asked = append(l.asked, x)
	if err := l.fails[x]; err != nil {
		return nil, err
	}
	n := l.states[x]
	return &n, nil
}

// TestFinder asks which numbers of a list are free, and which rows they are for.
func TestFinder(t *testing.T) {
	const pool, other = "FC1", "FC2"
	at := func(pool, city string) plan.Supply { return plan.Supply{Pool: pool, City: city} }
	for _, c := range []struct {
		name    string
		x       Number
		says    aliyun.Number
		err     error
		missing map[plan.Supply]int
		left    int // of missing, and then
		spare   int // of 3
		lost    int64
		free    []Number
		fails   bool
	}{
		{"free, for any", Number{"1", pool, ""}, aliyun.Number{State: aliyun.NumberFree}, nil, map[plan.Supply]int{at(pool, ""): 2}, 1, 3, 0, []Number{{"1", pool, ""}}, false},
		{"free, of its city", Number{"1", pool, "北京"}, aliyun.Number{State: aliyun.NumberFree}, nil, map[plan.Supply]int{at(pool, "北京"): 1, at(pool, ""): 1}, 1, 3, 0, []Number{{"1", pool, "北京"}}, false},
		{"free, of the city that is told", Number{"1", pool, ""}, aliyun.Number{State: aliyun.NumberFree, City: "北京市"}, nil, map[plan.Supply]int{at(pool, "北京"): 1}, 0, 3, 0, []Number{{"1", pool, "北京"}}, false},
		{"free, of a city that nobody names", Number{"1", pool, "北京"}, aliyun.Number{State: aliyun.NumberFree}, nil, map[plan.Supply]int{at(pool, "上海"): 1}, 1, 2, 0, []Number{{"1", pool, "北京"}}, false},
		{"free, of no city, for a city", Number{"1", pool, ""}, aliyun.Number{State: aliyun.NumberFree}, nil, map[plan.Supply]int{at(pool, "上海"): 1}, 0, 3, 0, []Number{{"1", pool, ""}}, false},
		{"free, of a city, for any", Number{"1", pool, "北京"}, aliyun.Number{State: aliyun.NumberFree}, nil, map[plan.Supply]int{at(pool, ""): 1}, 0, 3, 0, []Number{{"1", pool, "北京"}}, false},
		{"free, of another pool", Number{"1", other, ""}, aliyun.Number{State: aliyun.NumberFree}, nil, map[plan.Supply]int{at(pool, ""): 1, at(pool, "北京"): 1}, 2, 2, 0, []Number{{"1", other, ""}}, false},
		{"free, and all have one", Number{"1", pool, ""}, aliyun.Number{State: aliyun.NumberFree}, nil, map[plan.Supply]int{at(pool, ""): 0, at(pool, "北京"): 0}, 0, 2, 0, []Number{{"1", pool, ""}}, false},
		{"bound", Number{"1", pool, ""}, aliyun.Number{State: aliyun.NumberBound}, nil, map[plan.Supply]int{at(pool, ""): 1}, 1, 3, 0, nil, false},
		{"refused", Number{"1", pool, ""}, aliyun.Number{}, coded(refusedCode), map[plan.Supply]int{at(pool, ""): 1}, 1, 3, 0, nil, false},
		{"lost", Number{"1", pool, ""}, aliyun.Number{}, coded(aliyun.CodeTimeout), map[plan.Supply]int{at(pool, ""): 1}, 1, 3, 1, nil, false},
		{"refused to all", Number{"1", pool, ""}, aliyun.Number{}, coded(accountCode), map[plan.Supply]int{at(pool, ""): 1}, 1, 3, 0, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asker, err := NewAsker(1000)
				if err != nil {
					t.Fatal(err)
				}
				f := finder{client: &listed{states: map[string]aliyun.Number{"1": c.says}, fails: map[string]error{"1": c.err}}, asker: asker, missing: maps.Clone(c.missing), spare: 3}
				for _, n := range f.missing {
					f.left += n
				}
				if c.err == nil {
					f.client.(*listed).fails = nil
				}
				if err := f.ask(t.Context(), c.x); (err != nil) != c.fails {
					t.Errorf("it ends with %v", err)
				}
				left := 0
				for _, n := range f.missing {
					left += n
				}
				if left != c.left || f.left != c.left || f.spare != c.spare || f.lost.Load() != c.lost || !slices.Equal(f.free, c.free) {
					t.Errorf("missing %v, %d left, %d to spare, %d lost, free %v", f.missing, f.left, f.spare, f.lost.Load(), f.free)
				}
			})
		})
	}
	for _, c := range []struct {
		name              string
		f                 *finder
		useful, satisfied bool // of a number of 北京
	}{
		{"rows of any city", &finder{missing: map[plan.Supply]int{at(pool, ""): 1}, left: 1, spare: 1}, true, false},
		{"rows of that city", &finder{missing: map[plan.Supply]int{at(pool, "北京"): 1}, left: 1}, true, false},
		{"rows of another city", &finder{missing: map[plan.Supply]int{at(pool, "上海"): 1}, left: 1, spare: 1}, false, false},
		{"rows of another pool", &finder{missing: map[plan.Supply]int{at(other, ""): 1}, left: 1, spare: 1}, false, false},
		{"only to spare", &finder{spare: 1}, true, false},
		{"enough", &finder{}, false, true},
		{"more than enough", &finder{left: -1, spare: -1}, false, true},
	} {
		if got := c.f.useful(Number{"1", pool, "北京"}); got != c.useful {
			t.Errorf("%s: useful %v", c.name, got)
		}
		if got := c.f.satisfied(); got != c.satisfied {
			t.Errorf("%s: satisfied %v", c.name, got)
		}
	}
	f := finder{missing: map[plan.Supply]int{at(pool, ""): 1, at(pool, "北京"): 3, at(pool, "上海"): 1, at(other, ""): 1, at(other, "广州"): 0}}
	wanted := map[plan.Supply]int{at(pool, ""): 4, at(pool, "北京"): 3, at(pool, "上海"): 2, at(other, ""): 9, at(other, "广州"): 5}
	want := []Shortage{{pool, "北京", 3, 0}, {pool, "", 4, 3}, {pool, "上海", 2, 1}, {other, "", 9, 8}}
	if diff := cmp.Diff(want, f.shortages(wanted)); diff != "" {
		t.Errorf("shortages (-want +got):\n%s", diff)
	}
}

// TestTake gives a row a number of its city, or of none that is known; one that names no
// city gets what rows with a city can spare best.
func TestTake(t *testing.T) {
	const pool = "FC1"
	n := NewNumbers([]Number{{"1", pool, "北京"}, {"2", pool, "北京"}, {"3", pool, "上海"}, {"4", pool, ""}, {"5", "FC2", ""}, {"6", pool, "北京"}},
		map[plan.Supply]int{{Pool: pool, City: "北京"}: 1, {Pool: pool, City: "上海"}: 1})
	for i, c := range []struct{ pool, city, want string }{
		{pool, "", "1"},    // two are left of 北京, for one row
		{pool, "北京", "2"},  // its own
		{pool, "", "4"},    // of no city; one of 北京 is as good, and nobody waits for it
		{pool, "", "6"},    // what 上海 has its row needs
		{pool, "广州", ""},   // none
		{pool, "上海", "3"},  //
		{pool, "上海", ""},   //
		{pool, "", ""},     //
		{"FC2", "北京", "5"}, // its city is not known
		{"FC2", "", ""},    //
		{"FC3", "", ""},    //
	} {
		if x, ok := n.take(c.pool, c.city); x != c.want || ok != (c.want != "") {
			t.Errorf("%d: %q for %q, want %q", i, x, c.city, c.want)
		}
	}
}

// TestReplace gives back a number that was chosen and refused for what it is, three times.
func TestReplace(t *testing.T) {
	s := supplies{numbers: NewNumbers(nil, nil)}
	row := &plan.Row{}
	if s.replace(row, aliyun.CodeBindConflict) {
		t.Error("a number that was not chosen is replaced")
	}
	for i := range 4 {
		row.Chosen = "1"
		if s.replace(row, refusedCode) || row.Chosen == "" {
			t.Error("the refusal is the row's own")
		}
		if got := s.replace(row, aliyun.CodeBindConflict); got != (i < 3) || (row.Chosen == "") != got {
			t.Errorf("the %dth: %v, %q", i+1, got, row.Chosen)
		}
	}
	row = &plan.Row{Chosen: "1"}
	if (&supplies{}).replace(row, aliyun.CodeBindConflict) {
		t.Error("there is no list")
	}
	for code, want := range map[string]bool{aliyun.CodeBindConflict: true, "isv.NO_USED_BY_OTHERS": true, "isv.NO_NOT_EXIST": true, aliyun.CodeForbiddenAction: true, refusedCode: false} {
		if refusesX(code) != want {
			t.Errorf("%s is about the X: %v", code, !want)
		}
	}
}

// TestVerdictOf says what becomes known by an answer, and what follows.
func TestVerdictOf(t *testing.T) {
	for _, c := range []struct {
		answer Answer
		kind   ledger.Kind
		then   next
		change next // of a call that may be repeated
	}{
		{Answer{Class: aliyun.Done}, ledger.OK, leave, leave},
		{Answer{Class: aliyun.Done, More: true}, ledger.Part, again, again},
		{Answer{Class: aliyun.Ambiguous}, ledger.Lost, leave, again},
		{Answer{Class: aliyun.RowRefused}, ledger.Refused, leave, leave},
		{Answer{Class: aliyun.Throttled}, ledger.NotSent, again, again},
		{Answer{Class: aliyun.NotSent}, ledger.NotSent, again, again},
		{Answer{Class: aliyun.Stale}, ledger.NotSent, again, again},
		{Answer{Class: aliyun.Capacity}, ledger.NotSent, leave, leave},
		{Answer{Class: aliyun.AccountRefused}, ledger.NotSent, leave, leave},
	} {
		if v := verdictOf(c.answer); v.kind != c.kind || v.then != c.then {
			t.Errorf("class %v: %s, then %d; want %s, %d", c.answer.Class, v.kind, v.then, c.kind, c.then)
		}
		if v := (change{}).verdictOf(c.answer); v.kind != c.kind || v.then != c.change {
			t.Errorf("class %v of a change: %s, then %d; want %s, %d", c.answer.Class, v.kind, v.then, c.kind, c.change)
		}
	}
	e := &aliyun.Error{Code: refusedCode, Message: "m", RequestID: "R", HTTPStatus: 200, RetryAfter: time.Second, SubsID: "1", SecretNo: "2"}
	want := Answer{Class: aliyun.RowRefused, Code: refusedCode, Message: "m", RequestID: "R", HTTPStatus: 200, RetryAfter: time.Second, Named: books.Named{SubsID: "1", SecretNo: "2"}}
	if diff := cmp.Diff(want, notDone(e)); diff != "" {
		t.Errorf("an error of the service (-want +got):\n%s", diff)
	}
	if a := notDone(errors.ErrUnsupported); a.Class != aliyun.Ambiguous || a.Code != aliyun.CodeBadAnswer {
		t.Errorf("another error: %+v", a)
	}
}

// shows is a service that shows one binding, or says why not.
type shows struct {
	s            *aliyun.Subscription
	held         aliyun.Held
	detail, subs error
}

func (s *shows) QuerySubsID(context.Context, string, string) (aliyun.Held, error) {
	return s.held, s.subs
}

func (s *shows) QuerySubscriptionDetail(context.Context, string, string, string) (*aliyun.Subscription, error) {
	return s.s, s.detail
}

func (s *shows) BindAxg(context.Context, *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	panic("nothing is bound")
}

// TestProveBinding says whether a binding is the row's, and whether it is there.
func TestProveBinding(t *testing.T) {
	live := func(change func(s *aliyun.Subscription)) *aliyun.Subscription {
		s := &aliyun.Subscription{SubsID: "1", PhoneNoA: "13800138000", GroupID: "7", Live: true, RequestID: "R-1"}
		change(s)
		return s
	}
	as := func(*aliyun.Subscription) {}
	gone := coded(aliyun.CodeSubsNotExist)
	known := &books.Detail{PhoneNoA: "13800138000", GroupID: "7"}
	for _, c := range []struct {
		name   string
		client shows
		a, g   string // of the row
		target plan.Target
		pays   int // how many requests are paid
		want   books.Proof
		ended  bool
	}{
		{"as the row says", shows{s: live(as)}, "13800138000", "7", plan.Target{}, 9, books.Ours, false},
		{"in another form", shows{s: live(func(s *aliyun.Subscription) { s.PhoneNoA = "+8613800138000" })}, "13800138000", "7", plan.Target{}, 9, books.Ours, false},
		{"another A", shows{s: live(func(s *aliyun.Subscription) { s.PhoneNoA = "13900139000" })}, "13800138000", "7", plan.Target{}, 9, books.Foreign, false},
		{"another A, and the row says none", shows{s: live(func(s *aliyun.Subscription) { s.PhoneNoA = "13900139000" })}, "", "7", plan.Target{}, 9, books.Ours, false},
		{"another group", shows{s: live(as)}, "13800138000", "8", plan.Target{}, 9, books.Foreign, false},
		{"another group, and the row says none", shows{s: live(as)}, "13800138000", "", plan.Target{}, 9, books.Ours, false},
		{"another group, and it is to be moved there", shows{s: live(as)}, "13800138000", "8", plan.Target{Changes: []aliyun.Operate{aliyun.UpdateGroup}}, 9, books.Ours, false},
		{"a hidden A", shows{s: live(func(s *aliyun.Subscription) { s.PhoneNoA = "138****8000" })}, "13800138000", "7", plan.Target{}, 9, books.Masked, false},
		{"a hidden A, and the row says none", shows{s: live(func(s *aliyun.Subscription) { s.PhoneNoA = "138****8000" })}, "", "7", plan.Target{}, 9, books.Ours, false},
		{"another A than was known, and the row says none", shows{s: live(func(s *aliyun.Subscription) { s.PhoneNoA = "13900139000" })}, "", "", plan.Target{Was: known}, 9, books.Foreign, false},
		{"another group than was known, and it is to be moved", shows{s: live(func(s *aliyun.Subscription) { s.GroupID = "9" })}, "", "8", plan.Target{Was: known, Changes: []aliyun.Operate{aliyun.UpdateGroup}}, 9, books.Foreign, false},
		{"ended", shows{s: live(func(s *aliyun.Subscription) { s.Live = false })}, "13800138000", "7", plan.Target{}, 9, books.Absent, true},
		{"another A, ended", shows{s: live(func(s *aliyun.Subscription) { s.Live, s.PhoneNoA = false, "13900139000" })}, "13800138000", "7", plan.Target{}, 9, books.Foreign, false},
		{"not there", shows{detail: gone, held: aliyun.HeldBy()}, "13800138000", "7", plan.Target{}, 9, books.Absent, false},
		{"not there, by the words of 2019", shows{detail: &aliyun.Error{Code: aliyun.CodeIllegalArgument, Message: "Subs Not Exist"}, held: aliyun.HeldBy()}, "13800138000", "7", plan.Target{}, 9, books.Absent, false},
		{"another argument", shows{detail: &aliyun.Error{Code: aliyun.CodeIllegalArgument, Message: "no pool"}, held: aliyun.HeldBy()}, "13800138000", "7", plan.Target{}, 9, books.Odd, false},
		{"not there, and X has another", shows{detail: gone, held: aliyun.HeldBy("2")}, "13800138000", "7", plan.Target{}, 9, books.Foreign, false},
		{"not there, and X has it", shows{detail: gone, held: aliyun.HeldBy("1")}, "13800138000", "7", plan.Target{}, 9, books.Unclear, false},
		{"not there, and X is odd", shows{detail: gone}, "13800138000", "7", plan.Target{}, 9, books.Unclear, false},
		{"not there, and X is refused", shows{detail: gone, subs: coded(refusedCode)}, "13800138000", "7", plan.Target{}, 9, books.Odd, false},
		{"no answer", shows{detail: coded(aliyun.CodeTimeout)}, "13800138000", "7", plan.Target{}, 9, books.Unclear, false},
		{"not paid", shows{s: live(as)}, "13800138000", "7", plan.Target{}, 0, books.Unclear, false},
		{"paid once", shows{detail: gone, held: aliyun.HeldBy()}, "13800138000", "7", plan.Target{}, 1, books.Unclear, false},
	} {
		row := &plan.Row{Target: &c.target}
		row.Target.SubsID, row.Target.SecretNo = "1", "17100000001"
		row.Fields[field.PoolKey], row.Fields[field.PhoneNoA], row.Fields[field.GroupID] = "FC1", c.a, c.g
		pay := func(context.Context) error {
			if c.pays--; c.pays < 0 {
				return errors.ErrUnsupported
			}
			return nil
		}
		got := proveBinding(t.Context(), &c.client, row, pay)
		if got.Proof != c.want || got.Ended != c.ended {
			t.Errorf("%s: %v, ended %v; want %v, %v", c.name, got.Proof, got.Ended, c.want, c.ended)
		}
		if c.client.s != nil && c.pays >= 0 && (got.SubsID != "1" || got.SecretNo != "17100000001" || got.RequestID != "R-1") {
			t.Errorf("%s: %+v", c.name, got)
		}
		if c.want == books.Foreign && c.client.s == nil && got.SubsID != "2" {
			t.Errorf("%s: X has %q", c.name, got.SubsID)
		}
	}
}

// TestBindLook says what a look-up by X shows of a row.
func TestBindLook(t *testing.T) {
	ends := time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC)
	left := time.Now()
	ours := &aliyun.Subscription{SubsID: "1", PhoneNoA: "13800138000", GroupID: "7", Expiration: ends, Created: left, Live: true}
	for _, c := range []struct {
		name   string
		client Binder
		pays   int
		want   books.Proof
		subsID string
	}{
		{"the row's", &shows{s: ours, held: aliyun.HeldBy("1")}, 9, books.Ours, "1"},
		{"nothing", &shows{held: aliyun.HeldBy()}, 9, books.Absent, ""},
		{"two", &shows{held: aliyun.HeldBy("3", "1")}, 9, books.Odd, "3"},
		{"neither", &shows{}, 9, books.Unclear, ""},
		{"no answer", &shows{subs: coded(aliyun.CodeTimeout)}, 9, books.Unclear, ""},
		{"refused", &shows{subs: coded(refusedCode)}, 9, books.Odd, ""},
		{"no answer about what it has", &shows{held: aliyun.HeldBy("1"), detail: coded(aliyun.CodeTimeout)}, 9, books.Unclear, ""},
		{"not paid", &shows{s: ours, held: aliyun.HeldBy("1")}, 0, books.Unclear, ""},
		{"paid once", &shows{s: ours, held: aliyun.HeldBy("1")}, 1, books.Unclear, ""},
		{"nobody looks", struct{ Binder }{}, 9, books.Barred, ""},
	} {
		row := &plan.Row{Chosen: "17100000001"}
		row.Fields[field.PoolKey], row.Fields[field.PhoneNoA], row.Fields[field.GroupID], row.Fields[field.Expiration] = "FC1", "13800138000", "7", "2099-01-31 23:59:59"
		b := Bind{Client: c.client}
		got := b.Look(t.Context(), row, lookup.Question{Left: left}, func(context.Context) error {
			if c.pays--; c.pays < 0 {
				return errors.ErrUnsupported
			}
			return nil
		})
		if got.Proof != c.want || got.SubsID != c.subsID {
			t.Errorf("%s: %v %q, want %v %q", c.name, got.Proof, got.SubsID, c.want, c.subsID)
		}
		_, looks := c.client.(BindLooker)
		if b.Lookable(row) != looks || b.Lookable(&plan.Row{}) {
			t.Errorf("%s: lookable %v", c.name, b.Lookable(row))
		}
	}
}

// TestCompareAll lists what of a binding is not as its row says, numbers masked, and what
// no look-up shows.
func TestCompareAll(t *testing.T) {
	row := &plan.Row{Target: &plan.Target{SubsID: "1", SecretNo: "17100000001"}}
	row.Index, row.Line = 4, 7
	f := &row.Fields
	f[field.PhoneNoA], f[field.PhoneNoB], f[field.GroupID], f[field.Expiration] = "13800138000", "13900139000", "7", "2099-01-31 23:59:59"
	f[field.IsRecordingEnabled], f[field.CallRestrict], f[field.ASRStatus], f[field.ASRModelID] = "true", "CONTROL_AX_DISABLE", "true", "m1"
	ends := time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC)
	for _, c := range []struct {
		name   string
		change func(s *aliyun.Subscription)
		row    func(f *[field.NumFields]string)
		want   string
		unread string
	}{
		{name: "equal"},
		{name: "numbers in another form", change: func(s *aliyun.Subscription) { s.PhoneNoA, s.PhoneNoB = "+8613800138000", "8613900139000" }},
		{name: "A", change: func(s *aliyun.Subscription) { s.PhoneNoA = "13700137000" }, want: "PhoneNoA 138****8000 137****7000"},
		{name: "B", change: func(s *aliyun.Subscription) { s.PhoneNoB = "" }, want: "PhoneNoB 139****9000 "},
		{name: "X", change: func(s *aliyun.Subscription) { s.PhoneNoX = "17100000002" }, want: "PhoneNoX 171****0001 171****0002"},
		{name: "group", change: func(s *aliyun.Subscription) { s.GroupID = "8" }, want: "GroupId 7 8"},
		{name: "end", change: func(s *aliyun.Subscription) { s.Expiration = ends.Add(time.Second) }, want: "Expiration 2099-01-31 23:59:59 2099-02-01 00:00:00"},
		{name: "no end", change: func(s *aliyun.Subscription) { s.Expiration = time.Time{} }, unread: "Expiration"},
		{name: "recording", change: func(s *aliyun.Subscription) { s.Recording = false }, want: "IsRecordingEnabled true false"},
		{name: "restriction", change: func(s *aliyun.Subscription) { s.CallRestrict = "CONTROL_CLEAR_DISABLE" }, want: "CallRestrict CONTROL_AX_DISABLE "},
		{name: "speech", change: func(s *aliyun.Subscription) { s.ASRStatus, s.ASRModelID = false, "m2" }, want: "ASRStatus true false; ASRModelId m1 m2"},
		{name: "hidden A", change: func(s *aliyun.Subscription) { s.PhoneNoA = "138****8000" }, unread: "PhoneNoA"},
		{name: "hidden fields", change: func(s *aliyun.Subscription) { s.Hidden, s.GroupID = []string{"GroupId"}, "" }, unread: "GroupId"},
		{name: "hidden fields that the row does not say", change: func(s *aliyun.Subscription) { s.Hidden = []string{"ASRModelId"} }, row: func(f *[field.NumFields]string) { f[field.ASRModelID] = "" }},
		{name: "a hidden B that the row does not say", change: func(s *aliyun.Subscription) { s.PhoneNoB = "139****9000" }, row: func(f *[field.NumFields]string) { f[field.PhoneNoB] = "" }, want: "PhoneNoB  139****9000"},
		{name: "what is never shown", row: func(f *[field.NumFields]string) { f[field.ExpectCity], f[field.OutID] = "北京", "o" }, unread: "ExpectCity OutId"},
	} {
		s := &aliyun.Subscription{SubsID: "1", PhoneNoA: "13800138000", PhoneNoB: "13900139000", PhoneNoX: "17100000001", GroupID: "7", Expiration: ends, Recording: true, CallRestrict: "CONTROL_AX_DISABLE", ASRStatus: true, ASRModelID: "m1", Live: true}
		if c.change != nil {
			c.change(s)
		}
		mine := *row
		if c.row != nil {
			c.row(&mine.Fields)
		}
		list, unread := compareAll(&mine, s)
		var got, hidden []string
		for _, d := range list {
			got = append(got, d.Field+" "+d.Want+" "+d.Have)
			if d.Row != 5 || d.Line != 7 || d.SubsID != "1" || d.SecretNo != "171****0001" || d.Code != "" {
				t.Errorf("%s: %+v", c.name, d)
			}
		}
		for _, f := range unread {
			hidden = append(hidden, f.String())
		}
		if strings.Join(got, "; ") != c.want || strings.Join(hidden, " ") != c.unread {
			t.Errorf("%s: %q, unread %q; want %q, %q", c.name, got, hidden, c.want, c.unread)
		}
	}
}

// TestVerificationCounts counts rows by what came of them, and tells differences in the
// order of the rows.
func TestVerificationCounts(t *testing.T) {
	var told []int
	v := &verification{Verify: &Verify{Differs: func(d Difference) { told = append(told, d.Row) }}, ended: map[int][]Difference{}}
	row := func(end string) *plan.Row {
		r := &plan.Row{}
		r.Fields[field.Expiration] = end
		return r
	}
	const ahead, over = "2099-01-31 23:59:59", "2001-01-31 23:59:59"
	differs := []Difference{{Row: 1}}
	for _, c := range []struct {
		end         string
		differences []Difference
		unread      []field.Field
		err         error
		stay        int
		want        Verified
	}{
		{ahead, nil, []field.Field{field.OutID}, nil, 0, Verified{Equal: 1}},
		{ahead, differs, []field.Field{field.OutID}, nil, 1, Verified{Differ: 1}},
		{over, differs, nil, nil, 0, Verified{Lapsed: 1}},
		{over, nil, nil, nil, 0, Verified{Equal: 1}},
		{"soon", differs, nil, nil, 1, Verified{Differ: 1}},
		{ahead, nil, nil, errors.ErrUnsupported, 0, Verified{Lost: 1}},
		{ahead, nil, nil, fmt.Errorf("row: %w", errUnproven), 0, Verified{Lost: 1, Unproven: 1}},
	} {
		v.result = Verified{}
		if c.unread != nil && c.stay == 0 {
			c.want.Unread[field.OutID] = 1
		}
		if stay := v.count(row(c.end), c.differences, c.unread, c.err); len(stay) != c.stay || v.result != c.want {
			t.Errorf("until %s, %v: %d stay, %+v; want %+v", c.end, c.err, len(stay), v.result, c.want)
		}
	}
	v.inOrder(2, []Difference{{Row: 3}})
	v.inOrder(1, nil)
	if len(told) > 0 {
		t.Errorf("told of %v before the first row", told)
	}
	v.inOrder(0, []Difference{{Row: 1}, {Row: 11}})
	v.inOrder(3, []Difference{{Row: 4}})
	if !slices.Equal(told, []int{1, 11, 3, 4}) || len(v.ended) > 0 {
		t.Errorf("told of %v, %d wait", told, len(v.ended))
	}
	verdict := func(status, code, id string) *plan.Row {
		r := row(ahead)
		r.Line = 9
		r.Verdict = &input.Verdict{Status: status, Code: code, SubsID: id}
		return r
	}
	v.result = Verified{}
	v.pass(0, row(ahead))
	v.pass(report.Released, verdict("BOUND", "OK", "1"))
	v.pass(report.Pending, verdict("FAILED", refusedCode, ""))
	v.pass(report.Pending, verdict("bond", "OK", "1"))
	if v.result.Unlike != 0 {
		t.Errorf("%d rows are unlike", v.result.Unlike)
	}
	v.pass(report.Pending, verdict("BOUND", "OK", "1"))
	later := verdict("BOUND", "OK", "2")
	later.Line = 12
	if v.pass(report.Held, later); v.result.Unlike != 2 || v.result.UnlikeAt != 9 {
		t.Errorf("%d rows are unlike, from line %d", v.result.Unlike, v.result.UnlikeAt)
	}
}

// TestYields: rows that were left give way to what stopped the run.
func TestYields(t *testing.T) {
	for stop, want := range map[books.Stop]bool{books.StopNone: true, books.StopLimit: true, books.StopLookups: true, books.StopAccount: false, books.StopInterrupt: false} {
		if yields(stop) != want {
			t.Errorf("%q yields: %v", stop, !want)
		}
	}
	r := &Run{}
	r.noteStop(books.StopLimit, "1")
	r.noteStop(books.StopTrouble, "2")
	if r.noteStop(books.StopAccount, "3"); r.stop != books.StopTrouble || r.stopCode != "2" {
		t.Errorf("%q %q", r.stop, r.stopCode)
	}
}
