package simulator_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"

	"github.com/google/go-cmp/cmp"
)

// Others end and change bindings, by form, query or JSON; each refusal says why and
// changes nothing.
func TestOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 2, SameA: simulator.SameAConflict})
		made := serve(t, s, bindCall("PhoneNoX", "17100000000", "OutId", "row"))
		serve(t, s, bindCall("PhoneNoX", "17100000001", "PhoneNoA", "13900001111"))
		id := made.SecretBindDTO.SubsId
		want := s.Bindings()
		later := inBeijing(2 * time.Hour)
		post := func(method, page, body string) (int, string) {
			r := httptest.NewRequest(method, "/simulator/"+page, strings.NewReader(body))
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			text, _ := io.ReadAll(w.Result().Body)
			return w.Code, strings.TrimSpace(string(text))
		}
		const x = "&SecretNo=17100000000"
		for _, tt := range []struct {
			method, page, body string
			status             int
			says               string
			change             func(*simulator.Binding)
		}{
			{"GET", "change", "", 405, "only POST", nil},
			{"GET", "release", "", 405, "only POST", nil},
			{"POST", "change", "", 400, "want SubsId and SecretNo", nil},
			{"POST", "change", "SubsId=" + id, 400, "want SubsId and SecretNo", nil},
			{"POST", "change", "SubsId=" + id + x, 400, "nothing to change", nil},
			{"POST", "change", "SubsId=" + id + x + "&GroupId=g", 400, `GroupId "g": isv.ILLEGAL_ARGUMENT`, nil},
			{"POST", "change", "SubsId=" + id + x + "&GroupId=7&PhoneNoA=1", 400, `PhoneNoA "1": isv.MOBILE_NUMBER_ILLEGAL`, nil},
			{"POST", "change", "SubsId=" + id + x + "&Expiration=1999-01-01%2000:00:00", 400, "isv.EXPIRE_DATE_ILLEGAL", nil},
			{"POST", "change", "SubsId=" + id + x + "&GroupId=7&PhoneNoA=13900001111", 409, "isv.UPDATE_CONFLICT", nil},
			{"POST", "change", "SubsId=" + id + "&SecretNo=17100000001&GroupId=7", 404, "no live binding", nil},
			{"POST", "change", "SubsId=" + id + "&SecretNo=18000000000&GroupId=7", 404, "no live binding", nil},
			{"POST", "change", "SubsId=" + id + x + "&Group=7", 400, `"Group" is no field`, nil},
			{"POST", "change", "SubsId=" + id + x + "&GroupId=7&GroupId=8", 400, "GroupId stands twice", nil},
			{"POST", "change", "SubsId=%zz", 400, "no form", nil},
			{"POST", "change", `{"SubsId":1}`, 400, "no JSON object of texts", nil},
			{"POST", "change", "SubsId=" + id + x + "&PhoneNoA=13900002222&GroupId=7", 204, "", func(b *simulator.Binding) { b.PhoneNoA, b.GroupId = "13900002222", "7" }},
			{"POST", "change", `{"SubsId":"` + id + `","SecretNo":"17100000000","PhoneNoB":"057188992688","Expiration":"` + later + `","OutId":"o"}`, 204, "",
				func(b *simulator.Binding) { b.PhoneNoB, b.Expiration, b.OutId = "057188992688", later, "o" }},
			{"POST", "change?SubsId=" + id + x + "&GroupId=8", "", 204, "", func(b *simulator.Binding) { b.GroupId = "8" }},
			{"POST", "release", "SubsId=" + id + x + "&GroupId=8", 400, "only", nil},
			{"POST", "release", "SubsId=1000000000009999" + x, 404, "no live binding", nil},
			{"POST", "release", "SubsId=" + id + x, 204, "", func(b *simulator.Binding) { *b = simulator.Binding{} }},
			{"POST", "release", "SubsId=" + id + x, 404, "no live binding", nil},
			{"POST", "change", "SubsId=" + id + x + "&GroupId=8", 404, "no live binding", nil},
			{"POST", "bindings", "", 405, "only GET", nil},
			{"GET", "nowhere", "", 404, "release and change", nil},
		} {
			status, text := post(tt.method, tt.page, tt.body)
			if status != tt.status || !strings.Contains(text, tt.says) || tt.says == "" && text != "" {
				t.Errorf("%s %s %s: %d %q, want %d %q", tt.method, tt.page, tt.body, status, text, tt.status, tt.says)
			}
			if tt.change != nil {
				if tt.change(&want[0]); want[0].SubsId == "" {
					want = want[1:]
				}
			}
			if diff := cmp.Diff(want, s.Bindings()); diff != "" {
				t.Fatalf("%s %s: %s", tt.page, tt.body, diff)
			}
		}
		if calls := s.Stats().Calls; calls != 2 {
			t.Errorf("%d calls, want the two of BindAxg", calls)
		}
		if err := s.Change(simulator.Binding{SubsId: want[0].SubsId, SecretNo: want[0].SecretNo, GroupId: "9"}); err != nil || s.Bindings()[0].GroupId != "9" {
			t.Errorf("%v %v", err, s.Bindings())
		}
		if err := s.Change(simulator.Binding{SubsId: id, SecretNo: "17100000000", GroupId: "9"}); err == nil {
			t.Error("changes what was released")
		}
	})
}

// Of a fault that names another's id, one kind names the first's, the other any that
// came before.
func TestIDTwice(t *testing.T) {
	for _, kind := range []simulator.FaultKind{simulator.IDTwice, simulator.IDTwiceAny} {
		s := newService(t, simulator.Options{Numbers: 60, SubsIDOffset: 5000, Faults: []simulator.Fault{{Kind: kind, P: 1}}})
		told := map[string]bool{}
		for i := range 60 {
			earlier := map[string]bool{}
			for _, b := range s.Bindings() {
				earlier[b.SubsId] = true
			}
			a := serve(t, s, bindCall())
			if told[a.SecretBindDTO.SubsId] = true; i > 0 && !earlier[a.SecretBindDTO.SubsId] {
				t.Fatalf("%s: binding %d is told %s", kind, i, a.SecretBindDTO.SubsId)
			}
		}
		if one := len(told) == 1; one != (kind == simulator.IDTwice) || len(s.Bindings()) != 60 {
			t.Errorf("%s: %d ids for %d bindings", kind, len(told), len(s.Bindings()))
		}
	}
}
