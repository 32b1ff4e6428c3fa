package aliyun

import (
	"context"
	"time"
)

// BindAxg binds number A to a number X of a pool and to a group G. It sends
// one request and waits for one answer, within the client's Timeout and until
// ctx ends. It checks no value: that is the service's part here, and the
// caller's before.
//
// The error, if any, is an [*Error]. After one of class [Ambiguous] the
// binding may exist. A call whose credentials the service called expired has
// made the credentials forget them, so that the next call brings new ones.
func (c *Client) BindAxg(ctx context.Context, r *BindAxgRequest) (*BindAxgResult, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)

	s.query = r.appendQuery(s.query[:0])
	a, e := c.call(ctx, "BindAxg", s, r.Intent)
	if e != nil {
		return nil, e
	}
	bound := &BindAxgResult{
		SecretNo:  a.text(boundSecretNo),
		SubsID:    a.text(boundSubsID),
		RequestID: a.text(atRequestID),
		Message:   a.text(atMessage),
	}
	switch {
	case bound.SecretNo == "" || bound.SubsID == "":
		// It says OK but not what was bound: without SubsId nobody could
		// change or release the binding, so this is no success to rely on.
		return nil, a.bad("BindAxg", errIncomplete)
	case r.PhoneNoX != "" && bound.SecretNo != r.PhoneNoX, !a.about(bound.SubsID):
		return nil, a.bad("BindAxg", errOther)
	}
	return bound, nil
}

// appendQuery writes the parameters in byte order of their names. OwnerId,
// ResourceOwnerId and ResourceOwnerAccount are the platform's plumbing, and
// RegionId has no meaning for a service with one address; none is sent.
func (r *BindAxgRequest) appendQuery(q query) query {
	q.text("ASRModelId", r.ASRModelID)
	q.truth("ASRStatus", r.ASRStatus)
	q.number("CallDisplayType", int64(r.CallDisplayType))
	q.text("CallRestrict", r.CallRestrict)
	q.text("ExpectCity", r.ExpectCity)
	q.moment("Expiration", r.Expiration)
	q.number("GroupId", r.GroupID)
	q.truth("IsRecordingEnabled", r.IsRecordingEnabled)
	q.text("OutId", r.OutID)
	q.text("OutOrderId", r.OutOrderID)
	q.text("PhoneNoA", r.PhoneNoA)
	q.text("PhoneNoB", r.PhoneNoB)
	q.text("PhoneNoX", r.PhoneNoX)
	q.text("PoolKey", r.PoolKey)
	q.text("RingConfig", r.RingConfig)
	return q
}

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
