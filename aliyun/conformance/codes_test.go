package conformance_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
)

// play is one way to provoke a code: what the service, the client and the
// request are like.
type play struct {
	service simulator.Options
	client  aliyun.Options
	request aliyun.BindAxgRequest
	before  int // good calls before, each for another A
}

// provocation is a row: a code of aliyun.Entries, the class it must have, and
// how our client meets it.
type provocation struct {
	code   string
	class  aliyun.Class
	status int // HTTP; 0: no answer

	// as is the code on the wire for rows that are families.
	as string
	// state provokes the code by what the simulator really checks and keeps.
	// Without it only the fault code:CODE:STATUS does; with it both do.
	state func(*play)
	// noFault: the code is not one that the service could send.
	noFault bool
	// bound: the call takes effect all the same.
	bound bool
	// verdict: no call ends with it; the pipeline gives it to rows.
	verdict bool
}

func key(id, secret, token string) func(*play) {
	return func(p *play) {
		p.client.Credentials = aliyun.Static(aliyun.Credential{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token})
	}
}

func token(text string) func(*play) {
	return key(simulator.STSAccessKeyID, simulator.AccessKeySecret, text)
}

func refused(code string) func(*play) {
	return func(p *play) { p.service.KeyRefusals = map[string]string{simulator.AccessKeyID: code} }
}

func spelled(from, to string, then func(*play)) func(*play) {
	return func(p *play) {
		p.service.Spelling = map[string]string{from: to}
		then(p)
	}
}

func request(change func(*aliyun.BindAxgRequest)) func(*play) {
	return func(p *play) { change(&p.request) }
}

func fault(kind simulator.FaultKind) func(*play) {
	return func(p *play) { p.service.Faults = []simulator.Fault{{Kind: kind, P: 1}} }
}

func otherPool(r *aliyun.BindAxgRequest) { r.PoolKey = "FC2" }

