package trial_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/trial"
	"axgbind/report"
)

// script is a service whose answers to an action are texts, the last of which it
// repeats.
type script struct {
	w      *trial.Witness
	says   map[string][]string
	calls  map[string]int
	noDate bool // no answer tells the time
}

func (s *script) answer(action string) error {
	list := s.says[action]
	s.calls[action]++
	if len(list) == 0 {
		return &aliyun.Error{Action: action, Code: aliyun.CodeTimeout, Written: true}
	}
	if len(list) > 1 {
		s.says[action] = list[1:]
	}
	header := http.Header{}
	if !s.noDate {
		header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	s.w.Hear(aliyun.Raw{Action: action, HTTPStatus: 200, Header: header, Body: []byte(list[0])})
	return nil
}

func (s *script) QuerySubsID(context.Context, string, string) (aliyun.Held, error) {
	return aliyun.Held{}, s.answer("QuerySubsId")
}

func (s *script) QuerySubscriptionDetail(context.Context, string, string, string) (*aliyun.Subscription, error) {
	return nil, s.answer("QuerySubscriptionDetail")
}

func (s *script) QuerySecretNoDetail(context.Context, string, string) (*aliyun.Number, error) {
	return nil, s.answer("QuerySecretNoDetail")
}

func (s *script) UpdateSubscription(context.Context, *aliyun.UpdateRequest) (*aliyun.UpdateResult, error) {
	return nil, s.answer("UpdateSubscription")
}

func (s *script) UnbindSubscription(context.Context, *aliyun.UnbindRequest) (*aliyun.UnbindResult, error) {
	return nil, s.answer("UnbindSubscription")
}

const (
	bound  = `{"Code":"OK","SecretBindDTO":{"SecretNo":"17100000000","SubsId":"1000000000000001"}}`
	listed = `{"Code":"OK","SubsId":"1000000000000001"}`
	detail = `{"Code":"OK","SecretBindDetailDTO":{"SubsId":"1000000000000001","PhoneNoX":"17100000000","PhoneNoA":"13800138000","GroupId":7,"Status":1}}`
)

// line is the line of an assumption, which has to be in the table.
func line(t *testing.T, tr *trial.Trial, name string) trial.Line {
	t.Helper()
	table := tr.Table()
	i := slices.IndexFunc(table, func(l trial.Line) bool { return l.Name == name })
	if i < 0 {
		t.Fatalf("no line %s", name)
	}
	return table[i]
}

// trialOf is a trial of the binding that bound is of, with an end.
func trialOf(s *script, end time.Time) *trial.Trial {
	return &trial.Trial{Client: s, Witness: s.w, Pay: func(ctx context.Context) error { return ctx.Err() }, UnknownX: "17000000000", Of: trial.Binding{
		PoolKey: "FC1", PhoneNoA: "13800138000", GroupID: "7", Expiration: end, SecretNo: "17100000000", SubsID: "1000000000000001",
	}}
}

// TestForms: forms that no switch of the simulator plays.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		name   string
		action string
		text   string
		line   string
		want   trial.Verdict
		seen   string
	}{
		{"as it should be", "", "", "listed", trial.Holds, "the same"},
		{"an id of 17 digits", "BindAxg", `{"Code":"OK","SecretBindDTO":{"SubsId":"10000000000000017"}}`, "subsid-form", trial.Differs, "a text of 17 characters"},
		{"an id that is a number", "BindAxg", `{"Code":"OK","SecretBindDTO":{"SubsId":1000000000000001}}`, "subsid-form", trial.Differs, "no text"},
		{"an answer to BindAxg that nobody heard", "BindAxg", `{"Code":"OK"}`, "subsid-form", trial.NotSeen, "there was no answer to tell it"},
		{"two ids", "QuerySubsId", `{"Code":"OK","SubsId":"1000000000000001,1000000000000002"}`, "listed", trial.Differs, "2 of them"},
		{"another id", "QuerySubsId", `{"Code":"OK","SubsId":"1000000000000002"}`, "listed", trial.Differs, "another"},
		{"an id listed as a number", "QuerySubsId", `{"Code":"OK","SubsId":1000000000000001}`, "listed", trial.Differs, "no text"},
		{"no JSON", "QuerySubsId", `<html>`, "shown", trial.NotSeen, "there was no answer to tell it"},
		{"no answer", "QuerySubsId", "", "shown", trial.NotSeen, "there was no answer to tell it"},
		{"no details", "QuerySubscriptionDetail", `{"Code":"OK"}`, "detail-names", trial.Differs, "without SecretBindDetailDTO"},
		{"details of another X", "QuerySubscriptionDetail", `{"Code":"OK","SecretBindDetailDTO":{"SubsId":"1000000000000001","PhoneNoX":"17100000001"}}`, "detail-names", trial.Differs, "another PhoneNoX"},
		{"details of X in another form", "QuerySubscriptionDetail", `{"Code":"OK","SecretBindDetailDTO":{"SubsId":"1000000000000001","PhoneNoX":"8617100000000"}}`, "detail-names", trial.Differs, "PhoneNoX in another form"},
		{"another A", "QuerySubscriptionDetail", `{"Code":"OK","SecretBindDetailDTO":{"SubsId":"1000000000000001","PhoneNoX":"17100000000","PhoneNoA":"13900139000"}}`, "detail-a", trial.Differs, "139****9000"},
		{"a null", "QuerySubscriptionDetail", `{"Code":"OK","SecretBindDetailDTO":{"PhoneNoA":null}}`, "detail-a", trial.Differs, "null"},
		{"an OutId", "QuerySubscriptionDetail", `{"Code":"OK","SecretBindDetailDTO":{"OutId":"o"}}`, "detail-outid", trial.Differs, "it is there"},
		{"a number without state", "QuerySecretNoDetail", `{"Code":"OK","SecretNoInfoDTO":{}}`, "number-bound", trial.Differs, "absent"},
		{"an id of nobody that is shown", "QuerySubscriptionDetail", detail, "wrong-id", trial.Differs, "OK"},
		{"details without the fields that are compared", "QuerySubscriptionDetail", detail, "detail-rest", trial.Differs, "without NeedRecord, CallRestrict, ASRStatus, ASRModelId"},
		{"no details of the fields that are compared", "QuerySubscriptionDetail", "", "detail-rest", trial.NotSeen, "there was no answer to tell it"},
		{"details refused", "QuerySubscriptionDetail", `{"Code":"isp.RAM_PERMISSION_DENY","SecretBindDetailDTO":{"Status":1}}`, "detail-status", trial.NotSeen, "there was no answer to tell it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{w: new(trial.Witness), calls: map[string]int{}, says: map[string][]string{
					"BindAxg": {bound}, "QuerySubsId": {listed}, "QuerySubscriptionDetail": {detail}, "QuerySecretNoDetail": {`{"Code":"OK","SecretNoInfoDTO":{"SecretStatus":1}}`},
				}}
				if c.action != "" {
					s.says[c.action] = nil
					if c.text != "" {
						s.says[c.action] = []string{c.text}
					}
				}
				_ = s.answer("BindAxg")
				tr := trialOf(s, time.Time{})
				tr.Bound(t.Context())
				if l := line(t, tr, c.line); l.Verdict != c.want || l.Seen.In(report.EN) != c.seen {
					t.Errorf("%s: %v, %q; want %v, %q", l.Name, l.Verdict, l.Seen.In(report.EN), c.want, c.seen)
				}
				for _, l := range tr.Table() {
					if said := l.Means != (report.Text{}); said != (l.Verdict == trial.Differs) {
						t.Errorf("%s: %v, and means %q", l.Name, l.Verdict, l.Means.EN)
					}
				}
			})
		})
	}
}

