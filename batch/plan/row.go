package plan

import (
	"cmp"
	"strconv"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
)

// Row is a row on its way to the service and back: what the input says of it, and what
// its call is about.
type Row struct {
	input.Row

	Chosen   string        // the X that was chosen for the row, which names none
	Intent   aliyun.Intent // of its call that is under way
	Replaced uint8         // how many were before
	Target   *Target       // the binding that its call changes; nil if it makes one
}

// Request returns what the row asks of the service, with the X that was chosen for it.
// It is meaningful only for a row whose Check finds nothing but warnings.
func (r *Row) Request() aliyun.BindAxgRequest {
	request := r.Row.Request()
	request.PhoneNoX = r.X()
	return request
}

// X is the X that the row's call names: its own, or one chosen for it.
func (r *Row) X() string { return cmp.Or(r.Chosen, r.Fields[field.PhoneNoX]) }

// targetNamed is the binding that a row of an input names, so far as it says.
func targetNamed(r *input.Row) *Target { return &Target{SecretNo: r.SecretNo, SubsID: r.SubsID} }

// Late reports whether the row's Expiration is no longer far enough ahead.
func (r *Row) Late(now time.Time) bool {
	at, err := input.ParseExpiration(r.Fields[field.Expiration])
	return err != nil || !at.After(now.Add(input.SendAhead))
}

// ForKeeps is a copy without what belongs to the reader.
func (row *Row) ForKeeps() *Row {
	mine := *row
	mine.Record = nil
	return &mine
}

// Update is the request for one change.
func (r *Row) Update(what aliyun.Operate) aliyun.UpdateRequest {
	f := &r.Fields
	req := aliyun.UpdateRequest{
		PoolKey: f[field.PoolKey], SubsID: r.Target.SubsID, PhoneNoX: r.Target.SecretNo, Operate: what,
		PhoneNoB: f[field.PhoneNoB], CallRestrict: f[field.CallRestrict], IsRecordingEnabled: f[field.IsRecordingEnabled] == "true", OutID: f[field.OutID],
	}
	if req.CallRestrict == "" {
		req.CallRestrict = books.ClearRestrict
	}
	req.GroupID, _ = strconv.ParseInt(f[field.GroupID], 10, 64)
	req.Expiration, _ = input.ParseExpiration(f[field.Expiration])
	return req
}
