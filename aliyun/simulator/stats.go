package simulator

import (
	"maps"
	"net"
	"net/http"
	"sync"
	"time"
)

// Stats is what the service has seen since New. It is also the JSON of
// GET /simulator/stats.
type Stats struct {
	// Calls counts the signed requests that arrived: those with a V3
	// Authorization header that could be parsed, or with the V1 parameters
	// AccessKeyId and Signature. Whether they verified, were refused or were
	// cut does not matter. /simulator/... is not counted.
	Calls int64 `json:"calls"`
	// Actions splits Calls by action; names the service does not play are
	// counted together as "other".
	Actions map[string]int64 `json:"actions"`
	// Codes counts the JSON answers to all requests, signed or not, by Code.
	// A cut connection and a page of HTML have none.
	Codes map[string]int64 `json:"codes"`
	// Faults counts the scripted faults played, by kind, dropped calls
	// included. A call above the QPS limit meets no fault.
	Faults map[string]int64 `json:"faults"`
	// Connections counts the connections accepted by the service's servers.
	Connections int64 `json:"connections"`
	// MaxPerSecond is the most Calls that arrived in any sliding second.
	MaxPerSecond int `json:"max_per_second"`
	// NonceReused counts the refusals SignatureNonceUsed.
	NonceReused int64 `json:"nonce_reused"`
}

// otherAction is the key of Stats.Actions for unknown names, which a caller
// could otherwise multiply without end.
const otherAction = "other"

// meter counts, and keeps the limits: both need the moment of arrival under
// one lock, so that times never go back. Its critical sections are a few
// map increments.
type meter struct {
	start time.Time

	mu       sync.Mutex
	stats    Stats
	arrivals sliding
}

func newMeter() *meter {
	return &meter{start: time.Now(), stats: Stats{
		Actions: map[string]int64{}, Codes: map[string]int64{}, Faults: map[string]int64{},
	}}
}

// arrived counts a signed request.
func (m *meter) arrived(action string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Since(m.start)
	m.stats.Calls++
	m.stats.Actions[action]++
	m.arrivals.count(now)
	m.arrivals.add(now)
	m.stats.MaxPerSecond = max(m.stats.MaxPerSecond, m.arrivals.n)
}

// admit reports whether the action's limit has room, and takes it.
func (m *meter) admit(window *sliding, limit int) bool {
	if limit == 0 {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Since(m.start)
	if window.count(now) >= limit {
		return false
	}
	window.add(now)
	return true
}

func (m *meter) answered(code string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Codes[code]++
	if code == codeSignatureNonceUsed {
		m.stats.NonceReused++
	}
}

func (m *meter) faulted(kind FaultKind) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Faults[string(kind)]++
}

func (m *meter) connected() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Connections++
}

// Stats returns the counts so far. The maps are the caller's.
func (s *Service) Stats() Stats {
	m := s.meter
	m.mu.Lock()
	defer m.mu.Unlock()
	st := m.stats
	st.Actions, st.Codes, st.Faults = maps.Clone(st.Actions), maps.Clone(st.Codes), maps.Clone(st.Faults)
	return st
}

// ConnState counts connections for an http.Server that is not one of this
// package's own: set it as the server's ConnState.
func (s *Service) ConnState(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.meter.connected()
	}
}
