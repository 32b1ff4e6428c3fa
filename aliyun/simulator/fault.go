package simulator

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FaultKind names a piece of scripted trouble. Besides the constants it may
// be "code:CODE" or "code:CODE:STATUS", which refuses the call with that Code
// without executing it, or "code-executed:..." of the same form, which
// executes the call first. They reach every code that the service's state
// cannot produce: code:isv.OUT_OF_SERVICE, code-executed:isv.VENDOR_BIND_FAILED,
// code:Throttling.Api, code:InvalidSecurityToken.Expired:400. Without STATUS
// a code that begins with isv. or isp. is a business refusal (HTTP 200), any
// other one a gateway refusal with the status documented for it, or 400.
// A STATUS of 200 means the business envelope, every other the gateway's.
type FaultKind string

// The fault kinds that have a name of their own. The service time of a call is
// Options.Latency plus its jitter.
const (
	FlowLimit           FaultKind = "flow-limit"            // HTTP 200 isv.FLOW_LIMIT; not executed
	Throttling          FaultKind = "throttling"            // HTTP 400 Throttling.User with X-RateLimit-User; not executed
	SystemError         FaultKind = "system-error"          // HTTP 200 isp.SYSTEM_ERROR; not executed
	SystemErrorExecuted FaultKind = "system-error-executed" // the same answer, but executed
	HTTP503             FaultKind = "http-503"              // HTTP 503 with a page of HTML; not executed
	HTTP503Executed     FaultKind = "http-503-executed"     // the same answer, but executed
	DropBefore          FaultKind = "drop-before"           // connection cut within the service time; not executed
	DropAfter           FaultKind = "drop-after"            // executed within the service time, connection cut at its end
	DropLate            FaultKind = "drop-late"             // connection cut on arrival, executed 12 s later
	Slow                FaultKind = "slow"                  // executed and answered after 30 s instead of the service time
	RAMDeny             FaultKind = "ram-deny"              // HTTP 200 isp.RAM_PERMISSION_DENY; not executed
	IDTwice             FaultKind = "id-twice"              // executed, but a binding is answered with the SubsId of the first that was made
	IDTwiceAny          FaultKind = "id-twice-any"          // the same, with that of any that was made before
)

const (
	lateExecution = 12 * time.Second // drop-late
	slowAnswer    = 30 * time.Second // slow
)

// faultKinds lists the named kinds in the order in which errors name them.
var faultKinds = [...]FaultKind{
	FlowLimit, Throttling, SystemError, SystemErrorExecuted, HTTP503, HTTP503Executed,
	DropBefore, DropAfter, DropLate, Slow, RAMDeny, IDTwice, IDTwiceAny,
}

const (
	codePrefix         = "code:"
	codeExecutedPrefix = "code-executed:"
)

// Fault is trouble that meets a verified call with a probability.
type Fault struct {
	Kind FaultKind
	// Action is the action it meets; "" is BindAxg, "*" is every action.
	Action string
	// P is the probability for each call, 0 to 1. 0 never happens.
	P float64
}

// String returns the fault in the form that ParseFault reads.
func (f Fault) String() string {
	s := string(f.Kind)
	if f.Action != "" {
		s += "@" + f.Action
	}
	return s + "=" + strconv.FormatFloat(f.P, 'g', -1, 64)
}

// ParseFault reads "KIND=P" or "KIND@Action=P", P from 0 to 1. The error names
// the kinds or the actions that there are.
func ParseFault(s string) (Fault, error) {
	head, p, ok := strings.Cut(s, "=")
	if !ok {
		return Fault{}, fmt.Errorf("fault %q: want KIND=P or KIND@Action=P, KIND one of %s", s, kindNames())
	}
	var f Fault
	kind, action, at := strings.Cut(head, "@")
	if at && action == "" {
		return Fault{}, fmt.Errorf("fault %q: no action after @, want one of %s", s, actionNames())
	}
	f.Kind, f.Action = FaultKind(kind), action
	var err error
	if f.P, err = strconv.ParseFloat(p, 64); err != nil {
		return Fault{}, fmt.Errorf("fault %q: the probability is not a number: %q", s, p)
	}
	if err := f.check(); err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", s, err)
	}
	return f, nil
}

