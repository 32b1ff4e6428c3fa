package batch

import (
	"crypto/sha256"
	"encoding/hex"

	"axgbind/aliyun"
	"axgbind/batch/input"
)

// renewal returns what must change of the binding that an earlier row made for
// it to be the one that a row asks for, in the order of the calls: Expiration
// first, since it is what cannot wait. ok is false if UpdateSubscription cannot
// make it so: another X, or a B to be taken away. What no call of ours
// changes (city, order id, tones, speech recognition) stays as it was when the
// binding was made.
func renewal(old *detail, secretNo string, f *[input.NumFields]string) (changes []aliyun.Operate, ok bool) {
	if x := f[input.PhoneNoX]; x != "" && x != secretNo {
		return nil, false
	}
	if f[input.PhoneNoB] == "" && old.PhoneNoB != "" {
		return nil, false
	}
	for _, u := range updatable {
		if u.what != aliyun.UpdateGroup && old.differs(u.what, f) && !(u.what == aliyun.UpdateOutID && f[input.OutID] == "") {
			changes = append(changes, u.what)
		}
	}
	return changes, true
}

// differs reports whether a change to what a row says would change a binding with these
// values.
func (d *detail) differs(what aliyun.Operate, f *[input.NumFields]string) bool {
	switch what {
	case aliyun.UpdateExpire:
		return f[input.Expiration] != d.Expiration
	case aliyun.UpdateNoB:
		return f[input.PhoneNoB] != d.PhoneNoB
	case aliyun.UpdateGroup:
		return f[input.GroupID] != d.GroupID
	case aliyun.UpdateRecording:
		return (f[input.IsRecordingEnabled] == "true") != (d.Recording == "true")
	case aliyun.UpdateCallRestrict:
		return restriction(f[input.CallRestrict]) != restriction(d.Restrict)
	}
	return f[input.OutID] != d.OutID
}

// has reports whether a binding with these values and an X has all values of a row.
// One that the row does not name may be any X.
func (d *detail) has(secretNo string, f *[input.NumFields]string) bool {
	changes, ok := renewal(d, secretNo, f)
	return ok && len(changes) == 0 && d.OutID == f[input.OutID] && d.Fixed == fixedOf(f)
}

// fixed are the fields of a binding that no call changes once it is made, and that
// no look-up shows for certain.
var fixed = [...]input.Field{input.ExpectCity, input.OutOrderID, input.CallDisplayType, input.ASRStatus, input.ASRModelID, input.RingConfig}

// unknownFixed stands for the fixed fields of a binding that others made: no row
// has these.
const unknownFixed = "?"

// fixedOf is the fixed fields of a row in short: 16 hexadecimal digits, blank if the
// row has none.
func fixedOf(f *[input.NumFields]string) string {
	some := false
	var room [256]byte
	b := append(room[:0], "axgbind fixed v1"...)
	for _, field := range fixed {
		some = some || f[field] != ""
		b = input.AppendPrefixed(b, f[field])
	}
	if !some {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
