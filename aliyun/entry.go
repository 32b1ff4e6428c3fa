package aliyun

// Codes that are ours: how a call ended without a code of the service, and
// verdicts that rows get without a call. They are rows of the one table like
// the service's.
const (
	CodeTimeout        = "client.Timeout"        // no answer in time, a byte was written
	CodeConnectionLost = "client.ConnectionLost" // cut or cancelled after a byte was written
	CodeBadAnswer      = "client.BadAnswer"      // an answer nothing can be concluded from
	CodeIDTwice        = "client.IdTwice"        // an OK with the SubsId of another row's binding
	CodeNotSent        = "client.NotSent"        // no byte of the request was written

	CodeDuplicate       = "client.Duplicate"       // equal to an earlier row
	CodeSamePlace       = "client.SamePlace"       // has pool, A and group of an earlier row
	CodeEditedAfterSend = "client.EditedAfterSend" // its place has a binding of this batch, with other values
	CodeStillBound      = "client.StillBound"      // its place has, or may have, another batch's binding
	CodeUnproven        = "client.UnprovenVerdict" // a results file tells of a call for it, and nothing else does
	CodeOlderFile       = "client.OlderFile"       // it would take back what was changed since its file was written
	CodeOtherBatch      = "client.OtherBatch"      // its binding is not this batch's to release or change
	CodeAlreadyBound    = "client.AlreadyBound"    // taken as bound through that binding
	CodeInterrupted     = "client.Interrupted"     // killed between intent and outcome
	CodePoolStopped     = "client.PoolStopped"     // the pool or city ran dry before its turn
	CodeNoBinding       = "client.NoBinding"       // names no binding that could be changed or released
	CodeSubsIDDamaged   = "client.SubsIdDamaged"   // its binding's id was rounded or cut by a spreadsheet
	CodeOtherBinding    = "client.OtherBinding"    // the binding that it names is not the row's
	CodeReleased        = "client.Released"        // its binding was released by unbind
	CodeReleaseBegun    = "client.ReleaseBegun"    // a call to release its binding left, and its end is not known
	CodeNoFreeNumber    = "client.NoFreeNumber"    // the operator's list has no free X left for it
)

// Codes of the service that this package acts on.
const (
	CodeOK              = "OK"                // the binding exists
	CodeBindConflict    = "isv.BIND_CONFLICT" // after a lost answer: may be the call's own binding
	codeTimeExpired     = "InvalidTimeStamp.Expired"
	CodeTokenExpired    = "InvalidSecurityToken.Expired" // makes the credentials fetch anew
	CodeSubsNotExist    = "isv.SUBS_NOT_EXIST"           // the binding has lapsed or was released
	CodeIllegalArgument = "isv.ILLEGAL_ARGUMENT"         // a bad value; of an unbind in 2019: there is no such binding
	CodeForbiddenAction = "isv.FORBIDDEN_ACTION"         // of an update: the same; of a binding: X is not ours to take
)

// Codes of the rows that stand for families, see [Lookup].
const (
	familyThrottling    = "Throttling.*"
	familyMissing       = "Missing{Param}"
	familyMissingCommon = "Missing{CommonParam}"
	familyInvalid       = "Invalid{Param}"
	familyInvalidCommon = "Invalid{CommonParam}"
	familyISP           = "isp.*"
	familyISV           = "isv.*"
	familyUnknown       = "*"
)

// Text is a sentence for people in both languages.
type Text struct{ EN, ZH string }

// Actor is who has to act before a row with a code can be bound.
type Actor uint8

const (
	// Nobody: there is nothing to do.
	Nobody Actor = iota
	// DataOwner corrects the row in the input.
	DataOwner
	// Operator is whoever runs axgbind: settings, keys, clock, network, running again
	// after throttling, and checking what became of a row whose result is unknown.
	Operator
	// PoolOwner buys X numbers and assigns them to pools.
	PoolOwner
	// AccountOwner holds the Aliyun account: permissions, bills, products.
	AccountOwner
)

// Text names the actor.
func (a Actor) Text() Text {
	switch a {
	case DataOwner:
		return Text{"data owner", "数据负责人"}
	case Operator:
		return Text{"operator", "运行人员"}
	case PoolOwner:
		return Text{"pool owner", "号码池负责人"}
	case AccountOwner:
		return Text{"account owner", "账号管理员"}
	}
	return Text{"nobody", "无需人工处理"}
}

// String returns the English name.
func (a Actor) String() string { return a.Text().EN }

// Entry is what is known of one code. Meaning, Cause and Cure are whole
// sentences in both languages.
type Entry struct {
	Code    string
	Class   Class
	Actor   Actor
	Meaning Text   // what the code says
	Cause   Text   // why it usually comes
	Cure    Text   // what the actor does, then what to run
	Source  string // where the code and its class come from
}
