package batch_test

import (
	"testing"

	"axgbind/batch"
	"axgbind/batch/books"
)

func TestParseMaxFailures(t *testing.T) {
	for _, test := range []struct {
		text string
		want batch.MaxFailures
		ok   bool
	}{
		{"1", batch.MaxFailures{Count: 1}, true},
		{" 500 ", batch.MaxFailures{Count: 500}, true},
		{"50%", batch.MaxFailures{Percent: 50}, true},
		{" 0.5% ", batch.MaxFailures{Percent: 0.5}, true},
		{"100%", batch.MaxFailures{Percent: 100}, true},
		{"0", batch.MaxFailures{}, false}, {"-1", batch.MaxFailures{}, false}, {"", batch.MaxFailures{}, false},
		{"%", batch.MaxFailures{}, false}, {"0%", batch.MaxFailures{}, false}, {"-5%", batch.MaxFailures{}, false},
		{"100.1%", batch.MaxFailures{}, false}, {"NaN%", batch.MaxFailures{}, false}, {"1.5", batch.MaxFailures{}, false},
		{"5 %%", batch.MaxFailures{}, false}, {"many", batch.MaxFailures{}, false}, {"Inf%", batch.MaxFailures{}, false},
	} {
		if got, err := batch.ParseMaxFailures(test.text); got != test.want || (err == nil) != test.ok {
			t.Errorf("ParseMaxFailures(%q) = %v, %v", test.text, got, err)
		}
	}
}

func TestFailures(t *testing.T) {
	type end struct {
		n            int
		bad, refused bool
		code         string
	}
	ok := func(n int) end { return end{n, false, false, "OK"} }
	refused := func(n int, code string) end { return end{n, true, true, code} }
	unknown := func(n int) end { return end{n, true, false, "client.Timeout"} }
	for _, test := range []struct {
		name string
		max  batch.MaxFailures
		ends []end
		at   int // the end that stops; 0: none
		want books.Stop
	}{
		{"nothing bounds", batch.MaxFailures{}, []end{ok(1), refused(1000, "a")}, 0, ""},
		{"twenty alike", batch.MaxFailures{}, []end{refused(20, "a")}, 20, books.StopAllAlike},
		{"nineteen alike, one not", batch.MaxFailures{}, []end{refused(19, "a"), refused(500, "b")}, 0, ""},
		{"the first was good", batch.MaxFailures{}, []end{ok(1), refused(500, "a")}, 0, ""},
		{"the last was good", batch.MaxFailures{}, []end{refused(19, "a"), ok(1), refused(500, "a")}, 0, ""},
		{"twenty unknown", batch.MaxFailures{}, []end{unknown(500)}, 0, ""},
		{"refused like an unknown one", batch.MaxFailures{}, []end{unknown(1), refused(500, "client.Timeout")}, 0, ""},
		{"a number", batch.MaxFailures{Count: 5}, []end{ok(3), refused(4, "a"), ok(100), unknown(1)}, 108, books.StopMaxFailures},
		{"first of one", batch.MaxFailures{Count: 1}, []end{unknown(1)}, 1, books.StopMaxFailures},
		{"a share is not judged below 100", batch.MaxFailures{Percent: 1}, []end{ok(1), unknown(98)}, 0, ""},
		{"a share at 100", batch.MaxFailures{Percent: 50}, []end{ok(50), unknown(50)}, 100, books.StopMaxFailures},
		{"below the share", batch.MaxFailures{Percent: 50}, []end{ok(51), unknown(50)}, 0, ""},
		{"late", batch.MaxFailures{Percent: 1}, []end{ok(990), unknown(10)}, 1000, books.StopMaxFailures},
		{"all of them", batch.MaxFailures{Percent: 100}, []end{unknown(100)}, 100, books.StopMaxFailures},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := batch.NewFailures(test.max)
			n := 0
			for _, e := range test.ends {
				for range e.n {
					n++
					if got := f.Add(e.bad, e.refused, e.code); got != "" {
						if n != test.at || got != test.want {
							t.Errorf("end %d stops with %q, want %q at %d", n, got, test.want, test.at)
						}
						return
					}
				}
			}
			if test.at != 0 {
				t.Errorf("%d ends did not stop", n)
			}
		})
	}
}
