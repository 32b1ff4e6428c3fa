package simulator_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"axgbind/aliyun/simulator"
)

func create(tb testing.TB, s *simulator.Service, pairs ...string) (string, reply) {
	tb.Helper()
	a := serve(tb, s, look("CreateAxgGroup", pairs...))
	if a.GroupId == nil {
		return "", a
	}
	return strconv.FormatInt(*a.GroupId, 10), a
}

func operate(tb testing.TB, s *simulator.Service, id, how, numbers string) string {
	tb.Helper()
	return serve(tb, s, look("OperateAxgGroup", "GroupId", id, "OperateType", how, "Numbers", numbers)).Code
}

// list returns n telephone numbers from the i-th on.
func list(i, n int) string {
	var all []string
	for ; n > 0; n-- {
		all = append(all, fmt.Sprintf("139%08d", i))
		i++
	}
	return strings.Join(all, ",")
}

func TestGroups(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 1000})
	bind := func(group string) string { return serve(t, s, bindCall("GroupId", group)).Code }
	const refused = "isv.ILLEGAL_ARGUMENT"

	id, a := create(t, s, "Name", "客服", "Remark", "empty so far")
	if a.Code != "OK" || id == "" {
		t.Fatalf("%+v", a)
	}
	steps := []struct{ how, numbers, end, binding string }{
		{"", "", "", refused},
		{"addNumbers", "13900001111,057188992688", "OK", "OK"},
		{"deleteNumbers", "13900001111,13900009999", "OK", "OK"},
		{"deleteNumbers", "057188992688", "OK", refused},
		{"overwriteNumbers", list(0, 200), "OK", "OK"},
		{"overwriteNumbers", "13900001111", "OK", "OK"},
		{"deleteNumbers", "13900001111", "OK", refused},
		{"addNumbers", list(0, 200), "OK", "OK"},
		{"addNumbers", list(200, 1), "OK", "OK"},
		{"overwriteNumbers", "13900001111", refused, "OK"}, // holds 201
		{"addNumbers", list(0, 201), refused, "OK"},
		{"addNumbers", "1390000", "OK", "OK"},
		{"addNumbers", "x", "isv.MOBILE_NUMBER_ILLEGAL", "OK"},
		{"addNumbers", "13900001111,", "isv.MOBILE_NUMBER_ILLEGAL", "OK"},
		{"removeNumbers", "13900001111", refused, "OK"},
	}
	for i, st := range steps {
		if st.how != "" {
			if end := operate(t, s, id, st.how, st.numbers); end != st.end {
				t.Errorf("step %d, %s: %s, want %s", i, st.how, end, st.end)
			}
		}
		if got := bind(id); got != st.binding {
			t.Errorf("binding after step %d, %s: %s, want %s", i, st.how, got, st.binding)
		}
	}

	// an update goes to a group that holds a number only
	b := serve(t, s, bindCall()).SecretBindDTO
	empty, _ := create(t, s)
	if empty == id {
		t.Error("two groups have one id")
	}
	if a := update(b.SubsId, b.SecretNo, "updateAxgGroup", "GroupId", empty)(t, s); a.Code != refused {
		t.Errorf("update to an empty group: %s", a.Code)
	}
	full, _ := create(t, s, "Numbers", list(0, 200))
	if a := update(b.SubsId, b.SecretNo, "updateAxgGroup", "GroupId", full)(t, s); a.Code != "OK" {
		t.Errorf("update to a group: %s", a.Code)
	}

	// a group never made is good as it is, and known once numbers were put in
	if bind("4711") != "OK" || operate(t, s, "4711", "deleteNumbers", "13900001111") != "OK" || bind("4711") != "OK" {
		t.Error("a strange group is refused")
	}
	if operate(t, s, "4711", "addNumbers", "13900001111") != "OK" || operate(t, s, "4711", "deleteNumbers", "13900001111") != "OK" || bind("4711") != refused {
		t.Error("a group emptied before our eyes is good")
	}

	for name, tt := range map[string]struct {
		pairs []string
		code  string
	}{
		"long name":      {[]string{"Name", strings.Repeat("组", 129)}, refused},
		"good name":      {[]string{"Name", strings.Repeat("组", 128)}, "OK"},
		"long remark":    {[]string{"Remark", strings.Repeat("组", 257)}, refused},
		"good remark":    {[]string{"Remark", strings.Repeat("组", 256)}, "OK"},
		"201 numbers":    {[]string{"Numbers", list(0, 201)}, refused},
		"bad number":     {[]string{"Numbers", "+8613900001111"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		"unknown pool":   {[]string{"PoolKey", "FC2"}, "isv.POOLKEY_NOT_EXISTS"},
		"without a pool": {[]string{"PoolKey", ""}, "MissingPoolKey"},
	} {
		if _, a := create(t, s, tt.pairs...); a.Code != tt.code {
			t.Errorf("%s: %s, want %s", name, a.Code, tt.code)
		}
	}
	for name, tt := range map[string]struct {
		pairs []string
		code  string
	}{
		"unknown pool":    {[]string{"PoolKey", "FC2"}, "isv.POOLKEY_NOT_EXISTS"},
		"group no number": {[]string{"GroupId", "g"}, refused},
		"group negative":  {[]string{"GroupId", "-1"}, refused},
		"without numbers": {[]string{"Numbers", ""}, "MissingNumbers"},
	} {
		a := serve(t, s, look("OperateAxgGroup", append([]string{"GroupId", id, "OperateType", "addNumbers", "Numbers", "13900001111"}, tt.pairs...)...))
		if a.Code != tt.code {
			t.Errorf("operate, %s: %s, want %s", name, a.Code, tt.code)
		}
	}
}

// What groups keep is bounded, by groups and by numbers.
func TestGroupsAreBounded(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 1, StrictGroups: true})
	if code := operate(t, s, "4711", "addNumbers", "13900001111"); code != "isv.ILLEGAL_ARGUMENT" {
		t.Errorf("strange group: %s", code)
	}
	if code := serve(t, s, bindCall()).Code; code != "isv.ILLEGAL_ARGUMENT" {
		t.Errorf("binding to a strange group: %s", code)
	}
	one, _ := create(t, s)
	for i := range 1000 {
		if code := operate(t, s, one, "addNumbers", list(200*i, 200)); code != "OK" {
			t.Fatalf("%d numbers: %s", 200*i, code)
		}
	}
	if code := operate(t, s, one, "addNumbers", list(200_000, 1)); code != "isv.ILLEGAL_ARGUMENT" {
		t.Errorf("200,001 numbers: %s", code)
	}
	if code := operate(t, s, one, "deleteNumbers", list(0, 1)); code != "OK" {
		t.Error(code)
	}
	if _, a := create(t, s, "Numbers", list(0, 1)); a.Code != "OK" {
		t.Error(a.Code)
	}
	for i := range 1998 {
		if _, a := create(t, s); a.Code != "OK" {
			t.Fatalf("group %d: %s", i, a.Code)
		}
	}
	if _, a := create(t, s); a.Code != "isv.ILLEGAL_ARGUMENT" {
		t.Errorf("group 2001: %s", a.Code)
	}
	if a := serve(t, s, look("DeleteAxgGroup", "GroupId", one)); a.Code != "OK" {
		t.Error(a.Code)
	}
	for i := range 2 {
		if _, a := create(t, s, "Numbers", list(0, 200)); (a.Code == "OK") != (i == 0) {
			t.Errorf("group %d after a deletion: %s", i, a.Code)
		}
	}
}

