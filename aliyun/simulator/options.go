package simulator

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// DefaultNumbers is the size of the pool when Options names none.
	DefaultNumbers = 200_000
	// MaxNumbers is the largest pool: X numbers count up from 17100000000
	// and one number costs about 30 bytes before it is bound.
	MaxNumbers = 10_000_000
	// MaxQPS is the highest limit that can be asked for; the exact window
	// remembers the time of each accepted call of the last second.
	MaxQPS = 1_000_000

	// AccessKeyID and AccessKeySecret are the pair the service accepts, the
	// pair of the published signature examples.
	AccessKeyID     = "testid"
	AccessKeySecret = "testsecret"
	// STSAccessKeyID is the id of the temporary pair; its secret is
	// AccessKeySecret and every request with it must carry SecurityToken.
	STSAccessKeyID = "STS.testid"
	// SecurityToken is the token that belongs to STSAccessKeyID.
	SecurityToken = "testtoken"
	// ExpiredSecurityToken is a token that was STSAccessKeyID's and is no
	// longer good: InvalidSecurityToken.Expired.
	ExpiredSecurityToken = "testtoken-expired"
	// PoolKey is the one pool of the account.
	PoolKey = "FC100000000000001"
)

// Options says how the service is to behave. The zero value is a pool of
// DefaultNumbers numbers, no latency, no limit and no trouble.
type Options struct {
	// Numbers is how many X numbers the pool owns, all of them free, from
	// 17100000000 upwards. 0 means the sum of Cities, or DefaultNumbers
	// without Cities. At most MaxNumbers.
	Numbers int
	// Cities gives each city a run of consecutive numbers, in this order.
	// Empty puts number i into 北京, 上海, 广州, 深圳 or 杭州 in rotation. When
	// Numbers is set too it must equal the sum.
	Cities []CityNumbers
	// StrictCity refuses with isv.NO_AVAILABLE_NUMBER when the expected city
	// has no free number. False gives a number of another city instead.
	StrictCity bool

	// Latency and Jitter make the time a verified call takes: Latency plus
	// an even draw from [0, Jitter). Neither may be negative.
	Latency, Jitter time.Duration
	// QPS is how many calls of one action are accepted in any sliding
	// second; those above get isv.FLOW_LIMIT. 0 is no limit, MaxQPS the most.
	QPS int
	// LookupQPS replaces QPS for QuerySubsId, QuerySubscriptionDetail and
	// QuerySecretNoDetail, whose documented limit is 1000. 0 means the same
	// as QPS.
	LookupQPS int
	// Faults is the scripted trouble. For each verified call every fault of
	// its action is drawn in this order, and the first that hits is played.
	Faults []Fault
	// VisibilityLag is how long after a binding was made the look-ups still
	// answer as if it were not there. 0 shows it at once.
	VisibilityLag time.Duration
	// LookupForm is the form in which QuerySubscriptionDetail shows a binding.
	// "" shows it as it was made.
	LookupForm LookupForm
	// LookupDiesAfter is how many look-ups, QuerySubsId and QuerySubscriptionDetail
	// counted together, are answered before they answer as if no binding were there.
	// 0 is no end; -1 answers none, from the first on.
	LookupDiesAfter int
	// SubsIDOffset is by how much the SubsIds lie above those of a service that
	// begins with 1000000000000001: of two services that one job meets, the second
	// must not give the ids of the first again. 0: not at all.
	SubsIDOffset uint64
	// Clock is how far the service's clock runs ahead of this machine's; negative:
	// behind. Beyond ClockSkew every request is InvalidTimeStamp.Expired.
	Clock time.Duration
	// Seed is the start of all randomness. The same seed, the same options
	// and the same requests in the same order give the same answers.
	Seed int64

	// Instance is what InstanceHeader says in every answer: 16 hexadecimal digits,
	// which no other service has. "" means chance.
	Instance string

	// Keys maps each accepted AccessKeyId to its secret. Nil accepts
	// AccessKeyID and STSAccessKeyID. An id that begins with "STS." is a
	// temporary one: its requests must carry SecurityToken. Any other id may
	// carry any token as long as the token is signed.
	Keys map[string]string
	// KeyRefusals turns away every good request of an AccessKeyId in Keys
	// with the gateway code given, after its signature was found good: the
	// ends that depend on the account's settings, such as
	// InvalidAccessKeyId.Inactive, Forbidden.AccessKeyDisabled, Forbidden.RAM,
	// NoPermission, Forbidden.RiskControl. Nil refuses nobody.
	KeyRefusals map[string]string
	// NeedTLS refuses plain HTTP with InvalidProtocol.NeedSsl. False takes
	// both, as documented for this product.
	NeedTLS bool

	// The switches that follow stand for what the documents leave open or
	// contradict each other about. Zero is the reading explained at each.

	// ClockSkew is how far a request's time may lie from the service's, both
	// ways. 0 means 15 minutes; one published page says 31.
	ClockSkew time.Duration
	// NonceFirst uses up a nonce before the signature is checked, so that a
	// forged request can spend it. False uses up only those of requests with
	// a good signature. The gateway's order is not published.
	NonceFirst bool
	// DefaultFormat is "JSON" or "XML", the form of answers to requests that
	// name none: V1 by Format, V3 by the header accept. "" means JSON, as the
	// product's manual says; the general page of the RPC style says XML.
	DefaultFormat string
	// BusinessStatus is the HTTP status of a business refusal. 0 means 200;
	// some help pages list business codes under 400.
	BusinessStatus int
	// Statuses gives single codes, of product or gateway, another HTTP status
	// than the one this package believes; the lists differ on
	// SignatureDoesNotMatch (400, 403), InvalidAccessKeyId.NotFound (404, 400),
	// UnsupportedHTTPMethod (400, 403) and Throttling (400, 429). It changes
	// the status only, not the envelope, and does not touch faults, which
	// name a status of their own.
	Statuses map[string]int
	// Spelling answers a code, of product or gateway, by another one with the
	// same status and message, for codes that the documents name twice:
	// InvalidVersion and NoSuchVersion, InvalidTimeStamp.Format and
	// IllegalTimestamp, isv.POOLKEY_NOT_EXISTS and PoolKeyNotFound. It does
	// not touch faults.
	Spelling map[string]string
	// SameA says what becomes of a BindAxg for an A that has a live binding on
	// another X. The zero value allows it.
	SameA SameA
	// UnknownX is the code for an X that the pool does not own.
	// "" means isv.NO_NOT_EXIST; the error page has isv.FORBIDDEN_ACTION for
	// "X absent or not in this pool" too.
	UnknownX string
	// StrictGroups knows only the groups that CreateAxgGroup made. False
	// takes every positive GroupId that was never created for a group that
	// holds a number.
	StrictGroups bool
	// BadGroup is the code for a group that is empty or, with StrictGroups,
	// unknown. "" means isv.ILLEGAL_ARGUMENT: that a group must hold a number
	// is documented, the code is not.
	BadGroup string
	// LapsedUpdate is the code for updating a binding that has lapsed or was
	// released. "" means isv.FORBIDDEN_ACTION, as the error page says;
	// isv.SUBS_NOT_EXIST fits its other line.
	LapsedUpdate string
	// OldUnbind answers the unbinding and updating of a binding that never was
	// as the service was seen to do in 2019, isv.ILLEGAL_ARGUMENT with "subs
	// not exist"; for unbinding also one that has ended. False answers
	// isv.SUBS_NOT_EXIST, which today's error page lists.
	OldUnbind bool
	// FreeX is what QuerySubsId answers of an X without a binding. "" is OK with an
	// empty SubsId, "null" OK with null, "absent" OK without SubsId; anything else is
	// a code.
	FreeX string
	// EndedDetail is the code of QuerySubscriptionDetail for a binding that has lapsed
	// or was released. "" shows it, with Status 0.
	EndedDetail string
	// DetailHides are the fields that QuerySubscriptionDetail does not show.
	DetailHides []string
	// CreatedUTC shows GmtCreate in UTC. False shows it as LookupForm says.
	CreatedUTC bool
	// StatusTurned shows Status 0 for a live binding and 1 for one that has ended.
	StatusTurned bool
	// NoDate sends no Date header.
	NoDate bool
	// NeedHost refuses V3 signatures that do not cover host, as the documents of V3
	// demand it. False takes them: the old Java core does not sign it.
	NeedHost bool
	// ShortNames allows names of groups 16 characters and remarks 50, as the current
	// page says. False allows 128 and 256.
	ShortNames bool
	// Uncertified shows every X with CertifyStatus 0: calls through it may not connect.
	Uncertified bool
}

