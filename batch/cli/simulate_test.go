package cli_test

import (
	"io"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
)

// caller speaks to the simulator as the program does.
func (s *service) caller() *aliyun.Client {
	s.t.Helper()
	c, err := aliyun.New(aliyun.Options{Endpoint: s.url, Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: testKey, AccessKeySecret: testSecret})})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(c.Close)
	return c
}

// others does what others who share the account may: page is release or change,
// pairs are names and values of its form. It returns the status and the text.
func (s *service) others(page string, pairs ...string) (int, string) {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := s.client.PostForm(s.url+"/simulator/"+page, form)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// TestSimulateMisleads: what the flags of the simulator say is what a client sees.
func TestSimulateMisleads(t *testing.T) {
	t.Parallel()
	const forever = math.MaxInt
	end := soon(30 * 24 * time.Hour)
	for _, tt := range []struct {
		name       string
		flags      []string
		a, expires string
		found      int           // look-ups that find the binding
		ahead      time.Duration // of its clock
	}{
		{"nothing", nil, phone(0), end, forever, 0},
		{"forms", []string{"--lookup-form", "utc", "--lookup-form", "a86"}, "86" + phone(0), "", forever, 0},
		{"joined", []string{"--lookup-form", "a86,utc"}, "86" + phone(0), "", forever, 0},
		{"one form", []string{"--lookup-form", "a86"}, "86" + phone(0), end, forever, 0},
		{"dies", []string{"--lookup-dies-after", "2"}, phone(0), end, 2, 0},
		{"dead", []string{"--lookup-dies-after", "0"}, "", "", 0, 0},
		{"lag", []string{"--visibility-lag", "1h"}, "", "", 0, 0},
		{"ahead", []string{"--clock", "10m"}, phone(0), end, forever, 10 * time.Minute},
		{"behind", []string{"--clock", "-600s"}, phone(0), end, forever, -10 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, append([]string{"--numbers", "5"}, tt.flags...)...)
			in := write(t, filepath.Join(newFolder(t), "in.csv"), table{{"PhoneNoA", "GroupId", "Expiration"}, {phone(0), "1", end}}.String())
			axgbind(t, sim.bind(in)...).want(t, 0)
			b, c := sim.bindings()[0], sim.caller()
			for i := range 4 {
				if i%2 == 0 {
					held, err := c.QuerySubsID(t.Context(), testPool, b.SecretNo)
					if err != nil || held.Free() == (i < tt.found) {
						t.Errorf("look-up %d: %+v %v", i, held, err)
					}
					continue
				}
				d, err := c.QuerySubscriptionDetail(t.Context(), testPool, b.SubsId, b.SecretNo)
				if (err == nil) != (i < tt.found) {
					t.Errorf("look-up %d: %v", i, err)
				}
				if err != nil {
					continue
				}
				beijing := d.Expiration.In(time.FixedZone("", 8*60*60)).Format(time.DateTime)
				if d.PhoneNoA != tt.a || tt.expires != "" && beijing != tt.expires || tt.expires == "" && beijing == end {
					t.Errorf("detail: %+v", d)
				}
				if off := (d.Ahead - tt.ahead).Abs(); off > time.Minute {
					t.Errorf("its clock is ahead by %v", d.Ahead)
				}
			}
			if n := len(sim.bindings()); n != 1 {
				t.Errorf("%d bindings", n)
			}
		})
	}
	t.Run("assumptions", func(t *testing.T) {
		t.Parallel()
		sim := simulate(t, "--numbers", "5", "--assume", "detail-hides=CallRestrict", "--assume", "free-x=null", "--assume", "no-date")
		in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 1).String())
		axgbind(t, sim.bind(in)...).want(t, 0)
		b, c := sim.bindings()[0], sim.caller()
		d, err := c.QuerySubscriptionDetail(t.Context(), testPool, b.SubsId, b.SecretNo)
		if err != nil || !slices.Equal(d.Hidden, []string{"CallRestrict"}) || d.Ahead != 0 {
			t.Errorf("%+v %v", d, err)
		}
		sim.others("release", "SubsId", b.SubsId, "SecretNo", b.SecretNo)
		if held, err := c.QuerySubsID(t.Context(), testPool, b.SecretNo); err == nil || held.Free() {
			t.Errorf("null is taken for free: %+v", held)
		}
	})
	axgbind(t, "simulate", "--assume", "weather=rain").want(t, 10)
	axgbind(t, "simulate", "--lookup-form", "a87").want(t, 10)
	axgbind(t, "simulate", "--lookup-dies-after", "-2").want(t, 10)
}

// TestSimulateOthers: others end and change bindings while the simulator runs.
func TestSimulateOthers(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--numbers", "5", "--fault", "id-twice-any=0")
	in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 2).String())
	axgbind(t, sim.bind(in)...).want(t, 0)
	b := sim.bindings()
	if status, says := sim.others("change", "SubsId", b[0].SubsId, "SecretNo", b[0].SecretNo, "PhoneNoA", phone(7)); status != http.StatusNoContent {
		t.Error(says)
	}
	if status, says := sim.others("release", "SubsId", b[1].SubsId, "SecretNo", b[1].SecretNo); status != http.StatusNoContent {
		t.Error(says)
	}
	if status, says := sim.others("release", "SubsId", b[1].SubsId, "SecretNo", b[1].SecretNo); status != http.StatusNotFound || !strings.Contains(says, "no live binding") {
		t.Error(says)
	}
	if left := sim.bindings(); len(left) != 1 || left[0].PhoneNoA != phone(7) || left[0].SubsId != b[0].SubsId {
		t.Errorf("%+v", left)
	}
}
