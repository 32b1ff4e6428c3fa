package simulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// bindAxg judges in this order: pool, numbers, group, expiration, the rest of
// the parameters, and last the state of the pool.
func bindAxg(s *Service, r *request) answer {
	if r.p.get("PoolKey") != PoolKey {
		return s.refused(codePoolKeyNotExists)
	}
	b := &binding{
		a: strings.Clone(r.p.get("PhoneNoA")), b: strings.Clone(r.p.get("PhoneNoB")),
		outID: strings.Clone(r.p.get("OutId")), asrModel: strings.Clone(r.p.get("ASRModelId")),
		created: r.now, requestID: r.id,
	}
	if !phoneNumber(b.a) || b.b != "" && !phoneNumber(b.b) {
		return s.refused(codeMobileNumberBad)
	}
	wanted := int32(-1)
	if x := r.p.get("PhoneNoX"); x != "" {
		if !allDigits(x, 3, 20) {
			return s.refused(codeMobileNumberBad)
		}
		var ok bool
		if wanted, ok = s.pool.numberOf(x); !ok {
			return s.refused(codeNoNotExist)
		}
	}
	var err error
	if b.group, err = strconv.ParseInt(r.p.get("GroupId"), 10, 64); err != nil || b.group <= 0 {
		return s.business(codeIllegalArgument, "groupId invalid")
	}
	expiration := r.p.get("Expiration")
	b.expires, err = time.ParseInLocation(dateTime, expiration, china)
	if err != nil || len(expiration) != len(dateTime) {
		return s.business(codeExpireDateIllegal, "expireDate format invalid")
	}
	if b.expires.Sub(r.now) <= time.Minute {
		return s.business(codeExpireDateIllegal, "expireDate less than 1 minutes from now")
	}
	switch v := r.p.get("CallRestrict"); v {
	case "":
	case "CONTROL_AX_DISABLE", "CONTROL_BX_DISABLE", "CONTROL_CLEAR_DISABLE":
		b.restrict = strings.Clone(v)
	default:
		return s.business(codeIllegalArgument, "callRestrict invalid")
	}
	var ok bool
	if b.record, ok = boolean(r.p.get("IsRecordingEnabled")); !ok {
		return s.business(codeInvalidParameters, "isRecordingEnabled invalid")
	}
	if b.asr, ok = boolean(r.p.get("ASRStatus")); !ok {
		return s.business(codeInvalidParameters, "asrStatus invalid")
	}
	switch r.p.get("CallDisplayType") {
	case "", "1", "2", "3": // 2 and 3 are retired and have no effect
	default:
		return s.business(codeInvalidParameters, "callDisplayType invalid")
	}
	if !ringConfig(r.p.get("RingConfig")) {
		return s.business(codeInvalidParameters, "ringConfig invalid")
	}
	if code := s.pool.bind(b, wanted, r.p.get("ExpectCity"), &r.dice); code != codeOK {
		return s.refused(code)
	}
	ans := answer{status: http.StatusOK, env: envelope{Code: codeOK, Message: "OK"}}
	ans.env.SecretBindDTO = &secretBind{SecretNo: secretNo(b.number), SubsId: subsID(b.subs)}
	return ans
}

// phoneNumber reports whether the service takes s as A or B. The published
// rule is digits only, and every published example is a bare domestic number;
// so mobile numbers have 11 digits and begin with 13 to 19, all others have 5
// to 12 digits: 400..., 95..., 1010... and landlines with their area code.
// A country code makes either too long.
func phoneNumber(s string) bool {
	if !allDigits(s, 5, 12) {
		return false
	}
	return len(s) != 11 || s[0] != '1' || s[1] >= '3'
}

func boolean(s string) (value, ok bool) {
	return s == "true", s == "true" || s == "false" || s == ""
}

// ringConfig reports whether s is absent or a JSON object of the three
// documented keys with text values.
func ringConfig(s string) bool {
	if s == "" {
		return true
	}
	var tones map[string]*string
	if json.Unmarshal([]byte(s), &tones) != nil || tones == nil {
		return false
	}
	for name, tone := range tones {
		if tone == nil || name != "AXGRing_AB" && name != "AXGRing_A" && name != "AXGRing_G" {
			return false
		}
	}
	return true
}
