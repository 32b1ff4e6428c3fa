// Package simulator plays the Alibaba Cloud phone number protection service
// (Dyplsapi, version 2017-05-25) in memory: one account with one AXG pool,
// behind the real wire protocol, with trouble on request. It serves `axgbind
// simulate`, `bind --simulate` and the tests of everything that calls the
// service. It shares no code with the client it plays against, so that one
// slip cannot hide another.
//
// # What it plays
//
// BindAxg, UpdateSubscription, UnbindSubscription, QuerySubsId,
// QuerySubscriptionDetail, QuerySecretNoDetail, CreateAxgGroup,
// OperateAxgGroup and DeleteAxgGroup, by GET or POST, parameters in query or form, signed by V3
// (ACS3-HMAC-SHA256) or V1 (HMAC-SHA1), answered in JSON or XML. Accepted are
// AccessKeyID with AccessKeySecret, with or without a security token, and
// STSAccessKeyID with AccessKeySecret and SecurityToken. The pool is PoolKey.
// A group that CreateAxgGroup made takes bindings while it holds a number;
// other group ids are taken as they come if they are positive.
//
// Without a signature, GET /simulator/bindings, /simulator/numbers and
// /simulator/stats look inside, and POST /simulator/release and /simulator/change
// end and change bindings as others would who share the account.
//
// # What it does not play
//
// Calls, their records and their recordings; BindBatchAxg, locking, buying and releasing of numbers, and the other products (AXB, AXN
// and newer); more than one account or pool; regions, VPC endpoints, bearer
// tokens and the signatures of SM3 and RSA; OutOrderId, RingConfig, names of
// groups and the platform's own parameters, which are judged or ignored, but
// kept nowhere. A number is never locked or frozen.
//
// # What is guessed
//
// The service was never asked; all is from its documents. Where they are
// silent or contradict each other there is a switch in Options, and its zero
// value is the reading that seemed likelier: ClockSkew, NonceFirst,
// DefaultFormat, BusinessStatus, Statuses, Spelling, SameA, UnknownX,
// StrictGroups, BadGroup, LapsedUpdate, OldUnbind, FreeX, EndedDetail,
// DetailHides, CreatedUTC, StatusTurned, NoDate, NeedHost, ShortNames, Uncertified.
// LookupForm, LookupDiesAfter, VisibilityLag and Clock make it mislead. Options.Assume
// sets switches by their names in text. Guesses without a switch:
//
//   - the order of checks, below
//   - Expiration is Beijing time (documented for sibling products), any end
//     later than a minute ahead is good
//   - which numbers are good as A, B or group member: see phoneNumber
//   - an X carries one live binding (documented of other products that theirs
//     carry several)
//   - the code for a value out of range that has no code of its own:
//     isv.ILLEGAL_ARGUMENT for numbers, words and lists, isv.INVALID_PARAMETERS
//     for booleans, display types and ring-back tones
//   - an update to an A that SameA does not allow is isv.UPDATE_CONFLICT
//   - the details of a binding can be asked for until the next one on its X
//     has ended
//   - a request with Authorization, or with x-acs-action and no AccessKeyId,
//     is V3; the vendor's SDKs send x-acs-action with V1 as well
//   - texts of messages other than those the documents quote, and the
//     Content-Type of XML
//
// # The order of checks
//
// The order in which the real gateway checks is not published. Here it is:
//
//  1. path "/", method, TLS if it is demanded, size and form of the request
//  2. the parts of the signature are there and of a known kind; from here on
//     the request counts as a call
//  3. Action, Version, Timestamp and SignatureNonce are there
//  4. time within the clock window
//  5. access key known, security token present and right
//  6. signed headers complete, body hash, signature
//  7. nonce not used in the last 15 minutes; only now is it used up (with
//     Options.NonceFirst: before 6)
//  8. the key's own refusal (Options.KeyRefusals), Version, Action and the
//     action's mandatory parameters
//
// All of these are refused at once, with a gateway envelope. The call is now
// verified, and what happens to it no longer depends on its connection. It
// takes a service time, Options.Latency plus jitter, and meets
//
//  9. the limit of its action: isv.FLOW_LIMIT at the end of the service time,
//     for QuerySecretNoDetail FlowLimited with HTTP 400
//  10. the faults, drawn in order
//  11. the product's own checks, at an even random moment within the service
//     time, which is when the call takes effect
//
// # Promises
//
// Every answer has InstanceHeader. One live binding for each X number; a binding
// that has expired frees its X. With the same seed, options and order of requests
// all answers are the same but for times and, unless Options.Instance is set, the
// name of the instance. Nothing sleeps while it holds a lock. What is kept is bounded,
// however many calls come: about 30 bytes for each number of the pool and some
// 600 for each that is or was bound, 32 bytes for each call of the busiest
// second, 60 bytes for each nonce of 15 minutes but at most 5 million of them,
// and 2,000 groups with 200,000 numbers in all.
package simulator

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// InstanceHeader is in every answer of a simulator, and tells one from another: what
// is bound at one of them says nothing of the next. It is no part of the service.
const InstanceHeader = "X-Axgbind-Simulator"