// A group id taken before its time is not given a second time.
func TestGroupIdsAreFresh(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 1})
	first, _ := create(t, s)
	n, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	next := strconv.Itoa(n + 1)
	if code := operate(t, s, next, "addNumbers", "13900001111"); code != "OK" {
		t.Fatal(code)
	}
	if id, _ := create(t, s); id == next || id == first {
		t.Errorf("group %s is there already", id)
	}
}

// A group that no live binding names goes for good, with its numbers.
func TestDeleteAxgGroup(t *testing.T) {
	for _, strict := range []bool{false, true} {
		s := newService(t, simulator.Options{Numbers: 10, StrictGroups: strict})
		remove := func(id string, pairs ...string) reply {
			return serve(t, s, look("DeleteAxgGroup", append([]string{"GroupId", id}, pairs...)...))
		}
		const refused = "isv.ILLEGAL_ARGUMENT"
		id, _ := create(t, s, "Numbers", list(0, 3))
		other, _ := create(t, s, "Numbers", list(0, 3))
		b := serve(t, s, bindCall("GroupId", id)).SecretBindDTO
		if a := remove(id); a.Code != refused || a.Message != "group has bindings" {
			t.Errorf("with a binding: %s %s", a.Code, a.Message)
		}
		if a := remove(id, "PoolKey", "FC2"); a.Code != "isv.POOLKEY_NOT_EXISTS" {
			t.Errorf("in a strange pool: %s", a.Code)
		}
		if a := update(b.SubsId, b.SecretNo, "updateAxgGroup", "GroupId", other)(t, s); a.Code != "OK" {
			t.Fatal(a.Code)
		}
		if a := remove(id); a.Code != "OK" || a.Message != "SUCCESS" {
			t.Errorf("without: %s %s", a.Code, a.Message)
		}
		for what, code := range map[string]string{
			"binding": serve(t, s, bindCall("GroupId", id)).Code, "again": remove(id).Code, "numbers": operate(t, s, id, "addNumbers", list(0, 1)),
			"word": remove("g").Code, "negative": remove("-1").Code,
		} {
			if code != refused {
				t.Errorf("strict %v, of a deleted group, %s: %s", strict, what, code)
			}
		}
		if again, _ := create(t, s); again == id || again == other {
			t.Error("an id is given twice")
		}
		want := map[bool]string{false: "OK", true: refused}[strict]
		if a := remove("4711"); a.Code != want {
			t.Errorf("strict %v, a strange group: %s", strict, a.Code)
		}
		if a := serve(t, s, bindCall("GroupId", "4711")); a.Code != want {
			t.Errorf("strict %v, binding to it: %s", strict, a.Code)
		}
		if a := remove(other, "GroupId", ""); a.Code != "MissingGroupId" {
			t.Error(a.Code)
		}
	}
}
