package aliyun

import "time"

// BindAxgRequest is what BindAxg is asked: bind number A to a middle number X
// of a pool and to a group G. An empty string, nil pointer or zero is a
// parameter that is not sent.
type BindAxgRequest struct {
	PoolKey            string    // the number pool, such as FC100000000000001; required
	PhoneNoA           string    // the hidden number, digits only; required
	PhoneNoB           string    // whom A reaches when calling X
	PhoneNoX           string    // a certain X of the pool; empty: the service picks one
	GroupID            int64     // the group whose members reach A through X, > 0; required
	Expiration         time.Time // end of the binding, whole seconds, sent in Beijing time; required
	ExpectCity         string    // city wanted for X, Chinese name without 市
	IsRecordingEnabled *bool     // record the calls; nil: the service's default, false
	OutID              string    // echoed in call records
	OutOrderID         string    // the caller's order number
	CallDisplayType    int       // 1: show X; 0: not sent
	CallRestrict       string    // CONTROL_AX_DISABLE, CONTROL_BX_DISABLE or CONTROL_CLEAR_DISABLE
	ASRStatus          *bool     // speech recognition; nil: the service's default, false
	ASRModelID         string    // speech model, from the console
	RingConfig         string    // JSON object of ring-back tones, such as {"AXGRing_AB":"100000001"}

	Intent Intent // of this call; it is not sent
}

// BindAxgResult is a binding the service has confirmed.
type BindAxgResult struct {
	SecretNo  string // the middle number X
	SubsID    string // the binding's id, needed to change or release it
	RequestID string // the service's id of this call
	Message   string // the service's words, usually OK
}
