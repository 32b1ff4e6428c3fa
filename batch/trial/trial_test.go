package trial_test

import (
	"context"
	"net/http"
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
	w     *trial.Witness
	says  map[string][]string
	calls map[string]int
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
	s.w.Hear(aliyun.Raw{Action: action, HTTPStatus: 200, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}, Body: []byte(list[0])})
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
				tr := &trial.Trial{Client: s, Witness: s.w, Pay: func(ctx context.Context) error { return ctx.Err() }, UnknownX: "17000000000", Of: trial.Binding{
					PoolKey: "FC1", PhoneNoA: "13800138000", GroupID: "7", SecretNo: "17100000000", SubsID: "1000000000000001",
				}}
				tr.Bound(t.Context())
				for _, l := range tr.Table() {
					if l.Name == c.line && (l.Verdict != c.want || l.Seen.In(report.EN) != c.seen) {
						t.Errorf("%s: %v, %q; want %v, %q", l.Name, l.Verdict, l.Seen.In(report.EN), c.want, c.seen)
					}
				}
			})
		})
	}
}
