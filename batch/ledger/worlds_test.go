package ledger

// worlds are the worlds that are explored to their end.
func worlds() []*world {
	const all = ResendUnknown | ResendReleased | Duplicates
	return []*world{
		{
			name: "binds", calls: 3,
			rows:  []task{{place: 1, val: 1}, {place: 1, val: 2}, {place: 2, val: 1}},
			world: withdraws | refusals | notsents | frees | sweeps | binds | idtwices,
		},
		{
			name: "named numbers", calls: 3,
			rows:  []task{{place: 1, val: 1, x: 1}, {place: 1, val: 2, x: 1}, {place: 2, val: 1, x: 1}},
			world: looks | frees | gones | binds | refusals,
		},
		{
			name: "a number that is taken", calls: 3,
			rows:  []task{{place: 1, val: 1, x: 1}, {place: 2, val: 1, x: 1}},
			world: looks | frees | gones | compacts,
		},
		{
			name: "look-ups that lie", calls: 3,
			rows:  []task{{place: 2, val: 1, x: 1}, {place: 2, val: 2, x: 1}, {place: 3, val: 1, x: 2}},
			world: looks | lies | gones | frees | alters, start: oneBound,
		},
		{
			name: "lists that lie", calls: 3, releases: true,
			rows:  []task{{place: 1, val: 2}, {place: 2, val: 1}, {place: 2, val: 2}},
			world: sweeps | lies | gones | frees | alters, start: oneBound,
		},
		{
			name: "one binding changed", calls: 4, renews: true, releases: true,
			rows:    []task{{place: 1, val: 1}, {place: 1, val: 2}},
			changes: []change{{val: 2}, {val: 3}},
			world:   parts | refusals | notsents, start: oneBound,
		},
		{
			name: "results fed in", calls: 2, renews: true, releases: true,
			rows:    []task{{place: 1, val: 1}, {place: 1, val: 2}, {place: 2, val: 1}, {place: 2, val: 2}},
			changes: []change{{place: 2, val: 1}},
			world:   sweeps | gones | compacts | notsents, start: fedIn,
		},
		{
			name: "one change made again", calls: 3, renews: true,
			rows:    []task{{place: 1, val: 2}},
			changes: []change{{val: 2}, {val: 3}},
			world:   parts | refusals | compacts, start: oneBound,
		},
		{
			name: "values without their place", calls: 3, releases: true,
			rows:    []task{{place: 2, val: 1}},
			changes: []change{{val: 2}, {place: 2, val: 1}, {place: 2, val: 2}},
			world:   refusals | compacts, start: oneBound,
		},
		{
			name: "renewals that move", calls: 3, renews: true, consents: ResendUnknown,
			rows:  []task{{place: 1, val: 1}, {place: 2, val: 1}, {place: 2, val: 2}},
			start: oneBound,
		},
		{
			name: "moves", calls: 4, releases: true,
			rows:    []task{{place: 1, val: 1}, {place: 2, val: 1}},
			changes: []change{{place: 1, val: 1}, {place: 2, val: 1}},
			start:   oneBound,
		},
		{
			name: "consents", calls: 3, releases: true, consents: all,
			rows:  []task{{place: 1, val: 1}, {place: 1, val: 1, occurrence: 1}, {place: 1, val: 2}},
			world: sweeps | refusals | notsents,
		},
		{
			name: "consents of named numbers", calls: 3, consents: all,
			rows:  []task{{place: 1, val: 1, x: 1}, {place: 1, val: 2, x: 1}},
			world: looks | refusals | frees,
		},
		{
			name: "consents and changes", calls: 3, releases: true, renews: true, consents: ResendUnknown | ResendReleased,
			rows:    []task{{place: 1, val: 1}, {place: 1, val: 2}},
			changes: []change{{place: 2, val: 1}},
			world:   sweeps | notsents | gones | frees,
		},
		{
			name: "another beside it", calls: 3, releases: true, consents: ResendUnknown | Another,
			rows:  []task{{place: 1, val: 1}, {place: 1, val: 2}},
			world: sweeps,
		},
		{
			name: "two batches", calls: 3, start: oneBound, batches: 2, renews: true, releases: true, renewed: true, noLists: true,
			rows:    []task{{place: 1, val: 1, batch: 1}, {place: 1, val: 1, batch: 2}, {place: 1, val: 2, batch: 2}},
			changes: []change{{val: 3}},
			world:   sweeps,
		},
		{
			name: "two batches and their words", calls: 3, batches: 2, consents: Duplicates | Another,
			rows: []task{{place: 1, val: 1, batch: 1}, {place: 1, val: 1, batch: 2}, {place: 1, val: 2, batch: 2}},
		},
		{
			name: "two bindings, renewed", calls: 2, consents: Another, renews: true,
			rows:  []task{{place: 1, val: 1}, {place: 1, val: 2}},
			start: twoBound,
		},
		{
			name: "two batches, compacted", calls: 3, batches: 2, renews: true, releases: true, noLists: true,
			rows:    []task{{place: 1, val: 1, batch: 1}, {place: 1, val: 1, batch: 2}},
			changes: []change{{val: 2}},
			world:   compacts | sweeps | notsents,
		},
		{
			name: "ends that are relative", calls: 4, batches: 2, renews: true, relative: true, releases: true, noLists: true,
			rows:  []task{{place: 1, val: 1, batch: 1}, {place: 1, val: 1, batch: 2}},
			world: parts | refusals | notsents,
		},
		{
			name: "lapse", calls: 4, releases: true, renews: true,
			rows:    []task{{place: 1, val: 1}, {place: 1, val: 2}},
			changes: []change{{val: 2}},
			world:   lapses | refusals,
		},
		{
			name: "ends that are relative, and lapse", calls: 4, batches: 2, renews: true, relative: true, noLists: true, releases: true,
			rows:  []task{{place: 1, val: 1, batch: 1}, {place: 1, val: 1, batch: 2}},
			world: lapses | refusals | notsents | sweeps | compacts,
		},
		{
			name: "a clock that is ahead", calls: 3, relative: true, releases: true, consents: Another,
			rows:  []task{{place: 1, val: 1}, {place: 1, val: 2}},
			world: lapses | aheads | refusals | notsents | sweeps | gones | compacts,
		},
	}
}