// What Options.FreeX can be besides a code.
const (
	freeNull   = "null"
	freeAbsent = "absent"
)

var (
	instanceForm    = regexp.MustCompile(`^[0-9a-f]{16}$`)
	looksLikeNumber = regexp.MustCompile(`[0-9]{7}`)
)

// SameA is a policy on an A number that is bound already. That A and X can be
// bound to each other only once is documented; whether A may have several X
// is not, though a hint on isv.NO_AVAILABLE_NUMBER reads as if it may.
type SameA string

const (
	// SameAAllowed lets an A have any number of X, the default.
	SameAAllowed SameA = ""
	// SameAConflict refuses the second with isv.BIND_CONFLICT.
	SameAConflict SameA = "conflict"
	// SameANoNumber refuses the second with isv.NO_AVAILABLE_NUMBER, but with
	// isv.BIND_CONFLICT if the call names an X.
	SameANoNumber SameA = "no-number"
)

// CityNumbers is a number of X numbers in one city.
type CityNumbers struct {
	City string // Chinese name without 市, as ExpectCity wants it
	N    int    // at least 1
}

// defaultCities is the rotation of a pool without Options.Cities.
var defaultCities = [...]string{"北京", "上海", "广州", "深圳", "杭州"}

// ParseCities reads "北京=100,上海=900". A city may stand once, and each count
// is at least 1. The empty string is an error, not an empty list.
func ParseCities(s string) ([]CityNumbers, error) {
	var list []CityNumbers
	for part := range strings.SplitSeq(s, ",") {
		city, count, ok := strings.Cut(part, "=")
		city = strings.TrimSpace(city)
		if !ok || city == "" {
			return nil, fmt.Errorf("cities %q: %q is not of the form CITY=COUNT", s, part)
		}
		n, err := strconv.Atoi(strings.TrimSpace(count))
		if err != nil {
			return nil, fmt.Errorf("cities %q: the count of %s is not a whole number: %q", s, city, count)
		}
		list = append(list, CityNumbers{City: city, N: n})
	}
	if _, err := sumCities(list); err != nil {
		return nil, fmt.Errorf("cities %q: %w", s, err)
	}
	return list, nil
}