const (
	free    = `{"Code":"OK","SubsId":""}`
	noSubs  = `{"Code":"isv.SUBS_NOT_EXIST"}`
	numberX = `{"Code":"OK","SecretNoInfoDTO":{"SecretStatus":%d}}`
)

// TestSteps: a binding is changed and released, each is shown a while later, and everything
// else is as it should be.
func TestSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := time.Date(2026, 12, 1, 12, 0, 0, 0, report.Beijing)
		shown := func(end time.Time, status int) string {
			return fmt.Sprintf(`{"Code":"OK","SecretBindDetailDTO":{"SubsId":"1000000000000001","PhoneNoX":"17100000000","ExpireDate":%q,"GmtCreate":%q,"Status":%d}}`,
				end.Format(time.DateTime), time.Now().In(report.Beijing).Format(time.DateTime), status)
		}
		s := &script{w: new(trial.Witness), calls: map[string]int{}, says: map[string][]string{
			"BindAxg":                 {bound},
			"QuerySubsId":             {free, free, listed, `{"Code":"isv.NO_NOT_EXIST"}`, listed, free},
			"QuerySubscriptionDetail": {shown(end, 1), noSubs, shown(end, 1), shown(end.Add(time.Hour), 1), shown(end.Add(time.Hour), 0)},
			"QuerySecretNoDetail":     {fmt.Sprintf(numberX, 1), fmt.Sprintf(numberX, 0)},
			"UpdateSubscription":      {`{"Code":"OK"}`, `{"Code":"OK"}`, `{"Code":"isv.FORBIDDEN_ACTION"}`},
			"UnbindSubscription":      {`{"Code":"OK"}`, noSubs},
		}}
		tr := trialOf(s, end)
		_ = s.answer("BindAxg")
		tr.Bound(t.Context())
		_ = s.answer("UpdateSubscription")
		time.Sleep(4 * time.Second) // what is shown late is so since the call
		tr.Updated(t.Context(), end.Add(time.Hour), aliyun.CodeOK)
		_ = s.answer("UnbindSubscription")
		tr.Released(t.Context(), aliyun.CodeOK)
		late := map[string]string{"shown": "only after 2s", "update-shown": "only after 5s", "freed": "only after 1s"}
		for _, name := range []string{
			"shown", "listed", "detail-expires", "detail-created", "number-bound", "wrong-id", "unknown-x", "update", "update-shown", "update-again",
			"release", "freed", "free-form", "ended-detail", "unbind-again", "update-ended", "number-free",
		} {
			l := line(t, tr, name)
			if seen, is := late[name]; is && (l.Verdict != trial.Differs || l.Seen.In(report.EN) != seen) || !is && l.Verdict != trial.Holds {
				t.Errorf("%s: %v, %q", name, l.Verdict, l.Seen.In(report.EN))
			}
		}
	})
}