// maxBody bounds a request's body; a batch of parameters fits many times.
const maxBody = 1 << 20

// Service is the simulated service, an http.Handler. Make it with New. It is
// safe for concurrent use.
type Service struct {
	opts     Options
	instance []string // of InstanceHeader, never written
	keys     map[string]*key
	actions  map[string]*action
	pool     *pool
	groups   *groups
	nonces   *nonces
	meter    *meter
	view     atomic.Pointer[view]
	arrivals atomic.Uint64 // requests so far, which number their randomness
	lifetime *lifetime     // of requests that came through a server of the caller's own
}

// New returns a service with a full pool, or an error that says which option
// makes no sense.
func New(o Options) (*Service, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Service{
		opts: o, instance: []string{o.Instance}, keys: map[string]*key{}, actions: map[string]*action{},
		pool: newPool(o), groups: newGroups(o.StrictGroups), nonces: newNonces(maxNonces), meter: newMeter(), lifetime: newLifetime(),
	}
	if err := s.SetLookups(o.LookupForm, o.LookupDiesAfter); err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	for id, secret := range o.Keys {
		s.keys[id] = newKey(id, secret, o.KeyRefusals[id])
	}
	for _, a := range actions() {
		a.faults, a.limit = new(atomic.Pointer[[]plan]), o.QPS
		plans := plansOf(o.Faults, a.name)
		a.faults.Store(&plans)
		if a.lookup {
			a.limit = o.LookupQPS
		}
		s.actions[a.name] = &a
	}
	return s, nil
}

// now is the service's time.
func (s *Service) now() time.Time { return time.Now().Add(s.opts.Clock) }

// SetFaults replaces the scripted trouble from the next call on: a service
// that recovers, or fails in the middle of a run. It refuses what New would.
func (s *Service) SetFaults(faults []Fault) error {
	for _, f := range faults {
		if err := f.check(); err != nil {
			return err
		}
	}
	for _, a := range s.actions {
		plans := plansOf(faults, a.name)
		a.faults.Store(&plans)
	}
	return nil
}

// Close ends the waits of calls that came through a server of the caller's
// own, and returns when they and their late executions have ended. Server and
// InProcess have a Close of their own; with only those it is not needed. A verified
// call that arrives after it has its connection cut.
func (s *Service) Close() error {
	s.lifetime.end()
	s.lifetime.calls.Wait()
	return nil
}

// ServeHTTP answers one request. A fault that cuts the connection does so by
// hijacking it, or where that cannot be done by panicking with
// http.ErrAbortHandler.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header()[InstanceHeader] = s.instance
	if strings.HasPrefix(r.URL.Path, inspectPrefix) {
		s.inspect(w, r)
		return
	}
	c := request{random: newRandom(s.opts.Seed, s.arrivals.Add(1)), xml: s.opts.DefaultFormat == formatXML}
	c.id = c.random.requestID()
	a, f := s.receive(r, &c)
	if f != nil {
		f.status, f.code = s.opts.adjust(f.status, f.code)
		s.sendRefusal(w, &c, f)
		return
	}
	c.name = a.name
	l := s.lifetimeOf(r)
	if !l.enter() {
		cut(w)
		return
	}
	defer l.calls.Done()
	s.perform(w, l, a, &c)
}

// receive reads and verifies a request: steps 1 to 8 of the package comment.
func (s *Service) receive(r *http.Request, c *request) (*action, *refusal) {
	if f := s.refuseEndpoint(r); f != nil {
		return nil, f
	}
	body, f := readBody(r)
	if f != nil {
		return nil, f
	}
	query, ok := make(params, 0, 24).parse(r.URL.RawQuery)
	if !ok {
		return nil, refuse(http.StatusBadRequest, codeInvalidFormat, "The query is not well formatted.")
	}
	c.p = query
	if len(body) > 0 && isForm(r.Header.Get("Content-Type")) {
		if c.p, ok = query[:len(query):len(query)].parse(string(body)); !ok {
			return nil, refuse(http.StatusBadRequest, codeInvalidFormat, "The form is not well formatted.")
		}
	}

	var cl claim
	var signed bool
	v3 := r.Header.Get("Authorization") != "" || r.Header.Get("X-Acs-Action") != "" && c.p.get("AccessKeyId") == ""
	c.xml = s.wantsXML(v3, r.Header, c.p)
	if v3 {
		cl, f, signed = claimV3(r.Header)
	} else {
		cl, f, signed = claimV1(c.p)
	}
	a := s.actions[cl.action]
	if signed {
		name := otherAction
		if a != nil {
			name = a.name
		}
		s.meter.arrived(name)
	}
	if f == nil {
		f = s.verify(r, cl, query, c.p, body)
	}
	switch {
	case f != nil:
	case cl.version != apiVersion:
		f = refuse(http.StatusBadRequest, codeInvalidVersion, "Specified parameter Version is not valid.")
	case a == nil:
		f = refuse(http.StatusNotFound, codeInvalidAPI, "Specified api is not found, please check your url and method.")
	default:
		f = a.missing(c.p)
	}
	return a, f
}

