package aliyun_test

import (
	"testing"
	"time"
)

// TestServiceTime: an answer that can be relied on tells the service's time, a refusal
// too; anything else tells nothing.
func TestServiceTime(t *testing.T) {
	for body, tells := range map[string]bool{
		`{"Code":"OK","SubsId":""}`:                true,
		`{"Code":"isv.NO_NOT_EXIST"}`:              true,
		`{"Code":"InvalidTimeStamp.Expired"}`:      false, // a gateway's code under HTTP 200
		`{"Code":"isv.NO_NOT_EXIST","SubsId":"1"}`: false,
		`<html>log in first</html>`:                false,
	} {
		c, _ := lookups(t, body) // its time is 90 s ahead
		if at := c.ServiceTime(); !at.IsZero() {
			t.Errorf("before any answer it is %v", at)
		}
		for range 2 {
			_, _ = c.QuerySubsID(t.Context(), "FC100000000000001", "17000000000")
		}
		at := c.ServiceTime()
		if at.IsZero() == tells {
			t.Errorf("%s: told %v", body, at)
		}
		if ahead := time.Until(at); tells && (ahead < 85*time.Second || ahead > 91*time.Second) {
			t.Errorf("%s: %v ahead, want about 90 s", body, ahead)
		}
	}
}