// provocations has a row for each code of aliyun.Entries, in its order:
// dyplsapi's business codes, the gateway's, ours, the families.
var provocations = []provocation{
	{code: "OK", class: aliyun.Done, status: 200, state: func(*play) {}, noFault: true, bound: true},
	{code: "isp.RAM_PERMISSION_DENY", class: aliyun.AccountRefused, status: 200, state: fault(simulator.RAMDeny)},
	{code: "isv.OUT_OF_SERVICE", class: aliyun.AccountRefused, status: 200},
	{code: "isv.PRODUCT_UN_SUBSCRIPT", class: aliyun.AccountRefused, status: 200},
	{code: "isv.PRODUCT_UNSUBSCRIBE", class: aliyun.AccountRefused, status: 200},
	{code: "isv.ACCOUNT_NOT_EXISTS", class: aliyun.AccountRefused, status: 200},
	{code: "isv.ACCOUNT_ABNORMAL", class: aliyun.AccountRefused, status: 200},
	{code: "isp.SYSTEM_ERROR", class: aliyun.Ambiguous, status: 200, state: fault(simulator.SystemErrorExecuted), bound: true},
	{code: "isp.UNKNOWN_ERR_CODE", class: aliyun.Ambiguous, status: 200, state: fault("code-executed:isp.UNKNOWN_ERR_CODE"), bound: true},
	{code: "isv.PARTNER_NOT_EXIST", class: aliyun.AccountRefused, status: 200},
	{code: "isv.NO_NOT_EXIST", class: aliyun.RowRefused, status: 200, state: request(func(r *aliyun.BindAxgRequest) { r.PhoneNoX = "17199999999" })},
	{code: "isv.ILLEGAL_ARGUMENT", class: aliyun.RowRefused, status: 200, state: request(func(r *aliyun.BindAxgRequest) { r.GroupID = -1 })},
	{code: "isp.DAO_EXCEPTION", class: aliyun.Ambiguous, status: 200, state: fault("code-executed:isp.DAO_EXCEPTION"), bound: true},
	{code: "isv.NO_AVAILABLE_NUMBER", class: aliyun.Capacity, status: 200, state: func(p *play) { p.before = 3 }},
	{code: "isp.VENDOR_UNAVAILABLE", class: aliyun.Ambiguous, status: 200, state: fault("code-executed:isp.VENDOR_UNAVAILABLE"), bound: true},
	{code: "isv.FLOW_LIMIT", class: aliyun.Throttled, status: 200, state: func(p *play) { p.service.QPS, p.before = 1, 1 }},
	{code: "isv.PARTNER_IS_CLOSED", class: aliyun.AccountRefused, status: 200},
	{code: "isv.FORBIDDEN_ACTION", class: aliyun.RowRefused, status: 200, state: func(p *play) { p.service.UnknownX, p.request.PhoneNoX = "isv.FORBIDDEN_ACTION", "17199999999" }},
	{code: "isv.NO_USED_BY_OTHERS", class: aliyun.RowRefused, status: 200},
	{code: "isv.VENDOR_BIND_FAILED", class: aliyun.Ambiguous, status: 200, state: fault("code-executed:isv.VENDOR_BIND_FAILED"), bound: true},
	{code: "isv.EXPIRE_DATE_ILLEGAL", class: aliyun.RowRefused, status: 200, state: request(func(r *aliyun.BindAxgRequest) { r.Expiration = time.Now().Add(time.Minute) })},
	{code: "isv.MOBILE_NUMBER_ILLEGAL", class: aliyun.RowRefused, status: 200, state: request(func(r *aliyun.BindAxgRequest) { r.PhoneNoA = "0571-88992688" })},
	{code: "isv.BIND_CONFLICT", class: aliyun.RowRefused, status: 200, state: func(p *play) { p.before, p.request.PhoneNoX, p.service.Numbers = 1, "17100000000", 1 }},
	{code: "isv.SUBS_NOT_EXIST", class: aliyun.RowRefused, status: 200},
	{code: "isv.SUBS_NOT_BELONG", class: aliyun.AccountRefused, status: 200},
	{code: "isv.POOLKEY_NOT_EXISTS", class: aliyun.AccountRefused, status: 200, state: request(otherPool)},
	{code: "POOLKEY_NOT_EXIST", class: aliyun.AccountRefused, status: 400, state: func(p *play) {
		spelled("isv.POOLKEY_NOT_EXISTS", "POOLKEY_NOT_EXIST", request(otherPool))(p)
		p.service.Statuses = map[string]int{"isv.POOLKEY_NOT_EXISTS": 400}
	}},
	{code: "PoolKeyNotFound", class: aliyun.AccountRefused, status: 400, state: func(p *play) {
		spelled("isv.POOLKEY_NOT_EXISTS", "PoolKeyNotFound", request(otherPool))(p)
		p.service.Statuses = map[string]int{"isv.POOLKEY_NOT_EXISTS": 400}
	}},
	{code: "isv.INVALID_PARAMETERS", class: aliyun.RowRefused, status: 200, state: request(func(r *aliyun.BindAxgRequest) { r.RingConfig = "[]" })},
	{code: "isv.UPDATE_CONFLICT", class: aliyun.RowRefused, status: 200},
	{code: "isv.BUY_NUM_OVER_LIMIT", class: aliyun.RowRefused, status: 200},
	{code: "isp.GATEWAY_ERROR", class: aliyun.Ambiguous, status: 200, state: fault("code-executed:isp.GATEWAY_ERROR"), bound: true},
	{code: "FlowLimited", class: aliyun.Throttled, status: 400},
	{code: "ProductUnsubscribe", class: aliyun.AccountRefused, status: 400},

	{code: "Throttling", class: aliyun.Throttled, status: 400},
	{code: "Throttling.User", class: aliyun.Throttled, status: 400, state: fault(simulator.Throttling)},
	{code: "Throttling.Api", class: aliyun.Throttled, status: 429},
	{code: "ServiceUnavailable", class: aliyun.Ambiguous, status: 503, state: fault("code-executed:ServiceUnavailable"), bound: true},
	{code: "InternalError", class: aliyun.Ambiguous, status: 500, state: fault("code-executed:InternalError"), bound: true},
	{code: "UnknownError", class: aliyun.Ambiguous, status: 500, state: fault("code-executed:UnknownError"), bound: true},
	{code: "SignatureDoesNotMatch", class: aliyun.AccountRefused, status: 400, state: key(simulator.AccessKeyID, "guess", "")},
	{code: "IncompleteSignature", class: aliyun.AccountRefused, status: 400},
	{code: "InvalidSignatureMethod", class: aliyun.AccountRefused, status: 400},
	{code: "SignatureNonceUsed", class: aliyun.Ambiguous, status: 400},
	{code: "InvalidTimeStamp.Expired", class: aliyun.Stale, status: 400},
	{code: "InvalidTimeStamp.Format", class: aliyun.AccountRefused, status: 400},
	{code: "IllegalTimestamp", class: aliyun.AccountRefused, status: 400},
	{code: "InvalidAccessKeyId.NotFound", class: aliyun.AccountRefused, status: 404, state: key("nobody", "testsecret", "")},
	{code: "InvalidAccessKeyId.Inactive", class: aliyun.AccountRefused, status: 400, state: refused("InvalidAccessKeyId.Inactive")},
	{code: "Forbidden.AccessKeyDisabled", class: aliyun.AccountRefused, status: 403, state: refused("Forbidden.AccessKeyDisabled")},
	{code: "InvalidSecurityToken.Expired", class: aliyun.Stale, status: 400, state: token(simulator.ExpiredSecurityToken)},
	{code: "InvalidSecurityToken.Malformed", class: aliyun.AccountRefused, status: 400, state: token("no,token")},
	{code: "InvalidSecurityToken.MismatchWithAccessKey", class: aliyun.AccountRefused, status: 400, state: token("CAIS-other")},
	{code: "MissingSecurityToken", class: aliyun.AccountRefused, status: 400, state: token("")},
	{code: "InvalidParameter.Format", class: aliyun.RowRefused, status: 400},
	{code: "InvalidVersion", class: aliyun.AccountRefused, status: 400},
	{code: "NoSuchVersion", class: aliyun.AccountRefused, status: 400},
	{code: "InvalidApi.NotFound", class: aliyun.AccountRefused, status: 404},
	{code: "UnsupportedHTTPMethod", class: aliyun.AccountRefused, status: 400},
	{code: "InvalidProtocol.NeedSsl", class: aliyun.AccountRefused, status: 400, state: func(p *play) { p.service.NeedTLS = true }},
	{code: "Forbidden.RAM", class: aliyun.AccountRefused, status: 403, state: refused("Forbidden.RAM")},
	{code: "NoPermission", class: aliyun.AccountRefused, status: 403, state: refused("NoPermission")},
	{code: "Forbidden.RiskControl", class: aliyun.AccountRefused, status: 403, state: refused("Forbidden.RiskControl")},
	{code: "Forbidden", class: aliyun.AccountRefused, status: 403},
	{code: "Forbidden.UserVerification", class: aliyun.AccountRefused, status: 403, state: refused("Forbidden.UserVerification")},
	{code: "ActionUnauthorized", class: aliyun.AccountRefused, status: 403},
	{code: "InsufficientBalance", class: aliyun.AccountRefused, status: 400, state: refused("InsufficientBalance")},
	{code: "UnsupportedOperation", class: aliyun.AccountRefused, status: 400},
	{code: "UnsupportedParameter", class: aliyun.RowRefused, status: 400},

	{code: "client.NotSent", class: aliyun.NotSent, noFault: true, state: func(p *play) {
		p.client.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("refused") }
	}},
	{code: "client.Timeout", class: aliyun.Ambiguous, noFault: true, bound: true, state: fault(simulator.Slow)},
	{code: "client.ConnectionLost", class: aliyun.Ambiguous, noFault: true, bound: true, state: fault(simulator.DropAfter)},
	{code: "client.BadAnswer", class: aliyun.Ambiguous, status: 503, noFault: true, bound: true, state: fault(simulator.HTTP503Executed)},
	{code: "client.IdTwice", class: aliyun.Ambiguous, verdict: true},
	{code: "client.Duplicate", class: aliyun.RowRefused, verdict: true},
	{code: "client.SamePlace", class: aliyun.RowRefused, verdict: true},
	{code: "client.EditedAfterSend", class: aliyun.RowRefused, verdict: true},
	{code: "client.StillBound", class: aliyun.RowRefused, verdict: true},
	{code: "client.AlreadyBound", class: aliyun.Done, verdict: true},
	{code: "client.UnprovenVerdict", class: aliyun.RowRefused, verdict: true},
	{code: "client.OlderFile", class: aliyun.RowRefused, verdict: true},
	{code: "client.OtherBatch", class: aliyun.RowRefused, verdict: true},
	{code: "client.Interrupted", class: aliyun.Ambiguous, verdict: true},
	{code: "client.PoolStopped", class: aliyun.Capacity, verdict: true},
	{code: "client.NoBinding", class: aliyun.RowRefused, verdict: true},
	{code: "client.SubsIdDamaged", class: aliyun.RowRefused, verdict: true},
	{code: "client.OtherBinding", class: aliyun.RowRefused, verdict: true},
	{code: "client.Released", class: aliyun.Done, verdict: true},
	{code: "client.ReleaseBegun", class: aliyun.RowRefused, verdict: true},
	{code: "client.NoFreeNumber", class: aliyun.Capacity, verdict: true},

	{code: "Throttling.*", as: "Throttling.Whatever", class: aliyun.Throttled, status: 400},
	{code: "Missing{Param}", as: "MissingPhoneNoA", class: aliyun.RowRefused, status: 400, state: request(func(r *aliyun.BindAxgRequest) { r.PhoneNoA = "" })},
	{code: "Missing{CommonParam}", as: "MissingTimestamp", class: aliyun.AccountRefused, status: 400},
	{code: "Invalid{Param}", as: "InvalidExpectCity", class: aliyun.RowRefused, status: 400},
	{code: "Invalid{CommonParam}", as: "InvalidSignatureVersion", class: aliyun.AccountRefused, status: 400},
	{code: "isp.*", as: "isp.SOMETHING_NEW", class: aliyun.Ambiguous, status: 200},
	{code: "isv.*", as: "isv.SOMETHING_NEW", class: aliyun.RowRefused, status: 200},
	{code: "*", as: "SomethingNew", class: aliyun.Ambiguous, status: 500},
}

