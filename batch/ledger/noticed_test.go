package ledger

// noticedIn is where mutants are looked for first: the worlds in which they show.
// Those that are not named here show in the first world or are looked for in all.
func noticedIn() map[string]string {
	in := map[string]string{}
	for world, names := range map[string][]string{
		"renewals that move": {
			"ok bind: not passes",
			"guard IsOpen: not of a bind",
			"guard IsOpen: not of a renew",
			"guard IsOpen: lifted by consent 1",
			"guard BindingThere: lifted by consent 1",
			"guard BindThere: lifted by consent 1",
			"another change is made at once",
		},
		"one binding changed": {
			"ok renew: not passes",
			"ok update: no line",
			"ok update: goes elsewhere",
			"ok update: not changes",
			"ok update: not passes",
			"ok update: not succeeds",
			"ok update: not tells",
			"ok release: no line",
			"ok release: goes elsewhere",
			"ok release: not ends",
			"ok release: not succeeds",
			"ok release: not tells",
			"part renew: no line",
			"part renew: goes elsewhere",
			"part renew: not reopens",
			"part renew: not expires",
			"part renew: not tells",
			"part update: no line",
			"part update: goes elsewhere",
			"part update: not reopens",
			"part update: not expires",
			"part update: not tells",
			"notsent -: not unties",
			"guard WasReleased: not of a bind",
			"guard NotLive: not of a renew",
			"guard NotLive: not of a update",
			"guard NotLive: not of a release",
			"guard UnderWay: not of a renew",
			"guard UnderWay: not of a release",
			"a binding whose release is in doubt is gone",
			"a call made again settles the earlier ones",
		},
		"a number that is taken": {
			"ok bind: not succeeds",
			"refused -: not unties",
			"taken bind: no line",
			"taken bind: goes elsewhere",
			"taken bind: not refuses",
			"taken bind: not unties",
			"taken bind: not tells",
		},
		"results fed in": {
			"ok release: not passes",
			"ok renew: not succeeds",
			"guard InDoubt: not of a renew",
			"guard PlaceTaken: not of a renew",
			"guard PlaceTaken: not of a update",
			"a place that a binding may leave is free",
		},
		"one change made again": {
			"lost -: not reopens",
		},
		"consents": {
			"found bind: not lingers",
			"guard IsBound: lifted by consent 1",
			"guard IsBound: lifted by consent 2",
			"guard IsBound: lifted by consent 4",
			"guard InDoubt: lifted by consent 2",
			"guard InDoubt: lifted by consent 4",
			"guard WasReleased: lifted by consent 4",
			"guard BindingThere: lifted by consent 2",
			"guard BindThere: lifted by consent 2",
			"guard IsOpen: lifted by consent 4",
		},
		"consents and changes": {
			"absent bind: not unties",
			"guard IsOpen: lifted by consent 2",
			"found bind: not succeeds",
			"guard WasReleased: lifted by consent 1",
			"guard WasReleased: not lifted by consent 2",
		},
		"named numbers": {
			"looked -: no line",
			"looked -: goes elsewhere",
			"looked -: not tells",
		},
		"another beside it": {
			"guard IsOpen: lifted by consent 8",
			"guard IsBound: lifted by consent 8",
			"guard InDoubt: lifted by consent 8",
			"guard WasReleased: lifted by consent 8",
		},
		"moves": {
			"guard IsBound: not of a bind",
		},
		"two bindings, renewed": {
			"guard IsBound: not of a renew",
		},
		"values without their place": {
			"guard UnderWay: not of a update",
			"a place that a binding may come to is free",
		},
	} {
		for _, name := range names {
			in[name] = world
		}
	}
	return in
}