func (f Fault) check() error {
	if _, err := f.plan(); err != nil {
		return err
	}
	if f.Action != "" && f.Action != "*" && !knownAction(f.Action) {
		return fmt.Errorf("unknown action %q, want one of %s", f.Action, actionNames())
	}
	if !(f.P >= 0 && f.P <= 1) { // also refuses NaN
		return fmt.Errorf("the probability is %v, want 0 to 1", f.P)
	}
	return nil
}

func kindNames() string {
	var b strings.Builder
	for _, k := range faultKinds {
		b.WriteString(string(k))
		b.WriteString(", ")
	}
	return b.String() + "code:CODE[:STATUS], code-executed:CODE[:STATUS]"
}

// plan is what a call goes through: a fault, or the absence of one, in the
// terms in which ServeHTTP acts.
type plan struct {
	kind FaultKind // "" for no fault
	// executed: the call takes effect.
	executed bool
	// cut: no answer, the connection ends.
	cut bool
	// html: the answer is the load balancer's page.
	html bool
	// code replaces the answer's Code when not empty; status goes with it.
	code   string
	status int
	p      float64
}

// plan turns the kind into its parts.
func (f Fault) plan() (plan, error) {
	pl := plan{kind: f.Kind, p: f.P, status: http.StatusOK}
	switch f.Kind {
	case FlowLimit:
		pl.code = codeFlowLimit
	case Throttling:
		pl.code, pl.status = codeThrottlingUser, http.StatusBadRequest
	case SystemError, SystemErrorExecuted:
		pl.code, pl.executed = codeSystemError, f.Kind == SystemErrorExecuted
	case HTTP503, HTTP503Executed:
		pl.html, pl.executed = true, f.Kind == HTTP503Executed
	case DropBefore:
		pl.cut = true
	case DropAfter, DropLate:
		pl.cut, pl.executed = true, true
	case Slow, IDTwice, IDTwiceAny:
		pl.executed = true
	case RAMDeny:
		pl.code = codeRAMPermissionDeny
	default:
		return planOfCode(f)
	}
	return pl, nil
}

func planOfCode(f Fault) (plan, error) {
	pl := plan{kind: f.Kind, p: f.P}
	rest, ok := strings.CutPrefix(string(f.Kind), codePrefix)
	if !ok {
		if rest, ok = strings.CutPrefix(string(f.Kind), codeExecutedPrefix); !ok {
			return plan{}, fmt.Errorf("unknown kind %q, want one of %s", f.Kind, kindNames())
		}
		pl.executed = true
	}
	code, status, ok := strings.Cut(rest, ":")
	if code == "" {
		return plan{}, fmt.Errorf("kind %q names no code", f.Kind)
	}
	if !validCode(code) {
		return plan{}, fmt.Errorf("kind %q: a code has only letters, digits, '.', '_' and '-'", f.Kind)
	}
	pl.code, pl.status = code, usualStatus(code)
	if ok {
		n, err := strconv.Atoi(status)
		if err != nil || !validStatus(n) {
			return plan{}, fmt.Errorf("kind %q: the status is %q, want 200 to 599", f.Kind, status)
		}
		pl.status = n
	}
	return pl, nil
}

func validCode(code string) bool {
	for _, c := range []byte(code) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return code != ""
}

// plansOf returns the faults that can meet the action, in order.
func plansOf(faults []Fault, action string) []plan {
	var list []plan
	for _, f := range faults {
		if f.Action == action || f.Action == "*" || f.Action == "" && action == actionBindAxg {
			if pl, err := f.plan(); err == nil { // checked by withDefaults
				list = append(list, pl)
			}
		}
	}
	return list
}
