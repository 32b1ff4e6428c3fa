package aliyun

import (
	"context"
	"time"
)

// Operate is the OperateType of UpdateSubscription: the one thing of a binding
// that a call changes.
type Operate string

// What UpdateSubscription can change, of what axgbind changes
// (help.aliyun.com/document_detail/110253.htm).
const (
	UpdateExpire       Operate = "updateExpire"       // Expiration
	UpdateNoB          Operate = "updateNoB"          // PhoneNoB
	UpdateGroup        Operate = "updateAxgGroup"     // GroupId
	UpdateCallRestrict Operate = "updateCallRestrict" // CallRestrict
	UpdateRecording    Operate = "updateIsRecordingEnabled"
	UpdateOutID        Operate = "updateOutId"
)

// UpdateRequest changes one thing of a live binding. Of the new values only
// the one that Operate names is sent.
type UpdateRequest struct {
	PoolKey  string
	SubsID   string // the binding
	PhoneNoX string // its X number
	Operate  Operate

	Expiration         time.Time // new end, more than a minute ahead, whole seconds, sent in Beijing time
	PhoneNoB           string
	GroupID            int64
	CallRestrict       string // CONTROL_CLEAR_DISABLE takes a restriction away
	IsRecordingEnabled bool
	OutID              string

	Intent Intent // of this call; it is not sent
}

// UpdateResult is a change the service has confirmed.
type UpdateResult struct {
	RequestID string // the service's id of this call
	Message   string // the service's words, usually OK
}

// UpdateSubscription changes one thing of a binding. It sends one request and
// waits for one answer. Unlike BindAxg it may be repeated: the same change made
// twice is the same binding. The error, if any, is an [*Error].
func (c *Client) UpdateSubscription(ctx context.Context, r *UpdateRequest) (*UpdateResult, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.query = r.appendQuery(s.query[:0])
	a, e := c.call(ctx, "UpdateSubscription", s, r.Intent)
	if e != nil {
		return nil, e
	}
	if !a.about(r.SubsID) {
		return nil, a.bad("UpdateSubscription", errOther)
	}
	return &UpdateResult{RequestID: a.text(atRequestID), Message: a.text(atMessage)}, nil
}

// appendQuery writes the parameters in byte order of their names.
func (r *UpdateRequest) appendQuery(q query) query {
	if r.Operate == UpdateCallRestrict {
		q.text("CallRestrict", r.CallRestrict)
	}
	if r.Operate == UpdateExpire {
		q.moment("Expiration", r.Expiration)
	}
	if r.Operate == UpdateGroup {
		q.number("GroupId", r.GroupID)
	}
	if r.Operate == UpdateRecording {
		q.truth("IsRecordingEnabled", &r.IsRecordingEnabled)
	}
	q.text("OperateType", string(r.Operate))
	if r.Operate == UpdateOutID {
		q.text("OutId", r.OutID)
	}
	if r.Operate == UpdateNoB {
		q.text("PhoneNoB", r.PhoneNoB)
	}
	q.text("PhoneNoX", r.PhoneNoX)
	q.text("PoolKey", r.PoolKey)
	q.text("SubsId", r.SubsID)
	return q
}