func sumCities(list []CityNumbers) (int, error) {
	sum := 0
	seen := make(map[string]bool, len(list))
	for _, c := range list {
		switch {
		case c.City == "":
			return 0, fmt.Errorf("a city has no name")
		case seen[c.City]:
			return 0, fmt.Errorf("%s is named twice", c.City)
		case c.N < 1:
			return 0, fmt.Errorf("%s has %d numbers, want at least 1", c.City, c.N)
		case c.N > MaxNumbers-sum:
			return 0, fmt.Errorf("more than %d numbers", MaxNumbers)
		}
		seen[c.City] = true
		sum += c.N
	}
	if len(list) > 1<<16 {
		return 0, fmt.Errorf("more than %d cities", 1<<16)
	}
	return sum, nil
}

// withDefaults returns a copy in which every zero has its meaning, or says
// what in it makes no sense.
func (o Options) withDefaults() (Options, error) {
	sum, err := sumCities(o.Cities)
	if err != nil {
		return o, fmt.Errorf("simulator: cities: %w", err)
	}
	if len(o.Cities) > 0 && o.Numbers != 0 && o.Numbers != sum {
		return o, fmt.Errorf("simulator: numbers is %d but the cities add up to %d", o.Numbers, sum)
	}
	for _, check := range []func(Options) error{Options.checkAmounts, Options.checkNames, Options.checkCodes, Options.checkFaults} {
		if err := check(o); err != nil {
			return o, err
		}
	}
	if o.Instance == "" {
		o.Instance = newInstance()
	}
	if o.Keys == nil {
		o.Keys = map[string]string{AccessKeyID: AccessKeySecret, STSAccessKeyID: AccessKeySecret}
	}
	for id := range o.KeyRefusals {
		if o.Keys[id] == "" {
			return o, fmt.Errorf("simulator: the access key %q is to be refused and is not among the keys", id)
		}
	}
	o.Numbers = cmp.Or(sum, o.Numbers, DefaultNumbers)
	o.LookupQPS = cmp.Or(o.LookupQPS, o.QPS)
	o.ClockSkew = cmp.Or(o.ClockSkew, 15*time.Minute)
	o.BusinessStatus = cmp.Or(o.BusinessStatus, http.StatusOK)
	o.DefaultFormat = cmp.Or(o.DefaultFormat, formatJSON)
	o.UnknownX = cmp.Or(o.UnknownX, codeNoNotExist)
	o.BadGroup = cmp.Or(o.BadGroup, codeIllegalArgument)
	o.LapsedUpdate = cmp.Or(o.LapsedUpdate, codeForbiddenAction)
	return o, nil
}

