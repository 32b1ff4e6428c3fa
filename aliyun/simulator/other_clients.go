package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Unbind ends a live binding as somebody else's UnbindSubscription would, and
// reports whether there was one.
func (s *Service) Unbind(subs, x string) bool {
	n, ok := s.pool.numberOf(x)
	return ok && s.pool.unbind(n, subs, s.now())
}

// Change changes the live binding with b's SubsId and SecretNo as somebody else's
// UpdateSubscriptions would: those of PhoneNoA, PhoneNoB, GroupId, Expiration and
// OutId that are not empty take the place of what was there, all of them or, with
// an error, none. RequestId is nobody's to change and is not read.
func (s *Service) Change(b Binding) error {
	_, err := s.change(b)
	return err
}

var errNoBinding = errors.New("no live binding has this SubsId and SecretNo")

// change also returns the HTTP status that fits its error.
func (s *Service) change(b Binding) (status int, err error) {
	now := s.now()
	var changes []func(*binding)
	for _, field := range [...]struct{ how, name, value string }{
		{"updateNoA", "PhoneNoA", b.PhoneNoA},
		{"updateNoB", "PhoneNoB", b.PhoneNoB},
		{"updateAxgGroup", "GroupId", b.GroupId},
		{"updateExpire", "Expiration", b.Expiration},
		{"updateOutId", "OutId", b.OutId},
	} {
		if field.value == "" {
			continue
		}
		r := &request{now: now, p: params{{"OperateType", field.how}, {field.name, field.value}}}
		change, fault, ok := s.changeOf(r)
		if !ok {
			return http.StatusBadRequest, fmt.Errorf("%s %q: %s: %s", field.name, field.value, fault.env.Code, fault.env.Message)
		}
		changes = append(changes, change)
	}
	if len(changes) == 0 {
		return http.StatusBadRequest, errors.New("nothing to change: want some of PhoneNoA, PhoneNoB, GroupId, Expiration, OutId")
	}
	n, ok := s.pool.numberOf(b.SecretNo)
	if !ok {
		return http.StatusNotFound, errNoBinding
	}
	found, code := s.pool.update(n, b.SubsId, now, func(b *binding) {
		for _, change := range changes {
			change(b)
		}
	})
	switch {
	case found != live:
		return http.StatusNotFound, errNoBinding
	case code != codeOK:
		return http.StatusConflict, errors.New(code)
	}
	return http.StatusNoContent, nil
}

// meddle answers POST /simulator/release and POST /simulator/change: 204, or a
// status and a line of text that say what is wrong.
func (s *Service) meddle(w http.ResponseWriter, r *http.Request, page string) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		http.Error(w, "only POST", http.StatusMethodNotAllowed)
		return
	}
	b, err := bindingOf(r)
	status := http.StatusBadRequest
	switch {
	case err != nil:
	case b.SubsId == "" || b.SecretNo == "":
		err = errors.New("want SubsId and SecretNo, as /simulator/bindings shows them")
	case page == "change":
		status, err = s.change(b)
	case b != Binding{SubsId: b.SubsId, SecretNo: b.SecretNo}:
		err = errors.New("want SubsId and SecretNo only")
	case !s.Unbind(b.SubsId, b.SecretNo):
		status, err = http.StatusNotFound, errNoBinding
	}
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// bindingOf reads the fields of a binding, but RequestId, from a form, in the body
// or the query, or from a JSON object of texts.
func bindingOf(r *http.Request) (Binding, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return Binding{}, errors.New("the body cannot be read or is too large")
	}
	values := r.URL.Query()
	if len(body) > 0 && body[0] == '{' {
		var object map[string]string
		if err := json.Unmarshal(body, &object); err != nil {
			return Binding{}, fmt.Errorf("the body is no JSON object of texts: %w", err)
		}
		for name, value := range object {
			values.Set(name, value)
		}
	} else {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return Binding{}, fmt.Errorf("the body is no form: %w", err)
		}
		for name, list := range form {
			values[name] = append(values[name], list...)
		}
	}
	var b Binding
	fields := map[string]*string{
		"SubsId": &b.SubsId, "SecretNo": &b.SecretNo, "PhoneNoA": &b.PhoneNoA, "PhoneNoB": &b.PhoneNoB,
		"GroupId": &b.GroupId, "Expiration": &b.Expiration, "OutId": &b.OutId,
	}
	for name, list := range values {
		field := fields[name]
		if field == nil {
			return Binding{}, fmt.Errorf("%q is no field that can be given: there are SubsId, SecretNo, PhoneNoA, PhoneNoB, GroupId, Expiration and OutId", name)
		}
		if len(list) != 1 {
			return Binding{}, fmt.Errorf("%s stands twice", name)
		}
		*field = list[0]
	}
	return b, nil
}
