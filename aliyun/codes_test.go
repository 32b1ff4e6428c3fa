package aliyun_test

import (
	"strings"
	"testing"
	"unicode"

	"axgbind/aliyun"
)

// documented lists by hand every code of the service's documents and of this
// program, with the class that follows from them.
var documented = map[aliyun.Class]string{
	aliyun.Done: "OK client.AlreadyBound client.Released",
	aliyun.Ambiguous: `isp.SYSTEM_ERROR isp.UNKNOWN_ERR_CODE isp.DAO_EXCEPTION isp.VENDOR_UNAVAILABLE isv.VENDOR_BIND_FAILED
		isp.GATEWAY_ERROR ServiceUnavailable InternalError UnknownError SignatureNonceUsed
		client.Timeout client.ConnectionLost client.BadAnswer client.IdTwice client.Interrupted`,
	aliyun.Throttled: "isv.FLOW_LIMIT FlowLimited Throttling Throttling.User Throttling.Api",
	aliyun.NotSent:   "client.NotSent",
	aliyun.Stale:     "InvalidTimeStamp.Expired InvalidSecurityToken.Expired",
	aliyun.RowRefused: `isv.NO_NOT_EXIST isv.ILLEGAL_ARGUMENT isv.FORBIDDEN_ACTION isv.NO_USED_BY_OTHERS isv.EXPIRE_DATE_ILLEGAL
		isv.MOBILE_NUMBER_ILLEGAL isv.BIND_CONFLICT isv.SUBS_NOT_EXIST isv.INVALID_PARAMETERS isv.UPDATE_CONFLICT
		isv.BUY_NUM_OVER_LIMIT InvalidParameter.Format UnsupportedParameter client.Duplicate client.SamePlace client.EditedAfterSend client.StillBound client.OtherBatch client.UnprovenVerdict client.OlderFile client.NoBinding
		client.SubsIdDamaged client.OtherBinding client.ReleaseBegun`,
	aliyun.Capacity: "isv.NO_AVAILABLE_NUMBER client.PoolStopped client.NoFreeNumber",
	aliyun.AccountRefused: `isp.RAM_PERMISSION_DENY isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE
		isv.ACCOUNT_NOT_EXISTS isv.ACCOUNT_ABNORMAL isv.PARTNER_NOT_EXIST isv.PARTNER_IS_CLOSED isv.SUBS_NOT_BELONG isv.POOLKEY_NOT_EXISTS
		POOLKEY_NOT_EXIST PoolKeyNotFound ProductUnsubscribe SignatureDoesNotMatch IncompleteSignature InvalidSignatureMethod
		InvalidTimeStamp.Format IllegalTimestamp InvalidAccessKeyId.NotFound InvalidAccessKeyId.Inactive
		Forbidden.AccessKeyDisabled InvalidSecurityToken.Malformed InvalidSecurityToken.MismatchWithAccessKey
		MissingSecurityToken InvalidVersion NoSuchVersion InvalidApi.NotFound UnsupportedHTTPMethod InvalidProtocol.NeedSsl
		Forbidden.RAM NoPermission Forbidden.RiskControl Forbidden Forbidden.UserVerification ActionUnauthorized InsufficientBalance
		UnsupportedOperation`,
}

// families are rows for codes without one of their own.
var families = map[string]bool{
	"Throttling.*": true, "Missing{Param}": true, "Missing{CommonParam}": true, "Invalid{Param}": true,
	"Invalid{CommonParam}": true, "isp.*": true, "isv.*": true, "*": true,
}

func TestTable(t *testing.T) {
	rows := map[string]aliyun.Entry{}
	for _, e := range aliyun.Entries() {
		if _, twice := rows[e.Code]; twice || e.Code == "" {
			t.Errorf("code %q: twice or empty", e.Code)
		}
		rows[e.Code] = e
		for what, text := range map[string]aliyun.Text{"meaning": e.Meaning, "cause": e.Cause, "cure": e.Cure} {
			if !strings.HasSuffix(text.EN, ".") || strings.ContainsFunc(text.EN, func(r rune) bool { return r > unicode.MaxASCII }) {
				t.Errorf("%s: English %s %q: empty, no sentence or not plain", e.Code, what, text.EN)
			}
			if !strings.HasSuffix(text.ZH, "。") || !strings.ContainsFunc(text.ZH, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: Chinese %s %q: empty or no sentence", e.Code, what, text.ZH)
			}
		}
		if e.Source == "" || e.Actor.Text().EN == "" || e.Actor.Text().ZH == "" {
			t.Errorf("%s: source or actor missing", e.Code)
		}
		if e.Class == aliyun.Ambiguous {
			if !strings.Contains(e.Cure.EN, "UNKNOWN") || !strings.Contains(e.Cure.EN, "--resend unknown") || !strings.Contains(e.Cure.EN, "console") ||
				!strings.Contains(e.Cure.ZH, "结果未知") || !strings.Contains(e.Cure.ZH, "--resend unknown") || !strings.Contains(e.Cure.ZH, "控制台") {
				t.Errorf("%s: the cure of an ambiguous end must say how to check it", e.Code)
			}
			for _, cure := range []string{e.Cure.EN, e.Cure.ZH} {
				safe := strings.Index(cure, "axgbind reconcile")
				if safe < 0 || safe > strings.Index(cure, "--resend unknown") || safe > max(strings.Index(cure, "console"), strings.Index(cure, "控制台")) {
					t.Errorf("%s: the safe way must be named first: %s", e.Code, cure)
				}
			}
		}
	}
	known := 0
	for class, codes := range documented {
		for _, code := range strings.Fields(codes) {
			known++
			e, ok := rows[code]
			if !ok {
				t.Errorf("%s: no row of its own", code)
			} else if e.Class != class {
				t.Errorf("%s: class %v, want %v", code, e.Class, class)
			}
			if got := aliyun.Lookup(code); got != e {
				t.Errorf("Lookup(%q) = %+v, want the row", code, got)
			}
		}
	}
	for code := range families {
		if _, ok := rows[code]; !ok {
			t.Errorf("%s: no row", code)
		}
	}
	if want := known + len(families); len(rows) != want {
		t.Errorf("%d rows, %d listed here", len(rows), want)
	}
}