// refuseEndpoint refuses a request for its path, its method or a missing TLS.
func (s *Service) refuseEndpoint(r *http.Request) *refusal {
	switch {
	case r.URL.Path != "/" && r.URL.Path != "":
		return refuse(http.StatusNotFound, codeInvalidAPI, "Specified api is not found, please check your url and method.")
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return refuse(http.StatusBadRequest, codeUnsupportedMethod, "This http method is not supported.")
	case s.opts.NeedTLS && r.TLS == nil:
		return refuse(http.StatusBadRequest, codeNeedTLS, "Your request is denied, please use https.")
	}
	return nil
}

func readBody(r *http.Request) ([]byte, *refusal) {
	if r.ContentLength == 0 {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, refuse(http.StatusBadRequest, codeInvalidFormat, "The request body could not be read.")
	case len(body) > maxBody:
		return nil, refuse(http.StatusRequestEntityTooLarge, codeRequestTooLarge, "The request body is too large.")
	}
	return body, nil
}

func isForm(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/x-www-form-urlencoded")
}

// perform takes a verified call through its service time: steps 9 to 11.
func (s *Service) perform(w http.ResponseWriter, l *lifetime, a *action, c *request) {
	total := s.opts.Latency
	if s.opts.Jitter > 0 {
		total += time.Duration(c.random.below(int(s.opts.Jitter)))
	}
	moment := total
	if total > 0 {
		moment = time.Duration(c.random.below(int(total)))
	}
	if !s.meter.admit(&a.window, a.limit) {
		s.throttle(w, l, a, c, total)
		return
	}
	pl := s.planned(a, c)
	switch pl.kind {
	case DropLate:
		cut(w)
		s.executeLate(l, a, c)
		return
	case Slow:
		moment, total = slowAnswer, slowAnswer
	case DropBefore:
		l.wait(moment)
		cut(w)
		return
	}
	if !l.wait(moment) {
		cut(w)
		return
	}
	var ans answer
	if pl.executed {
		ans = s.execute(a, c)
	}
	if d := ans.env.SecretBindDTO; d != nil && (pl.kind == IDTwice || pl.kind == IDTwiceAny) {
		d.SubsId = s.earlier(d.SubsId, pl.kind == IDTwiceAny, &c.random)
	}
	if !l.wait(total-moment) || pl.cut {
		cut(w)
		return
	}
	s.tell(w, c, &pl, ans)
}

// throttle answers a call over the limit.
func (s *Service) throttle(w http.ResponseWriter, l *lifetime, a *action, c *request, total time.Duration) {
	switch {
	case !l.wait(total):
		cut(w)
	case a.name == actionQuerySecretNoDetail:
		s.send(w, c, s.badRequest(codeFlowLimited400))
	default:
		s.send(w, c, s.refused(codeFlowLimit))
	}
}

// planned draws the fault of a call, if it has one.
func (s *Service) planned(a *action, c *request) plan {
	for _, f := range *a.faults.Load() {
		if c.random.fraction() < f.p {
			s.meter.faulted(f.kind)
			return f
		}
	}
	return plan{executed: true}
}

// executeLate lets a call take effect whose connection was cut long before.
func (s *Service) executeLate(l *lifetime, a *action, c *request) {
	if !l.enter() {
		return
	}
	go func() {
		defer l.calls.Done()
		if l.wait(lateExecution) {
			s.execute(a, c)
		}
	}()
}

// tell sends the answer, or what the fault makes of it.
func (s *Service) tell(w http.ResponseWriter, c *request, pl *plan, ans answer) {
	switch {
	case pl.html:
		s.send503(w)
	case pl.code != "" && pl.status != http.StatusOK:
		s.sendRefusal(w, c, refuse(pl.status, pl.code, messageOf(pl.code)))
	case pl.code != "":
		s.send(w, c, s.refused(pl.code))
	default:
		s.send(w, c, ans)
	}
}

// execute lets the call take effect, now.
func (s *Service) execute(a *action, c *request) answer {
	c.now = s.now()
	return a.run(s, c)
}

// earlier returns the SubsId of the first binding made, or of any made before the
// one named; of the first itself its own.
func (s *Service) earlier(id string, anyOf bool, d *random) string {
	n, first := uint64(1), s.opts.SubsIDOffset
	if own, err := strconv.ParseUint(id, 10, 64); err == nil && anyOf {
		if before := own - firstSubs - first - 1; before > 0 {
			n += uint64(d.below(int(before)))
		}
	}
	return subsID(first + n)
}

// cut ends the connection without an answer: the caller sees it close.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	conn.Close()
}
