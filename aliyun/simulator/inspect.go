package simulator

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Binding is a live binding. It is also an element of the JSON of
// GET /simulator/bindings.
type Binding struct {
	SubsId     string // 16 digits
	SecretNo   string // the X number
	PhoneNoA   string
	PhoneNoB   string // "" if none
	GroupId    string // digits
	Expiration string // Beijing time, 2006-01-02 15:04:05
	OutId      string // "" if none
	RequestId  string // of the BindAxg call that made it
}

// Bindings returns the live bindings by rising SecretNo, those included that
// Options.VisibilityLag still hides from the look-ups.
func (s *Service) Bindings() []Binding {
	p := s.pool
	p.mu.Lock()
	p.expire(s.now())
	live := make([]*binding, 0, len(p.lapse))
	for _, b := range p.bound {
		if b != nil {
			live = append(live, b)
		}
	}
	p.mu.Unlock()
	list := make([]Binding, len(live))
	for i, b := range live {
		list[i] = Binding{
			SubsId: subsID(b.subs), SecretNo: secretNo(b.number), PhoneNoA: b.a, PhoneNoB: b.b,
			GroupId: strconv.FormatInt(b.group, 10), Expiration: beijing(b.expires), OutId: b.outID, RequestId: b.requestID,
		}
	}
	return list
}

// Number is an X number of the pool. It is also an element of the JSON of
// GET /simulator/numbers.
type Number struct {
	SecretNo string
	City     string
	State    string // "free" or "bound"
}

// Numbers returns every number of the pool by rising SecretNo.
func (s *Service) Numbers() []Number {
	p := s.pool
	list := make([]Number, len(p.bound))
	p.mu.Lock()
	p.expire(s.now())
	for i := range list {
		list[i].State = "free"
		if p.bound[i] != nil {
			list[i].State = "bound"
		}
	}
	p.mu.Unlock()
	for i := range list {
		list[i].SecretNo = secretNo(int32(i))
		list[i].City = p.names[p.cityOf[i]]
	}
	return list
}

// inspectPrefix is the part of the address space that lets users look inside, and
// act as others who share the account. It needs no signature, takes no time, and
// counts nothing.
const inspectPrefix = "/simulator/"

// inspect answers GET /simulator/bindings, /simulator/numbers and
// /simulator/stats, and POST /simulator/release and /simulator/change.
func (s *Service) inspect(w http.ResponseWriter, r *http.Request) {
	page := strings.TrimPrefix(r.URL.Path, inspectPrefix)
	if page == "release" || page == "change" {
		s.meddle(w, r, page)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET", http.StatusMethodNotAllowed)
		return
	}
	switch page {
	case "bindings":
		sendArray(w, s.Bindings())
	case "numbers":
		sendArray(w, s.Numbers())
	case "stats":
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
		json.NewEncoder(w).Encode(s.Stats())
	default:
		http.Error(w, "there are bindings, numbers and stats, and to POST to release and change", http.StatusNotFound)
	}
}

// sendArray writes one element a line: a long answer is written as it is made,
// and reads well in a terminal.
func sendArray[T any](w http.ResponseWriter, list []T) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	out := bufio.NewWriterSize(w, 64<<10)
	defer out.Flush()
	enc := json.NewEncoder(out) // ends each value with a newline
	enc.SetEscapeHTML(false)
	out.WriteByte('[')
	for i := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		if enc.Encode(&list[i]) != nil { // the reader is gone
			return
		}
	}
	out.WriteString("]\n")
}