// TestEveryCodeHasARow fails when a code of our table is not provoked here.
func TestEveryCodeHasARow(t *testing.T) {
	rows := map[string]int{}
	for _, row := range provocations {
		rows[row.code]++
		if rows[row.code] > 1 {
			t.Errorf("%s: two rows", row.code)
		}
	}
	for _, e := range aliyun.Entries() {
		if rows[e.Code] == 0 {
			t.Errorf("%s: in aliyun.Entries, but nothing here provokes it", e.Code)
		}
		delete(rows, e.Code)
	}
	for code := range rows {
		t.Errorf("%s: a row for a code that is not in aliyun.Entries", code)
	}
}

// TestEveryCode provokes each code and looks at what our client makes of it.
// All runs in fake time, over pipes.
func TestEveryCode(t *testing.T) {
	for _, row := range provocations {
		if row.as == "" {
			row.as = row.code
		}
		if row.verdict {
			if got := aliyun.Lookup(row.code).Class; got != row.class {
				t.Errorf("%s: class %v, want %v", row.code, got, row.class)
			}
			continue
		}
		if row.state != nil {
			t.Run(row.code+"/state", func(t *testing.T) { provoke(t, row, row.state) })
		}
		if row.noFault {
			continue
		}
		// A code that is certain must come with its HTTP status: any with 400, the
		// product's own with 200 too, none with 500.
		own := strings.HasPrefix(row.as, "isv.") || strings.HasPrefix(row.as, "isp.") ||
			slices.Contains([]string{"POOLKEY_NOT_EXIST", "PoolKeyNotFound", "FlowLimited", "ProductUnsubscribe"}, row.as)
		for _, status := range []int{row.status, 200, 400, 500} {
			wire := row
			wire.status, wire.bound = status, false
			kind := simulator.FaultKind("code:" + row.as + ":" + strconv.Itoa(status))
			if row.class != aliyun.Ambiguous && (status == 500 || status == 200 && !own) {
				wire.code, wire.as, wire.class = aliyun.CodeBadAnswer, aliyun.CodeBadAnswer, aliyun.Ambiguous
			}
			t.Run(row.code+"/"+string(kind), func(t *testing.T) { provoke(t, wire, fault(kind)) })
		}
	}
}

