package cli_test

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// schema checks JSON values against the few words of JSON Schema that the
// summary's schema uses. It refuses words that it does not know: a rule that
// nothing checks would only look like one.
type schema map[string]any

var schemaWords = []string{
	"$schema", "title", "description", "type", "required", "properties", "additionalProperties", "items",
	"enum", "const", "minimum", "minLength", "maxItems", "format",
}

func (s schema) check(at string, v any) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	for word := range s {
		if !slices.Contains(schemaWords, word) {
			fault("the schema says %q, which this test does not know", word)
		}
	}
	if want, ok := s["const"]; ok && !reflect.DeepEqual(v, want) {
		fault("%v, want %v", v, want)
	}
	if list, ok := s["enum"].([]any); ok && !slices.Contains(list, v) {
		fault("%v, want one of %v", v, list)
	}
	if kind, ok := s["type"].(string); ok && kindOf(v) != kind && (kind != "number" || kindOf(v) != "integer") {
		fault("is a %s, want %s", kindOf(v), kind)
		return faults
	}
	switch v := v.(type) {
	case float64:
		if least, ok := s["minimum"].(float64); ok && v < least {
			fault("%v, want at least %v", v, least)
		}
	case string:
		if least, ok := s["minLength"].(float64); ok && float64(len([]rune(v))) < least {
			fault("%q is too short", v)
		}
		if s["format"] == "date-time" {
			if _, err := time.Parse(time.RFC3339Nano, v); err != nil {
				fault("%v", err)
			}
		}
	case []any:
		if most, ok := s["maxItems"].(float64); ok && float64(len(v)) > most {
			fault("%d items, want at most %v", len(v), most)
		}
		if items, ok := s["items"].(map[string]any); ok {
			for i, item := range v {
				faults = append(faults, schema(items).check(fmt.Sprintf("%s[%d]", at, i), item)...)
			}
		}
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		required, _ := s["required"].([]any)
		for _, name := range required {
			if _, ok := v[name.(string)]; !ok {
				fault("lacks %v", name)
			}
			if _, ok := properties[name.(string)]; !ok {
				fault("requires %v and does not say what it is", name)
			}
		}
		for name, value := range v {
			if p, ok := properties[name].(map[string]any); ok {
				faults = append(faults, schema(p).check(at+"."+name, value)...)
			} else if s["additionalProperties"] == false {
				fault("has %s, which the schema does not know", name)
			}
		}
	}
	return faults
}

func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		if v == math.Trunc(v) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "null"
}

func summarySchema(t testing.TB) schema {
	t.Helper()
	return schema(object(t, filepath.Join("..", "..", "report", "summary.schema.json")))
}

func object(t testing.TB, path string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(read(t, path)), &o); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return o
}

// TestSummarySchema: the summaries of all kinds of runs are what the schema
// says, and what it describes is what they have.
func TestSummarySchema(t *testing.T) {
	s := summarySchema(t)
	p := newPlace(t)
	in := content(0, 6)
	in[2][0], in[4][2] = "1380013800x", "2020-01-01 00:00:00"
	p.write("in.csv", append(in, in[1], make([]string, len(in[0]))))
	met := map[string]bool{}
	judge := func(name, path string) {
		o := object(t, path)
		for key := range o {
			met[key] = true
		}
		for _, f := range s.check("summary", o) {
			t.Errorf("%s: %s", name, f)
		}
	}
	sum := p.path("sum.json")
	axgbind(t, "check", p.path("in.csv"), "--summary", sum, "--failed", p.path("fix.csv")).want(t, 3)
	judge("check", sum)
	axgbind(t, "check", p.path("in.csv"), "--summary", sum, "--strict", "--findings", p.path("found.csv")).want(t, 6)
	judge("check --strict", sum)
	axgbind(t, "bind", "--simulate", p.path("in.csv"), "--lang", "zh", "--summary", sum, "--failed", p.path("fix.csv")).want(t, 3)
	judge("bind --simulate", sum)
	p.bind(5, 2, "in.csv", "--limit", "2", "--summary", sum)
	judge("bind --limit", sum)

	q := newPlace(t, "--fault", "ram-deny=1")
	q.write("in.csv", content(0, 3))
	axgbind(t, q.sim.bind(q.path("in.csv"), "--summary", sum)...).want(t, 7)
	judge("account refused", sum)

	axgbind(t, "unbind", p.path("in.results.csv"), "--endpoint", p.sim.url, "--yes", "--summary", sum).want(t, 0)
	judge("unbind", sum)

	nobody := newPlace(t)
	nobody.write("in.csv", content(0, 3))
	axgbind(t, "bind", nobody.path("in.csv"), "--endpoint", "http://127.0.0.1:"+noDial(t), "--pool-key", testPool, "--until", "2s", "--summary", sum).want(t, 5)
	judge("nobody there", sum)

	judge("golden", filepath.Join("..", "..", "report", "testdata", "summary.json"))
	for name := range s["properties"].(map[string]any) {
		if !met[name] && name != "same_input" { // which takes another day: TestSameInput
			t.Errorf("no summary had %s", name)
		}
	}
}

// TestSummarySchemaRefuses: what is wrong with a summary is found.
func TestSummarySchemaRefuses(t *testing.T) {
	s := summarySchema(t)
	for _, c := range []struct {
		name string
		edit func(map[string]any)
		want string
	}{
		{"a key is missing", func(o map[string]any) { delete(o, "calls") }, "lacks calls"},
		{"a key nobody knows", func(o map[string]any) { o["speed"] = 1.0 }, "has speed"},
		{"a number as text", func(o map[string]any) { o["rows"] = "14" }, ".rows: is a string"},
		{"half a row", func(o map[string]any) { o["rows"] = 13.5 }, ".rows: is a number"},
		{"a negative count", func(o map[string]any) { o["retries"] = -1.0 }, ".retries: -1"},
		{"another version", func(o map[string]any) { o["version"] = 2.0 }, ".version: 2"},
		{"a status that cannot be", func(o map[string]any) { o["exit_status"] = 2.0 }, ".exit_status: 2"},
		{"a time of another form", func(o map[string]any) { o["started"] = "2026-11-23 03:00:00" }, ".started: parsing time"},
		{"a state too few", func(o map[string]any) { delete(o["counts"].(map[string]any), "UNKNOWN") }, ".counts: lacks UNKNOWN"},
		{"a failure without code", func(o map[string]any) { o["failures"].([]any)[0].(map[string]any)["code"] = "" }, ".failures[0].code"},
		{"no latency", func(o map[string]any) { o["latency_ms"] = nil }, ".latency_ms: is a null"},
	} {
		o := object(t, filepath.Join("..", "..", "report", "testdata", "summary.json"))
		c.edit(o)
		if got := strings.Join(s.check("summary", o), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
