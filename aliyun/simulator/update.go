package simulator

import "strings"

// updateSubscription changes one thing of a live binding, as OperateType
// says. It judges in this order: pool, X, the new value, the binding.
func updateSubscription(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.refused(codePoolKeyNotExists)
	}
	n, ok := s.pool.numberOf(r.p.get("PhoneNoX"))
	if !ok {
		return s.refused(s.opts.UnknownX)
	}
	change, fault, ok := s.changeOf(r)
	if !ok {
		return fault
	}
	switch found, code := s.pool.update(n, r.p.get("SubsId"), r.now, change); {
	case found == absent:
		return s.noSuchBinding()
	case found == ended:
		return s.refused(s.opts.LapsedUpdate)
	case code != codeOK:
		return s.refused(code)
	}
	return s.business(codeOK, "OK")
}

// changeOf reads what is to be changed and checks the new value. A value that
// is absent is an illegal argument: nothing says that updating takes away.
func (s *Service) changeOf(r *request) (change func(*binding), fault answer, ok bool) {
	illegal := func(name string) (func(*binding), answer, bool) {
		return nil, s.business(codeIllegalArgument, name+" invalid"), false
	}
	switch r.p.get("OperateType") {
	case "updateNoA", "updateNoB":
		name := "PhoneNoA"
		if r.p.get("OperateType") == "updateNoB" {
			name = "PhoneNoB"
		}
		v := strings.Clone(r.p.get(name))
		switch {
		case v == "":
			return illegal(name)
		case !phoneNumber(v):
			return nil, s.refused(codeMobileNumberBad), false
		case name == "PhoneNoA":
			return func(b *binding) { b.a = v }, answer{}, true
		}
		return func(b *binding) { b.b = v }, answer{}, true
	case "updateExpire":
		t, fault, ok := s.expirationOf(r)
		return func(b *binding) { b.expires = t }, fault, ok
	case "updateAxgGroup":
		id, fault, ok := s.groupOf(r)
		return func(b *binding) { b.group = id }, fault, ok
	case "updateCallRestrict":
		v := strings.Clone(r.p.get("CallRestrict"))
		if !callRestrict(v) {
			return illegal("callRestrict")
		}
		if v == clearRestrict {
			v = ""
		}
		return func(b *binding) { b.restrict = v }, answer{}, true
	case "updateCallDisplayType":
		if !displayType(r.p.get("CallDisplayType")) {
			return illegal("callDisplayType")
		}
		return func(*binding) {}, answer{}, true // no answer shows it
	case "updateOutId":
		v := strings.Clone(r.p.get("OutId"))
		if v == "" {
			return illegal("outId")
		}
		return func(b *binding) { b.outID = v }, answer{}, true
	case "updateIsRecordingEnabled":
		v, ok := boolean(r.p.get("IsRecordingEnabled"))
		if !ok || r.p.get("IsRecordingEnabled") == "" {
			return illegal("isRecordingEnabled")
		}
		return func(b *binding) { b.record = v }, answer{}, true
	case "updateAsr":
		v, ok := boolean(r.p.get("ASRStatus"))
		model := strings.Clone(r.p.get("ASRModelId"))
		switch {
		case !ok || r.p.get("ASRStatus") == "":
			return illegal("asrStatus")
		case v && model == "":
			return illegal("asrModelId")
		}
		return func(b *binding) { b.asr, b.asrModel = v, model }, answer{}, true
	}
	return illegal("operateType")
}
