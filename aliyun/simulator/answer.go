package simulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
)

// envelope is the answer of the product, all actions in one: the fields an
// action does not have stay out of its JSON.
type envelope struct {
	RequestId           string
	Code                string
	Message             string
	SecretBindDTO       *secretBind   `json:",omitempty"` // BindAxg
	SubsId              *string       `json:",omitempty"` // QuerySubsId
	SecretBindDetailDTO *secretDetail `json:",omitempty"` // QuerySubscriptionDetail
	ChargeId            *string       `json:",omitempty"` // UnbindSubscription
}

type secretBind struct {
	SecretNo  string
	SubsId    string
	Extension string
}

type secretDetail struct {
	SubsId       string
	PhoneNoA     string
	PhoneNoB     string `json:",omitempty"`
	PhoneNoX     string
	GroupId      int64
	ExpireDate   string
	GmtCreate    string
	Status       int // 1 live, 0 lapsed
	NeedRecord   bool
	CallRestrict string `json:",omitempty"`
	ASRStatus    bool
	ASRModelId   string `json:",omitempty"`
}

// gatewayEnvelope is the answer of the gateway.
type gatewayEnvelope struct {
	RequestId string
	HostId    string
	Code      string
	Message   string
	Recommend string
}

const hostID = "dyplsapi.aliyuncs.com"

// answer is what an action found: the product's envelope, or the gateway's
// when gateway is set.
type answer struct {
	status  int
	gateway bool
	env     envelope
}

// business makes the product's answer with the given code.
func (s *Service) business(code, message string) answer {
	status := http.StatusOK
	if code != codeOK {
		status = s.opts.BusinessStatus
	}
	return answer{status: status, env: envelope{Code: code, Message: message}}
}

// refused is business with the code's own message.
func (s *Service) refused(code string) answer { return s.business(code, messageOf(code)) }

type encoder struct {
	buf bytes.Buffer
	enc *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetEscapeHTML(false) // strings to sign stay readable
	return e
}}

// send writes the answer and counts its code.
func (s *Service) send(w http.ResponseWriter, requestID string, a answer) {
	if a.gateway {
		s.sendRefusal(w, requestID, &refusal{a.status, a.env.Code, a.env.Message})
		return
	}
	a.env.RequestId = requestID
	s.sendJSON(w, requestID, a.status, a.env.Code, &a.env)
}

func (s *Service) sendRefusal(w http.ResponseWriter, requestID string, f *refusal) {
	if f.code == codeThrottlingUser {
		// The SDK core takes TimeLeft, in milliseconds, as its retry-after.
		limit := strconv.Itoa(max(s.opts.QPS, 1))
		w.Header()["X-RateLimit-User"] = []string{"Limit:" + limit + ",Remain:0,TimeLeft:1000,Reset:1000"}
	}
	s.sendJSON(w, requestID, f.status, f.code, &gatewayEnvelope{
		RequestId: requestID, HostId: hostID, Code: f.code, Message: f.message,
		Recommend: "https://api.aliyun.com/troubleshoot?q=" + f.code + "&product=Dyplsapi&requestId=" + requestID,
	})
}

func (s *Service) sendJSON(w http.ResponseWriter, requestID string, status int, code string, body any) {
	s.meter.answered(code)
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.buf.Reset()
	if err := e.enc.Encode(body); err != nil { // strings, integers and booleans: cannot fail
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h["Content-Type"] = []string{"application/json;charset=utf-8"}
	h["X-Acs-Request-Id"] = []string{requestID}
	w.WriteHeader(status)
	w.Write(e.buf.Bytes()) // nobody left to tell when the caller is gone
}

// page503 is what a load balancer in front of the gateway answers.
const page503 = `<html>
<head><title>503 Service Temporarily Unavailable</title></head>
<body>
<center><h1>503 Service Temporarily Unavailable</h1></center>
<hr><center>tengine</center>
</body>
</html>
`

func send503(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write([]byte(page503))
}
