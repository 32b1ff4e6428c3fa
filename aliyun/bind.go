package aliyun

import "context"

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
