package simulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"reflect"
	"strconv"
	"sync"
)

// envelope is the answer of the product, all actions in one: the fields an
// action does not have stay out of it. In XML its root is the action's name
// with "Response", and fields are elements of the same names.
type envelope struct {
	RequestId           string
	Code                string
	Message             string
	SecretBindDTO       *secretBind   `json:",omitempty"` // BindAxg
	SubsId              *held         `json:",omitempty"` // QuerySubsId
	SecretBindDetailDTO *secretDetail `json:",omitempty"` // QuerySubscriptionDetail
	SecretNoInfoDTO     *secretInfo   `json:",omitempty"` // QuerySecretNoDetail
	ChargeId            *string       `json:",omitempty"` // UnbindSubscription
	GroupId             *int64        `json:",omitempty"` // CreateAxgGroup
}

type secretBind struct {
	SecretNo  string
	SubsId    string
	Extension string
}

// held is the id of an X's binding, "" if it has none. In JSON it may be null.
type held struct {
	id   string
	null bool
}

func (h *held) MarshalJSON() ([]byte, error) {
	if h.null {
		return []byte("null"), nil
	}
	return json.Marshal(h.id)
}

// MarshalXML leaves null out; XML has none.
func (h *held) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if h.null {
		return nil
	}
	return e.EncodeElement(h.id, start)
}

// secretDetail is all pointers, since any field may be hidden.
type secretDetail struct {
	SubsId       *string `json:",omitempty"`
	PhoneNoA     *string `json:",omitempty"`
	PhoneNoB     *string `json:",omitempty"`
	PhoneNoX     *string `json:",omitempty"`
	GroupId      *int64  `json:",omitempty"`
	ExpireDate   *string `json:",omitempty"`
	GmtCreate    *string `json:",omitempty"`
	Status       *int    `json:",omitempty"` // 1 live, 0 lapsed
	NeedRecord   *bool   `json:",omitempty"`
	CallRestrict *string `json:",omitempty"`
	ASRStatus    *bool   `json:",omitempty"`
	ASRModelId   *string `json:",omitempty"`
}

// hide takes a field out.
func (d *secretDetail) hide(field string) {
	reflect.ValueOf(d).Elem().FieldByName(field).SetZero()
}

func detailFields() []string {
	var names []string
	for f := range reflect.TypeFor[secretDetail]().Fields() {
		names = append(names, f.Name)
	}
	return names
}

type secretInfo struct {
	SecretStatus  int // 0 free, 1 bound
	CertifyStatus int
	Province      string
	City          string
	Vendor        int
	PurchaseTime  string
}

// gatewayEnvelope is the answer of the gateway; its root in XML is Error.
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
	status, code = s.opts.adjust(status, code)
	return answer{status: status, env: envelope{Code: code, Message: message}}
}

// badRequest makes the gateway's answer for the codes that help pages list
// under HTTP 400 although the product finds them.
func (s *Service) badRequest(code string) answer {
	message := messageOf(code)
	status, code := s.opts.adjust(http.StatusBadRequest, code)
	return answer{status: status, gateway: true, env: envelope{Code: code, Message: message}}
}

// adjust applies Options.Statuses and Options.Spelling to a refusal.
func (o *Options) adjust(status int, code string) (int, string) {
	if n := o.Statuses[code]; n != 0 && code != codeOK {
		status = n
	}
	if other := o.Spelling[code]; other != "" && code != codeOK {
		code = other
	}
	return status, code
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
func (s *Service) send(w http.ResponseWriter, c *request, a answer) {
	if a.gateway {
		s.sendRefusal(w, c, &refusal{a.status, a.env.Code, a.env.Message})
		return
	}
	a.env.RequestId = c.id
	s.write(w, c, a.status, a.env.Code, c.name+"Response", &a.env)
}

func (s *Service) sendRefusal(w http.ResponseWriter, c *request, f *refusal) {
	if f.code == codeThrottlingUser {
		// The SDK core takes TimeLeft, in milliseconds, as its retry-after.
		limit := strconv.Itoa(max(s.opts.QPS, 1))
		w.Header()["X-RateLimit-User"] = []string{"Limit:" + limit + ",Remain:0,TimeLeft:1000,Reset:1000"}
	}
	s.write(w, c, f.status, f.code, "Error", &gatewayEnvelope{
		RequestId: c.id, HostId: hostID, Code: f.code, Message: f.message,
		Recommend: "https://api.aliyun.com/troubleshoot?q=" + f.code + "&product=Dyplsapi&requestId=" + c.id,
	})
}

// write encodes the body in the form that the request asked for; root is its
// outermost element in XML.
func (s *Service) write(w http.ResponseWriter, c *request, status int, code, root string, body any) {
	s.meter.answered(code)
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.buf.Reset()
	var err error
	h := w.Header()
	if c.xml {
		e.buf.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n")
		err = xml.NewEncoder(&e.buf).EncodeElement(body, xml.StartElement{Name: xml.Name{Local: root}})
		h["Content-Type"] = []string{"text/xml;charset=utf-8"}
	} else {
		err = e.enc.Encode(body)
		h["Content-Type"] = []string{"application/json;charset=utf-8"}
	}
	if err != nil { // strings, integers and booleans: cannot fail
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h["X-Acs-Request-Id"] = []string{c.id}
	s.date(h)
	w.WriteHeader(status)
	w.Write(e.buf.Bytes()) // nobody left to tell when the caller is gone
}

// date says the service's time, if it is not this machine's; net/http says that.
func (s *Service) date(h http.Header) {
	switch {
	case s.opts.NoDate:
		h["Date"] = nil // nor does net/http
	case s.opts.Clock != 0:
		h["Date"] = []string{s.now().UTC().Format(http.TimeFormat)}
	}
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

func (s *Service) send503(w http.ResponseWriter) {
	s.date(w.Header())
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write([]byte(page503))
}
