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
			return s.refused(s.opts.UnknownX)
		}
	}
	var ok bool
	var fault answer
	if b.group, fault, ok = s.groupOf(r); !ok {
		return fault
	}
	if b.expires, fault, ok = s.expirationOf(r); !ok {
		return fault
	}
	if v := r.p.get("CallRestrict"); v != "" {
		if !callRestrict(v) {
			return s.business(codeIllegalArgument, "callRestrict invalid")
		}
		b.restrict = strings.Clone(v)
	}
	if b.record, ok = boolean(r.p.get("IsRecordingEnabled")); !ok {
		return s.business(codeInvalidParameters, "isRecordingEnabled invalid")
	}
	if b.asr, ok = boolean(r.p.get("ASRStatus")); !ok {
		return s.business(codeInvalidParameters, "asrStatus invalid")
	}
	if v := r.p.get("CallDisplayType"); v != "" && !displayType(v) {
		return s.business(codeInvalidParameters, "callDisplayType invalid")
	}
	if !ringConfig(r.p.get("RingConfig")) {
		return s.business(codeInvalidParameters, "ringConfig invalid")
	}
	if code := s.pool.bind(b, wanted, r.p.get("ExpectCity"), &r.random); code != codeOK {
		return s.refused(code)
	}
	ans := answer{status: http.StatusOK, env: envelope{Code: codeOK, Message: "OK"}}
	ans.env.SecretBindDTO = &secretBind{SecretNo: secretNo(b.number), SubsId: subsID(b.subs)}
	return ans
}

// groupOf reads GroupId, which must name a group that holds a number.
func (s *Service) groupOf(r *request) (int64, answer, bool) {
	id, err := strconv.ParseInt(r.p.get("GroupId"), 10, 64)
	if err != nil || id <= 0 {
		return 0, s.business(codeIllegalArgument, "groupId invalid"), false
	}
	if !s.groups.usable(id) {
		return 0, s.business(s.opts.BadGroup, "group not exist or empty"), false
	}
	return id, answer{}, true
}

// expirationOf reads Expiration, which must lie more than a minute ahead.
func (s *Service) expirationOf(r *request) (time.Time, answer, bool) {
	text := r.p.get("Expiration")
	t, err := time.ParseInLocation(dateTime, text, china)
	switch {
	case err != nil || len(text) != len(dateTime):
		return t, s.business(codeExpireDateIllegal, "expireDate format invalid"), false
	case t.Sub(r.now) <= time.Minute:
		return t, s.business(codeExpireDateIllegal, "expireDate less than 1 minutes from now"), false
	}
	return t, answer{}, true
}

func callRestrict(s string) bool {
	return s == "CONTROL_AX_DISABLE" || s == "CONTROL_BX_DISABLE" || s == clearRestrict
}

// clearRestrict is documented for updates; on a binding it was seen in public
// code.
const clearRestrict = "CONTROL_CLEAR_DISABLE"

// displayType reports whether s is a display type; 2 and 3 are retired and
// have no effect.
func displayType(s string) bool { return s == "1" || s == "2" || s == "3" }

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

// boolean reads true and false in any case: the vendor's Python clients write True
// and False.
func boolean(s string) (value, ok bool) {
	value = strings.EqualFold(s, "true")
	return value, value || s == "" || strings.EqualFold(s, "false")
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
