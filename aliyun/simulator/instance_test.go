package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"axgbind/aliyun/simulator"
)

// Every answer names the instance, whatever was asked, and no two services share
// one unless they are told to.
func TestInstance(t *testing.T) {
	seen := map[string]bool{}
	for _, told := range []string{"", "", "0123456789abcdef"} {
		s, err := simulator.New(simulator.Options{Instance: told})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var id string
		for _, request := range []*http.Request{
			httptest.NewRequest("GET", "/simulator/stats", nil), httptest.NewRequest("HEAD", "/simulator/", nil), httptest.NewRequest("GET", "/nothing", nil),
			httptest.NewRequest("PUT", "/", nil), httptest.NewRequest("POST", "/?Action=BindAxg", nil),
		} {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, request)
			got := w.Result().Header.Values(simulator.InstanceHeader)
			if len(got) != 1 || !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(got[0]) || id != "" && got[0] != id || told != "" && got[0] != told {
				t.Errorf("%s %s: %q, before %q", request.Method, request.URL, got, id)
				continue
			}
			id = got[0]
		}
		if seen[id] {
			t.Errorf("%s twice", id)
		}
		seen[id] = true
		if calls := s.Stats().Calls; calls != 0 {
			t.Errorf("%d calls were counted", calls)
		}
	}
	for _, bad := range []string{"x", "0123456789abcde", "0123456789ABCDEF", "0123456789abcdef0", "../0123456789abcd"} {
		if _, err := simulator.New(simulator.Options{Instance: bad}); err == nil {
			t.Errorf("instance %q was taken", bad)
		}
	}
}
