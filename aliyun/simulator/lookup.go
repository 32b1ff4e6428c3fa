package simulator

// wrongPool reports whether the call names a pool that is not there. A legacy
// call names none.
func wrongPool(r *request) bool {
	k := r.p.get("PoolKey")
	return k != "" && k != PoolKey
}

// querySubsID answers the id of the live binding of an X, empty when X is
// free. Only this action refuses an unknown pool with HTTP 400, as its help
// page says.
func querySubsID(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.badRequest(codePoolKeyNotExist400)
	}
	n, ok := s.pool.numberOf(r.p.get("PhoneNoX"))
	if !ok {
		return s.refused(s.opts.UnknownX)
	}
	dead := s.view.Load().dead()
	b := s.pool.find(n, r.now, r.now.Add(-s.opts.VisibilityLag))
	ans := s.business(codeOK, "OK")
	switch {
	case b != nil && !dead:
		ans.env.SubsId = &held{id: subsID(b.subs)}
	case s.opts.FreeX == "" || s.opts.FreeX == freeNull:
		ans.env.SubsId = &held{null: s.opts.FreeX != ""}
	case s.opts.FreeX != freeAbsent:
		return s.refused(s.opts.FreeX)
	}
	return ans
}

// querySubscriptionDetail answers a live binding with Status 1, and the
// binding that ended last on its X, by lapse or by unbinding, with Status 0.
// Older ones are forgotten: isv.SUBS_NOT_EXIST.
func querySubscriptionDetail(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.refused(codePoolKeyNotExists)
	}
	n, ok := s.pool.numberOf(r.p.get("PhoneNoX"))
	if !ok {
		return s.refused(s.opts.UnknownX)
	}
	v := s.view.Load()
	if v.dead() {
		return s.refused(codeSubsNotExist)
	}
	id, status := r.p.get("SubsId"), 1
	b := s.pool.find(n, r.now, r.now.Add(-s.opts.VisibilityLag))
	if b == nil || subsID(b.subs) != id {
		b, status = s.pool.ended(n), 0
	}
	if b == nil || subsID(b.subs) != id {
		return s.refused(codeSubsNotExist)
	}
	if status == 0 && s.opts.EndedDetail != "" {
		return s.refused(s.opts.EndedDetail)
	}
	if s.opts.StatusTurned {
		status = 1 - status
	}
	created := v.time(b.created)
	if s.opts.CreatedUTC {
		created = b.created.UTC().Format(dateTime)
	}
	ans := s.business(codeOK, "OK")
	d := &secretDetail{
		SubsId: &id, PhoneNoA: new(v.phone(b.a)), PhoneNoB: new(v.phone(b.b)), PhoneNoX: new(secretNo(b.number)),
		GroupId: &b.group, ExpireDate: new(v.time(b.expires)), GmtCreate: &created, Status: &status,
		NeedRecord: &b.record, CallRestrict: &b.restrict, ASRStatus: &b.asr, ASRModelId: &b.asrModel,
	}
	for _, field := range s.opts.DetailHides {
		d.hide(field)
	}
	ans.env.SecretBindDetailDTO = d
	return ans
}

// unbindSubscription ends a live binding and frees its X.
func unbindSubscription(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.refused(codePoolKeyNotExists)
	}
	n, ok := s.pool.numberOf(r.p.get("SecretNo"))
	if ok && s.pool.unbind(n, r.p.get("SubsId"), r.now) {
		charge := ""
		ans := s.business(codeOK, "OK")
		ans.env.ChargeId = &charge
		return ans
	}
	return s.noSuchBinding()
}

// noSuchBinding refuses an unbinding or update of a binding that is not there.
func (s *Service) noSuchBinding() answer {
	if s.opts.OldUnbind {
		return s.business(codeIllegalArgument, "subs not exist")
	}
	return s.refused(codeSubsNotExist)
}

// province of a city in defaultCities; other cities have none here.
func province(city string) string {
	switch city {
	case "广州", "深圳":
		return "广东"
	case "杭州":
		return "浙江"
	case "北京", "上海":
		return city
	}
	return ""
}

// querySecretNoDetail answers what an X number is and whether it is bound.
// Locked and frozen numbers (SecretStatus 2 and 3) do not occur here.
func querySecretNoDetail(s *Service, r *request) answer {
	if wrongPool(r) {
		return s.refused(codePoolKeyNotExists)
	}
	n, ok := s.pool.numberOf(r.p.get("SecretNo"))
	if !ok {
		return s.refused(s.opts.UnknownX)
	}
	city := s.pool.names[s.pool.cityOf[n]]
	info := &secretInfo{
		CertifyStatus: 1, Province: province(city), City: city, Vendor: 1,
		PurchaseTime: beijing(s.meter.start),
	}
	if s.opts.Uncertified {
		info.CertifyStatus = 0
	}
	if s.pool.find(n, r.now, r.now.Add(-s.opts.VisibilityLag)) != nil {
		info.SecretStatus = 1
	}
	ans := s.business(codeOK, "OK")
	ans.env.SecretNoInfoDTO = info
	return ans
}
