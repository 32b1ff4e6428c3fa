package trial

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"axgbind/aliyun"
)

// Witness keeps the latest answer of each action as it came. It is safe for concurrent
// use.
type Witness struct {
	mu      sync.Mutex
	answers map[string]answer
}

// Hear takes an answer; see [aliyun.Options].
func (w *Witness) Hear(r aliyun.Raw) {
	a := answer{at: time.Now()}
	a.date, _ = http.ParseTime(r.Header.Get("Date"))
	d := json.NewDecoder(bytes.NewReader(r.Body))
	d.UseNumber()
	if d.Decode(&a.body) == nil {
		a.code, a.message = a.text("", "Code"), a.text("", "Message")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answers == nil {
		w.answers = map[string]answer{}
	}
	w.answers[r.Action] = a
}

func (w *Witness) last(action string) answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answers[action]
}

func (w *Witness) forget(action string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.answers, action)
}

// answer is one answer as it came; the zero value is none.
type answer struct {
	body    map[string]any // nil: no object of JSON came
	code    string         // its Code; of the client if there is no body
	message string
	date    time.Time // its Date header; zero: it has none
	at      time.Time // when it was read
}

// The objects of answers.
const (
	detailOf = "SecretBindDetailDTO"
	bindOf   = "SecretBindDTO"
	numberOf = "SecretNoInfoDTO"
)

// heard reports whether there is an answer to look at.
func (a answer) heard() bool { return a.body != nil }

// ok reports whether it is one that says OK.
func (a answer) ok() bool { return a.heard() && a.code == aliyun.CodeOK }

// value is what stands in an object, blank being the envelope, under a name.
func (a answer) value(object, name string) (v any, there bool) {
	in := a.body
	if object != "" {
		in, _ = in[object].(map[string]any)
	}
	v, there = in[name]
	return v, there
}

// text is the text or number that stands there; blank if there is none.
func (a answer) text(object, name string) string {
	switch v, _ := a.value(object, name); v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// named reports whether a QuerySubsId names a binding.
func (a answer) named() bool { return a.ok() && a.text("", "SubsId") != "" }
