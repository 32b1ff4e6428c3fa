package simulator_test

import (
	"strings"
	"testing"

	"axgbind/aliyun/simulator"

	"github.com/google/go-cmp/cmp"
)

func TestParseCities(t *testing.T) {
	got, err := simulator.ParseCities("北京=100, 上海 = 900")
	if diff := cmp.Diff([]simulator.CityNumbers{{City: "北京", N: 100}, {City: "上海", N: 900}}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for text, want := range map[string]string{
		"":                     "CITY=COUNT",
		"北京":                   "CITY=COUNT",
		"=5":                   "CITY=COUNT",
		"北京=5,":                "CITY=COUNT",
		"北京=many":              "whole number",
		"北京=0":                 "at least 1",
		"北京=-1":                "at least 1",
		"北京=1,北京=2":            "named twice",
		"北京=9999999,上海=2":      "more than",
		"北京=99999999999999999": "",
	} {
		if list, err := simulator.ParseCities(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v, want an error with %q", text, list, err, want)
		}
	}
}

func TestOptions(t *testing.T) {
	cities := []simulator.CityNumbers{{City: "北京", N: 2}}
	for want, o := range map[string]simulator.Options{
		"numbers is -1":           {Numbers: -1},
		"numbers is 10000001":     {Numbers: simulator.MaxNumbers + 1},
		"the cities add up to 2":  {Numbers: 3, Cities: cities},
		"named twice":             {Cities: append(cities, cities...)},
		"no name":                 {Cities: []simulator.CityNumbers{{N: 1}}},
		"latency is -1ns":         {Latency: -1},
		"jitter is -1ns":          {Jitter: -1},
		"visibility lag is -1ns":  {VisibilityLag: -1},
		"look-ups die after -2":   {LookupDiesAfter: -2},
		"unknown form \"b86\"":    {LookupForm: "a86,b86"},
		"unknown form \"\"":       {LookupForm: "a86,"},
		"one of a86, plus86":      {LookupForm: "a86,utc,0086"},
		"clock skew is -1ns":      {ClockSkew: -1},
		"qps is -1":               {QPS: -1},
		"look-up qps is 1000001":  {LookupQPS: 1000001},
		"business status is 99":   {BusinessStatus: 99},
		"unknown kind \"rain\"":   {Faults: []simulator.Fault{{Kind: "rain", P: 1}}},
		"the probability is 2":    {Faults: []simulator.Fault{{Kind: simulator.Slow, P: 2}}},
		"unknown action \"Bind\"": {Faults: []simulator.Fault{{Kind: simulator.Slow, Action: "Bind"}}},
		"an id and a secret":      {Keys: map[string]string{"id": ""}},
		"is not among the keys":   {KeyRefusals: map[string]string{"id": "Forbidden.RAM"}},
		"refusal of the key":      {KeyRefusals: map[string]string{"testid": "Forbidden RAM"}},
		"format is \"json\"":      {DefaultFormat: "json"},
		"same A is \"maybe\"":     {SameA: "maybe"},
		"\"no code\" is no code":  {BadGroup: "no code"},
		"\"nothing?\" is no code": {FreeX: "nothing?"},
		"\"-+\" is no code":       {EndedDetail: "-+"},
		"no field \"Group\"":      {DetailHides: []string{"Group"}},
		"\"X?\" is no code":       {UnknownX: "X?"},
		"\"-:\" is no code":       {LapsedUpdate: "-:"},
		"\"A\" is 99":             {Statuses: map[string]int{"A": 99}},
		"spelling of \"A\"":       {Spelling: map[string]string{"A": ""}},
	} {
		if s, err := simulator.New(o); err == nil || s != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want an error with %q", o, err, want)
		}
	}
	s := newService(t, simulator.Options{})
	if n := len(s.Numbers()); n != simulator.DefaultNumbers {
		t.Errorf("%d numbers by default", n)
	}
	s = newService(t, simulator.Options{Numbers: 2, Cities: cities})
	if n := len(s.Numbers()); n != 2 {
		t.Errorf("%d numbers, want 2", n)
	}
}