func provoke(t *testing.T, row provocation, how func(*play)) {
	synctest.Test(t, func(t *testing.T) {
		p := play{
			service: simulator.Options{Numbers: 3, Latency: 80 * time.Millisecond},
			client:  aliyun.Options{Credentials: aliyun.Static(lasting)},
			request: aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13900001111", GroupID: 1, Expiration: time.Now().Add(time.Hour)},
		}
		how(&p)
		s, err := simulator.New(p.service)
		if err != nil {
			t.Fatal(err)
		}
		door := simulator.NewInProcess(s)
		defer door.Close()
		p.client.Endpoint = door.URL()
		if p.client.DialContext == nil {
			p.client.DialContext = door.DialContext
		}
		c, err := aliyun.New(p.client)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		ctx := context.Background()
		for i := range p.before {
			r := aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "1380000000" + strconv.Itoa(i), GroupID: 1, Expiration: time.Now().Add(time.Hour)}
			if _, err := c.BindAxg(ctx, &r); err != nil {
				t.Fatal(err)
			}
		}
		before := s.Stats()
		result, err := c.BindAxg(ctx, &p.request)

		// A slow call takes effect after we have given up on it.
		time.Sleep(time.Minute)
		synctest.Wait()
		made := len(s.Bindings()) - p.before
		if (made == 1) != row.bound || made > 1 {
			t.Errorf("%d bindings, bound is to be %v", made, row.bound)
		}
		if row.code == "OK" {
			if err != nil || result.SecretNo == "" || result.SubsID == "" || result.RequestID == "" {
				t.Errorf("%+v %v", result, err)
			}
			return
		}
		var e *aliyun.Error
		if !errors.As(err, &e) || result != nil {
			t.Fatalf("%+v %v, want an *aliyun.Error", result, err)
		}
		if e.Code != row.as || e.Class() != row.class || e.HTTPStatus != row.status {
			t.Errorf("%s, %v, HTTP %d; want %s, %v, HTTP %d", e.Code, e.Class(), e.HTTPStatus, row.as, row.class, row.status)
		}
		if meaning := aliyun.Lookup(row.code).Meaning; e.Entry().Meaning != meaning || e.Entry().Code != row.as {
			t.Errorf("explained as %+v, want the row of %s", e.Entry(), row.code)
		}
		if answered := row.status != 0 && !strings.HasPrefix(row.code, "client."); answered != (e.RequestID != "" && e.Message != "" && e.Err == nil) {
			t.Errorf("RequestID %q, Message %q, cause %v", e.RequestID, e.Message, e.Err)
		}
		if sent := row.class != aliyun.NotSent; e.Written != sent {
			t.Errorf("Written is %v", e.Written)
		}
		// Classes that allow another call are only for calls that took no effect.
		if made > 0 && (row.class == aliyun.Throttled || row.class == aliyun.NotSent || row.class == aliyun.Stale || row.class == aliyun.RowRefused) {
			t.Errorf("bound, but the class is %v", row.class)
		}
		if calls := s.Stats().Calls - before.Calls; calls > 1 {
			t.Errorf("%d calls arrived for one of ours", calls)
		}
		if row.status != 0 && e.HTTPStatus == http.StatusBadRequest && row.as == "Throttling.User" && e.RetryAfter != time.Second {
			t.Errorf("RetryAfter %v, want the second that X-RateLimit-User names", e.RetryAfter)
		}
	})
}