// TestDate: the time is told by any answer, or missed in one.
func TestDate(t *testing.T) {
	for _, c := range []struct {
		name   string
		noDate bool
		says   map[string][]string
		want   trial.Verdict
	}{
		{"told", false, map[string][]string{"QuerySubsId": {listed}}, trial.Holds},
		{"in no answer", true, map[string][]string{"QuerySubsId": {listed}}, trial.Differs},
		{"in no answer to BindAxg", true, map[string][]string{"BindAxg": {bound}}, trial.Differs},
		{"no answer", true, nil, trial.NotSeen},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{w: new(trial.Witness), calls: map[string]int{}, says: c.says, noDate: c.noDate}
				_ = s.answer("BindAxg")
				tr := trialOf(s, time.Now().Add(time.Hour))
				tr.Bound(t.Context())
				if l := line(t, tr, "date"); l.Verdict != c.want {
					t.Errorf("%v, %q", l.Verdict, l.Seen.In(report.EN))
				}
			})
		})
	}
}

// TestNotDone: what was not changed or released is not asked about, and nothing is waited
// for longer than a minute.
func TestNotDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{w: new(trial.Witness), calls: map[string]int{}, says: map[string][]string{"BindAxg": {bound}, "QuerySubsId": {free}, "QuerySubscriptionDetail": {detail}, "QuerySecretNoDetail": {free}}}
		tr := trialOf(s, time.Now().Add(time.Hour))
		_ = s.answer("BindAxg")
		began := time.Now()
		tr.Bound(t.Context())
		if took := time.Since(began); took != time.Minute || s.calls["QuerySubsId"] != 62 {
			t.Errorf("%v, %d look-ups", took, s.calls["QuerySubsId"])
		}
		tr.Updated(t.Context(), time.Now(), aliyun.CodeTimeout)
		tr.Released(t.Context(), aliyun.CodeTimeout)
		if s.calls["UpdateSubscription"] != 0 || s.calls["UnbindSubscription"] != 0 {
			t.Errorf("calls %v", s.calls)
		}
		for name, want := range map[string]trial.Verdict{"shown": trial.Differs, "update": trial.Differs, "update-again": trial.NotSeen, "release": trial.Differs, "freed": trial.NotSeen} {
			if l := line(t, tr, name); l.Verdict != want {
				t.Errorf("%s: %v, %q", name, l.Verdict, l.Seen.In(report.EN))
			}
		}
	})
}
