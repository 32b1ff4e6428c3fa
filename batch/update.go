package batch

import (
	"context"
	"slices"
	"strconv"
	"time"

	"axgbind/aliyun"
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

// target is the binding that a row is about, and what is to change of it, if it
// is not to be released.
type target struct {
	of               Key   // the journal's row that made it; zero if it knows none
	entry            int32 // of that row; -1 likewise
	secretNo, subsID string
	known            bool // to the journal: they are the service's own words
	changes          []aliyun.Operate
	done             int       // of the changes
	was              *detail   // the binding before, so far as the journal knows; may be nil
	after            time.Time // when the last call for another value left: it may be executed late
}

// Call implements Operation: the next of the row's changes.
func (u Update) Call(ctx context.Context, row *Row) Answer {
	t := row.target
	request := row.update(t.changes[t.done])
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
		return
	}
	all := *d
	w := t.was
	all.PhoneNoA, all.PhoneNoB, all.GroupID, all.Expiration = w.PhoneNoA, w.PhoneNoB, w.GroupID, w.Expiration
	all.Recording, all.Restrict, all.OutID = w.Recording, w.Restrict, w.OutID
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
		PoolKey: f[PoolKey], SubsID: r.target.subsID, PhoneNoX: r.target.secretNo, Operate: what,
		PhoneNoB: f[PhoneNoB], CallRestrict: f[CallRestrict], IsRecordingEnabled: f[IsRecordingEnabled] == "true", OutID: f[OutID],
	}
	if req.CallRestrict == "" {
		req.CallRestrict = clearRestrict
	}
	req.GroupID, _ = strconv.ParseInt(f[GroupID], 10, 64)
	req.Expiration, _ = parseExpiration(f[Expiration])
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