// oneBound is that a row was bound before the world begins.
func oneBound(s *state) {
	s.used++
	f := fact{call: s.used, op: Bind, row: task{place: 1, val: 1, batch: s.batch()}.key(), place: 1, val: 1}
	must(s.l.Apply(&Record{Kind: Intent, Op: Bind, Call: 1, Row: f.row, Place: 1, Ends: s.endsOf(1), At: 1, Due: 1 + wait, Ref: ref(&f, Intent)}))
	must(s.l.Apply(&Record{Kind: OK, Call: 1, Binding: 1, Code: "ok", Ref: ref(&f, OK)}))
	s.live = append(s.live, living{id: 1, place: 1, val: 1, call: 1, by: 1, maker: s.batch(), holder: s.batch()})
}

// twoBound is that a person had a second row bound beside the first.
func twoBound(s *state) {
	oneBound(s)
	s.used++
	f := fact{call: s.used, op: Bind, row: task{place: 1, val: 2, batch: s.batch()}.key(), place: 1, val: 2, consent: Another, phase: executed}
	must(s.l.Apply(&Record{Kind: Intent, Op: Bind, Call: 2, Row: f.row, Place: 1, Ends: s.endsOf(2), At: 1, Due: 1 + wait, Consent: Another, Ref: ref(&f, Intent)}))
	must(s.l.Apply(&Record{Kind: OK, Call: 2, Binding: 2, Code: "ok", Ref: ref(&f, OK)}))
	s.live, s.facts = append(s.live, living{id: 2, place: 1, val: 2, call: 2, by: 2, maker: s.batch(), holder: s.batch()}), append(s.facts, f)
}

// fedIn is that the journal was lost, and a results file tells of a row that is
// bound and of one whose call is in doubt and may still be executed; of a binding
// of somebody else nobody tells.
func fedIn(s *state) {
	s.used = 2
	bound, doubt := task{place: 1, val: 1}, fact{call: 2, op: Bind, row: task{place: 2, val: 1}.key(), place: 2, val: 1}
	must(s.l.Apply(&Record{
		Kind: Known, Op: Bind, Row: bound.key(), State: Bound, Binding: 1, Place: 1, Ends: s.endsOf(1), Code: "ok", Attempts: 1, Last: true, Maker: -1, Holder: -1,
		Ref: ref(&fact{call: 1, val: 1}, OK),
	}))
	must(s.l.Apply(&Record{
		Kind: Doubt, Op: Bind, Call: 2, Row: doubt.row, Place: 2, Ends: s.endsOf(1), Code: "lost", Attempts: 1, At: 1, Due: 1 + wait, Ref: ref(&doubt, Lost),
	}))
	s.live = append(s.live, living{id: 1, place: 1, val: 1, call: 1, by: 1}, living{id: foreign, place: 3, val: 3, others: true})
	s.facts = append(s.facts, doubt)
}