// newInstance draws the id of an instance, none that would be masked where it is shown.
func newInstance() string {
	for raw := make([]byte, 8); ; {
		_, _ = rand.Read(raw) // never fails
		if id := hex.EncodeToString(raw); !looksLikeNumber.MatchString(id) {
			return id
		}
	}
}

// checkAmounts judges the options that are numbers or durations.
func (o Options) checkAmounts() error {
	for _, n := range []struct {
		name       string
		have, most int
	}{{"numbers", o.Numbers, MaxNumbers}, {"qps", o.QPS, MaxQPS}, {"look-up qps", o.LookupQPS, MaxQPS}} {
		if n.have < 0 || n.have > n.most {
			return fmt.Errorf("simulator: %s is %d, want 0 to %d", n.name, n.have, n.most)
		}
	}
	for _, d := range []struct {
		name string
		have time.Duration
	}{{"latency", o.Latency}, {"jitter", o.Jitter}, {"visibility lag", o.VisibilityLag}, {"clock skew", o.ClockSkew}} {
		if d.have < 0 {
			return fmt.Errorf("simulator: %s is %v, want 0 or more", d.name, d.have)
		}
	}
	if o.LookupDiesAfter < -1 {
		return fmt.Errorf("simulator: look-ups die after %d, want -1 or more", o.LookupDiesAfter)
	}
	if o.BusinessStatus != 0 && !validStatus(o.BusinessStatus) {
		return fmt.Errorf("simulator: business status is %d, want 200 to 599", o.BusinessStatus)
	}
	return nil
}

// checkNames judges the options that are one of a few words, or of a form.
func (o Options) checkNames() error {
	switch {
	case o.Instance != "" && !instanceForm.MatchString(o.Instance):
		return fmt.Errorf("simulator: instance is %q, want 16 hexadecimal digits", o.Instance)
	case o.DefaultFormat != "" && o.DefaultFormat != formatJSON && o.DefaultFormat != formatXML:
		return fmt.Errorf("simulator: default format is %q, want JSON or XML", o.DefaultFormat)
	case o.SameA != SameAAllowed && o.SameA != SameAConflict && o.SameA != SameANoNumber:
		return fmt.Errorf("simulator: policy for the same A is %q, want %q, %q or nothing", o.SameA, SameAConflict, SameANoNumber)
	}
	for _, field := range o.DetailHides {
		if !slices.Contains(detailFields(), field) {
			return fmt.Errorf("simulator: details have no field %q to hide, want some of %s", field, strings.Join(detailFields(), ", "))
		}
	}
	return nil
}

// checkFaults judges the faults and the keys.
func (o Options) checkFaults() error {
	for _, f := range o.Faults {
		if err := f.check(); err != nil {
			return fmt.Errorf("simulator: fault %s: %w", f, err)
		}
	}
	for id, secret := range o.Keys {
		if id == "" || secret == "" {
			return fmt.Errorf("simulator: an access key needs an id and a secret")
		}
	}
	return nil
}

func validStatus(status int) bool { return status >= 200 && status <= 599 }

// checkCodes judges the options that hold codes and their statuses.
func (o Options) checkCodes() error {
	for _, code := range [...]string{o.UnknownX, o.BadGroup, o.LapsedUpdate, o.FreeX, o.EndedDetail} {
		if code != "" && !validCode(code) {
			return fmt.Errorf("simulator: %q is no code: want letters, digits, '.', '_' and '-'", code)
		}
	}
	for code, status := range o.Statuses {
		if !validCode(code) || !validStatus(status) {
			return fmt.Errorf("simulator: status of %q is %d, want a code and 200 to 599", code, status)
		}
	}
	for from, to := range o.Spelling {
		if !validCode(from) || !validCode(to) {
			return fmt.Errorf("simulator: spelling of %q is %q, want two codes", from, to)
		}
	}
	for id, code := range o.KeyRefusals {
		if !validCode(code) {
			return fmt.Errorf("simulator: refusal of the key %q is %q, want a code", id, code)
		}
	}
	return nil
}