func TestEntriesIsACopy(t *testing.T) {
	aliyun.Entries()[0].Class = aliyun.Ambiguous
	if aliyun.Lookup("OK").Class != aliyun.Done {
		t.Error("the table was changed through Entries")
	}
}

func TestLookup(t *testing.T) {
	for code, want := range map[string]aliyun.Class{
		"Throttling.Whatever":          aliyun.Throttled,
		"ThrottlingException":          aliyun.Ambiguous,
		"throttling.user":              aliyun.Ambiguous,
		"MissingPhoneNoA":              aliyun.RowRefused,
		"MissingPoolKey":               aliyun.RowRefused,
		"MissingGroupId":               aliyun.RowRefused,
		"MissingAction":                aliyun.AccountRefused,
		"MissingVersion":               aliyun.AccountRefused,
		"MissingAccessKeyId":           aliyun.AccountRefused,
		"MissingTimestamp":             aliyun.AccountRefused,
		"MissingSignature":             aliyun.AccountRefused,
		"MissingSignatureNonce":        aliyun.AccountRefused,
		"Missing":                      aliyun.Ambiguous,
		"Missing.Foo":                  aliyun.Ambiguous,
		"InvalidPhoneNoA":              aliyun.RowRefused,
		"InvalidExpiration.Malformed":  aliyun.RowRefused,
		"InvalidParameter":             aliyun.RowRefused,
		"InvalidAction":                aliyun.AccountRefused,
		"InvalidAction.NotFound":       aliyun.AccountRefused,
		"InvalidTimeStamp.Other":       aliyun.AccountRefused,
		"InvalidAccessKeyId":           aliyun.AccountRefused,
		"InvalidSignatureNonce":        aliyun.AccountRefused,
		"InvalidSecurityToken.Unknown": aliyun.AccountRefused,
		"Invalid":                      aliyun.Ambiguous,
		"isp.SOMETHING_NEW":            aliyun.Ambiguous,
		"isv.SOMETHING_NEW":            aliyun.RowRefused,
		"SomethingNew":                 aliyun.Ambiguous,
		"Forbidden.New":                aliyun.Ambiguous,
		"ok":                           aliyun.Ambiguous,
		"":                             aliyun.Ambiguous,
		"client.New":                   aliyun.Ambiguous,
	} {
		e := aliyun.Lookup(code)
		if e.Class != want {
			t.Errorf("Lookup(%q).Class = %v, want %v", code, e.Class, want)
		}
		if e.Code != code || e.Meaning.EN == "" || e.Cure.ZH == "" {
			t.Errorf("Lookup(%q) = %+v", code, e)
		}
	}
}

// TestHeldCodes: rows that are held back wait for the operator, and the cure says
// how to decide.
func TestHeldCodes(t *testing.T) {
	for code, cures := range map[string]string{
		aliyun.CodeStillBound:      "--when-bound renew|--when-bound skip|--when-bound another|axgbind reconcile",
		aliyun.CodeEditedAfterSend: "--when-bound renew|--when-bound skip|--when-bound another|axgbind reconcile",
		aliyun.CodeUnproven:        "--journal|Status",
		aliyun.CodeOtherBatch:      "unbind|--renewed|--foreign",
	} {
		e := aliyun.Lookup(code)
		if e.Actor != aliyun.Operator || !strings.Contains(e.Meaning.EN, "(HELD)") || !strings.Contains(e.Meaning.ZH, "暂不发送（HELD）") {
			t.Errorf("%s: %v, %v", code, e.Actor, e.Meaning)
		}
		for cure := range strings.SplitSeq(cures, "|") {
			if !strings.Contains(e.Cure.EN, cure) || !strings.Contains(e.Cure.ZH, cure) {
				t.Errorf("%s: no %s in %v", code, cure, e.Cure)
			}
		}
	}
}
