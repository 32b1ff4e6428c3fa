package batch_test

import (
	"fmt"
	"testing"

	"axgbind/batch"
)

func TestCapacity(t *testing.T) {
	dry := func(c *batch.Capacity, pool, city string, from, n int) (stops int) {
		for i := range n {
			if c.Report(pool, city, fmt.Sprint(from+i), true) {
				stops++
			}
		}
		return stops
	}
	t.Run("twenty different A", func(t *testing.T) {
		c := batch.NewCapacity()
		if dry(c, "P", "北京", 0, 19) != 0 || c.Stopped("P", "北京") {
			t.Error("stopped before the twentieth")
		}
		if dry(c, "P", "北京", 19, 1) != 1 || !c.Stopped("P", "北京") {
			t.Error("not stopped by the twentieth")
		}
		if c.Stopped("P", "上海") || c.Stopped("P", "") || c.Stopped("Q", "北京") {
			t.Error("others are stopped too")
		}
		if dry(c, "P", "北京", 20, 30) != 0 {
			t.Error("stopped again")
		}
		if c.Report("P", "北京", "1", false); !c.Stopped("P", "北京") {
			t.Error("a late success undid the stop")
		}
	})
	t.Run("one A over and over", func(t *testing.T) {
		c := batch.NewCapacity()
		for range 1000 {
			c.Report("P", "", "13800138000", true)
		}
		if c.Stopped("P", "") {
			t.Error("one A alone stopped the pool")
		}
	})
	t.Run("a success between", func(t *testing.T) {
		c := batch.NewCapacity()
		dry(c, "P", "北京", 0, 19)
		c.Report("P", "上海", "1", false)
		c.Report("P", "北京", "1", false)
		if dry(c, "P", "北京", 0, 19) != 0 || c.Stopped("P", "北京") {
			t.Error("a success did not start the count anew")
		}
	})
	t.Run("three cities", func(t *testing.T) {
		c := batch.NewCapacity()
		for i, city := range []string{"北京", "上海", "广州"} {
			if c.Stopped("P", "深圳") {
				t.Errorf("pool stopped after %d cities", i)
			}
			dry(c, "P", city, 0, 20)
		}
		if !c.Stopped("P", "深圳") || !c.Stopped("P", "") || c.Stopped("Q", "深圳") {
			t.Error("three dry cities must stop their pool, and no other")
		}
	})
}
