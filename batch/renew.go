package batch

import "axgbind/aliyun"

// renewal returns what must change of the binding that an earlier row made for
// it to be the one that a row asks for, in the order of the calls: Expiration
// first, since it is what cannot wait. ok is false if UpdateSubscription cannot
// make it so: another X, or a B to be taken away. What no call of ours
// changes (city, order id, tones, speech recognition) stays as it was when the
// binding was made.
func renewal(old *detail, secretNo string, f *[NumFields]string) (changes []aliyun.Operate, ok bool) {
	if x := f[PhoneNoX]; x != "" && x != secretNo {
		return nil, false
	}
	if f[PhoneNoB] == "" && old.PhoneNoB != "" {
		return nil, false
	}
	add := func(differs bool, what aliyun.Operate) {
		if differs {
			changes = append(changes, what)
		}
	}
	add(f[Expiration] != old.Expiration, aliyun.UpdateExpire)
	add(f[PhoneNoB] != old.PhoneNoB, aliyun.UpdateNoB)
	add((f[IsRecordingEnabled] == "true") != (old.Recording == "true"), aliyun.UpdateRecording)
	add(restriction(f[CallRestrict]) != restriction(old.Restrict), aliyun.UpdateCallRestrict)
	add(f[OutID] != "" && f[OutID] != old.OutID, aliyun.UpdateOutID)
	return changes, true
}
