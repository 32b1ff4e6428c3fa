package batch

import (
	"context"
	"slices"
	"strconv"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/report"
)

// Updater makes one UpdateSubscription call. *aliyun.Client is one.
type Updater interface {
	UpdateSubscription(ctx context.Context, r *aliyun.UpdateRequest) (*aliyun.UpdateResult, error)
}

// Update is the operation that changes a live binding to what its row says,
// one call for each thing that is to change. The same change made twice is the
// same binding, so a lost answer is no trouble: the call is made again.
type Update struct {
	Client Updater
}

// Call implements Operation: the next of the row's changes.
func (u Update) Call(ctx context.Context, row *Row) Answer {
	t := row.target
	request := row.update(t.changes[t.done])
	request.Intent = row.intent
	result, err := u.Client.UpdateSubscription(ctx, &request)
	if err != nil {
		return notDone(err)
	}
	t.done++
	return Answer{
		Class: aliyun.Done, Code: aliyun.CodeOK, Message: result.Message, RequestID: result.RequestID,
		SecretNo: t.secretNo, SubsID: t.subsID, HTTPStatus: 200, More: t.done < len(t.changes),
	}
}

// complete makes of an intent's detail, which says what the row of an update has,
// what the binding will be.
func (t *target) complete(d *detail) {
	if t.was == nil {
		d.Fixed = unknownFixed
		return
	}
	all := *d
	w := t.was
	all.PhoneNoA, all.PhoneNoB, all.GroupID, all.Expiration = w.PhoneNoA, w.PhoneNoB, w.GroupID, w.Expiration
	all.Recording, all.Restrict, all.OutID, all.Fixed = w.Recording, w.Restrict, w.OutID, w.Fixed
	for _, c := range t.changes {
		switch c {
		case aliyun.UpdateExpire:
			all.Expiration = d.Expiration
		case aliyun.UpdateNoB:
			all.PhoneNoB = d.PhoneNoB
		case aliyun.UpdateGroup:
			all.GroupID = d.GroupID
		case aliyun.UpdateRecording:
			all.Recording = d.Recording
		case aliyun.UpdateCallRestrict:
			all.Restrict = d.Restrict
		case aliyun.UpdateOutID:
			all.OutID = d.OutID
		}
	}
	*d = all
}

// update is the request for one change.
func (r *Row) update(what aliyun.Operate) aliyun.UpdateRequest {
	f := &r.Fields
	req := aliyun.UpdateRequest{
		PoolKey: f[input.PoolKey], SubsID: r.target.subsID, PhoneNoX: r.target.secretNo, Operate: what,
		PhoneNoB: f[input.PhoneNoB], CallRestrict: f[input.CallRestrict], IsRecordingEnabled: f[input.IsRecordingEnabled] == "true", OutID: f[input.OutID],
	}
	if req.CallRestrict == "" {
		req.CallRestrict = clearRestrict
	}
	req.GroupID, _ = strconv.ParseInt(f[input.GroupID], 10, 64)
	req.Expiration, _ = input.ParseExpiration(f[input.Expiration])
	return req
}

// clearRestrict takes a restriction of calls away.
const clearRestrict = "CONTROL_CLEAR_DISABLE"

// restriction is a restriction of calls, blank if there is none.
func restriction(s string) string {
	if s == clearRestrict {
		return ""
	}
	return s
}

// Late implements Operation: a new Expiration must lie ahead as that of a new
// binding must.
func (u Update) Late(row *Row, now time.Time) bool {
	return slices.Contains(row.target.changes, aliyun.UpdateExpire) && row.late(now)
}

// Repeatable implements Operation.
func (u Update) Repeatable() bool { return true }

// Done implements Operation.
func (u Update) Done() report.Status { return report.Bound }

// Lister implements Operation.
func (u Update) Lister() (Lister, bool) {
	client, ok := u.Client.(Lister)
	return client, ok
}

// Doubts implements Prover, as that of Unbind: the service compares X and SubsId
// itself, but not whose binding they name.
func (u Update) Doubts(row *Row) bool { return row.target.doubtful() }

// Questions implements Prover: a binding that one answer calls gone may live, and
// whoever believed it would bind its row anew.
func (u Update) Questions(answer Answer) bool { return saysGone(answer.Code) }

// Prove implements Prover, as that of Unbind.
func (u Update) Prove(ctx context.Context, row *Row, pay func(context.Context) error) Finding {
	client, ok := u.Lister()
	if !ok {
		return Finding{Proof: Unclear, Class: aliyun.NotSent, Code: aliyun.CodeNotSent}
	}
	return proveBinding(ctx, client, row, pay)
}

// saysGone reports whether a refused update means that there is no such binding
// any more: it lapsed or was released (dyplsapi.md, sections 3.4 and 6).
func saysGone(code string) bool {
	return code == aliyun.CodeSubsNotExist || code == aliyun.CodeForbiddenAction
}
