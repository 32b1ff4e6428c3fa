package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"axgbind/batch/journal"
)

// scene is a folder in which a command is about to go wrong.
type scene struct {
	t      *testing.T
	dir    string
	sim    *service
	tunnel *service // to it; nothing tells that it is a simulator
}

func (s scene) path(name string) string { return filepath.Join(s.dir, name) }

func (s scene) write(name, text string) string { return write(s.t, s.path(name), text) }

// good writes a proper input and returns its path.
func (s scene) good() string { return s.write("in.csv", content(0, 3).String()) }

// journal is that of the real service.
func (s scene) journal() string { return filepath.Join(memory(s.t), "axgbind.journal") }

// done runs a command so that results and journal exist.
func (s scene) done(args []string) {
	s.t.Helper()
	axgbind(s.t, args...).want(s.t, 0)
}

// bind is a command line against the simulator in which later flags win.
func (s scene) bind(input string, flags ...string) []string { return s.sim.bind(input, flags...) }

// real is bind against what passes for the real service.
func (s scene) real(input string, flags ...string) []string { return s.tunnel.bind(input, flags...) }

// TestWrongUse: each wrong use is refused with its status, a reason and a cure
// on standard error, nothing on standard output, no call, and no file left behind
// or changed, but for a lock file that was there.
func TestWrongUse(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	named := *sim
	tunnel := named.real()
	flag := func(flags ...string) func(scene) []string {
		return func(s scene) []string { return s.bind(s.good(), flags...) }
	}
	file := func(name, text string, flags ...string) func(scene) []string {
		return func(s scene) []string { return s.bind(s.write(name, text), flags...) }
	}
	const head = "PhoneNoA,GroupId,Expiration\n"
	one := phone(0) + ",2000000000001," + expiration + "\n"

	for _, c := range []struct {
		name   string
		status int
		says   string // on standard error
		vars   map[string]string
		stdin  string
		begins string // a journal without rows that may be begun or begun anew
		args   func(scene) []string
	}{
		// The input.
		{name: "missing file", status: 6, says: "no such file", args: func(s scene) []string { return s.bind(s.path("none.csv")) }},
		{name: "directory", status: 6, says: "directory", args: func(s scene) []string { return s.bind(s.dir) }},
		{name: "empty file", status: 6, says: "empty", args: file("in.csv", "")},
		{name: "only a byte order mark", status: 6, says: "empty", args: file("in.csv", bom)},
		{name: "only line ends", status: 6, says: "empty", args: file("in.csv", "\r\n\r\n\n")},
		{name: "header only", status: 6, says: "no rows", args: file("in.csv", head)},
		{name: "no header", status: 6, says: "header", args: file("in.csv", one+one)},
		{name: "missing column", status: 6, says: "GroupId", args: file("in.csv", "PhoneNoA,Expiration,Shop\n"+phone(0)+","+expiration+",x\n")},
		{name: "missing column in Chinese", status: 6, says: "缺少列", args: file("in.csv", "PhoneNoA,Expiration\n1,2\n", "--lang", "zh")},
		{name: "column twice", status: 6, says: "two columns for PhoneNoA", args: file("in.csv", "PhoneNoA,A号码,GroupId,Expiration\n1,2,3,4\n")},
		{name: "bare phone column", status: 6, says: "could be", args: file("in.csv", "手机号,GroupId,Expiration\n1,2,3\n")},
		{name: "xlsx", status: 6, says: "Excel", args: file("in.csv", "PK\x03\x04\x14\x00\x06\x00xl/workbook.xml")},
		{name: "xls", status: 6, says: "Excel", args: file("in.csv", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00")},
		{name: "pdf", status: 6, says: "PDF", args: file("in.csv", "%PDF-1.7\n")},
		{name: "json", status: 6, says: "JSON", args: file("in.csv", "[{\"PhoneNoA\":\"13800138000\"}]")},
		{name: "gzip", status: 6, says: "gzip", args: file("in.csv", "\x1f\x8b\x08\x00\x00\x00")},
		{name: "strict", status: 6, says: "1 of 2 rows", args: file("in.csv", head+one+"12,2000000000001,"+expiration+"\n", "--strict")},
		{name: "strict in Chinese", status: 6, says: "1 行（共 2 行）", args: file("in.csv", head+one+"12,2000000000001,"+expiration+"\n", "--strict", "--lang=zh")},
		{name: "mapped column absent", status: 6, says: "Tel", args: flag("--map", "Tel=PhoneNoB")},
		{name: "standard input empty", status: 6, says: "empty", args: func(s scene) []string { return s.bind("-", "-o", s.path("out.csv")) }},

		// The command line.
		{name: "no command", status: 10, says: "no command", args: func(scene) []string { return nil }},
		{name: "unknown command", status: 10, says: "frobnicate", args: func(scene) []string { return []string{"frobnicate"} }},
		{name: "unknown command in Chinese", status: 10, says: "办法", args: func(scene) []string { return []string{"frobnicate", "--lang", "zh"} }},
		{name: "command misspelt", status: 10, says: "bnd", args: func(scene) []string { return []string{"bnd", "in.csv"} }},
		{name: "unknown flag", status: 10, says: "frobnicate", args: flag("--frobnicate")},
		{name: "unknown flag value", status: 10, says: "--rate", args: flag("--rate")},
		{name: "no INPUT", status: 10, says: "INPUT", args: func(s scene) []string { return []string{"bind", "--endpoint", s.sim.url} }},
		{name: "two INPUTs", status: 10, says: "got 2", args: func(s scene) []string { return append(s.bind(s.good()), s.good()) }},
		{name: "empty INPUT", status: 6, says: "input", args: func(s scene) []string { return s.bind("") }},
		{name: "no such language", status: 10, says: "lang", args: flag("--lang", "tlh")},
		{name: "rate 0", status: 10, says: "rate", args: flag("--rate", "0")},
		{name: "rate -1", status: 10, says: "rate", args: flag("--rate", "-1")},
		{name: "rate 6000", status: 10, says: "5000", args: flag("--rate", "6000")},
		{name: "rate NaN", status: 10, says: "rate", args: flag("--rate", "NaN")},
		{name: "rate Inf", status: 10, says: "rate", args: flag("--rate", "+Inf")},
		{name: "rate x", status: 10, says: "rate", args: flag("--rate", "x")},
		{name: "rate x in Chinese", status: 10, says: "办法", args: flag("--rate", "0", "--lang", "zh")},
		{name: "timeout 0", status: 10, says: "timeout", args: flag("--timeout", "0")},
		{name: "timeout negative", status: 10, says: "timeout", args: flag("--timeout", "-1s")},
		{name: "timeout without unit", status: 10, says: "timeout", args: flag("--timeout", "10")},
		{name: "retries negative", status: 10, says: "retries", args: flag("--retries", "-1")},
		{name: "limit 0", status: 10, says: "limit", args: flag("--limit", "0")},
		{name: "limit negative", status: 10, says: "limit", args: flag("--limit", "-5")},
		{name: "in flight 0", status: 10, says: "max-inflight", args: flag("--max-inflight", "0")},
		{name: "in flight 2000", status: 10, says: "max-inflight", args: flag("--max-inflight", "2000")},
		{name: "in flight x", status: 10, says: "max-inflight", args: flag("--max-inflight", "lots")},
		{name: "default without value", status: 10, says: "FIELD=VALUE", args: flag("--default", "GroupId")},
		{name: "default empty", status: 10, says: "FIELD=VALUE", args: flag("--default", "GroupId=")},
		{name: "default of no field", status: 10, says: "default", args: flag("--default", "Colour=red")},
		{name: "default twice", status: 10, says: "two values", args: flag("--default", "GroupId=1", "--default", "GroupId=2")},
		{name: "default Expiration nonsense", status: 10, says: "+30d", args: flag("--default", "Expiration=+30w")},
		{name: "default Expiration +0d", status: 10, says: "+30d", args: flag("--default", "Expiration=+0d")},
		{name: "map without field", status: 10, says: "COLUMN=FIELD", args: flag("--map", "OutId")},
		{name: "map to no field", status: 10, says: "map", args: flag("--map", "OutId=Colour")},
		{name: "resend nonsense", status: 10, says: "failed | unknown", args: flag("--resend", "everything")},
		{name: "resend OK", status: 10, says: "failed | unknown", args: flag("--resend", "OK")},
		{name: "resend bound", status: 10, says: "failed | unknown", args: flag("--resend", "bound")},
		{name: "resend BOUND", status: 10, says: "failed | unknown", args: flag("--resend", "BOUND")},
		{name: "resend nothing", status: 10, says: "resend", args: flag("--resend", "")},
		{name: "until nonsense", status: 10, says: "HH:MM", args: flag("--until", "25:00")},
		{name: "until past", status: 10, says: "HH:MM", args: flag("--until", "-2h")},
		{name: "until where", status: 10, says: "HH:MM", args: flag("--until", "2099-12-31T06:00:00")},
		{name: "environment until", status: 10, says: "HH:MM", vars: map[string]string{"AXGBIND_UNTIL": "long"}, args: flag()},
		{name: "until word", status: 10, says: "HH:MM", args: flag("--until", "noon")},
		{name: "until now", status: 10, says: "HH:MM", args: flag("--until", "0s")},
		{name: "max-failures 0", status: 10, says: "max-failures", args: flag("--max-failures", "0")},
		{name: "max-failures 0%", status: 10, says: "max-failures", args: flag("--max-failures", "0%")},
		{name: "max-failures 101%", status: 10, says: "max-failures", args: flag("--max-failures", "101%")},
		{name: "max-failures NaN%", status: 10, says: "max-failures", args: flag("--max-failures", "NaN%")},
		{name: "max-failures x", status: 10, says: "max-failures", args: flag("--max-failures", "x")},
		{name: "when-bound x", status: 10, says: "refuse | skip", args: flag("--when-bound", "x")},
		{name: "encoding x", status: 10, says: "gb18030", args: flag("--encoding", "big5")},
		{name: "delimiter x", status: 10, says: "semicolon", args: flag("--delimiter", "x")},
		{name: "progress x", status: 10, says: "plain", args: flag("--progress", "x")},
		{name: "pool key twice", status: 10, says: "exclude", args: flag("--default", "PoolKey=FC2")},
		{name: "no pool key", status: 10, says: "--pool-key", args: func(s scene) []string { return []string{"bind", s.good(), "--endpoint", s.sim.url} }},
		{name: "simulate and endpoint", status: 10, says: "exclude", args: flag("--simulate")},
		{name: "environment", status: 10, says: "AXGBIND_RATE", vars: map[string]string{"AXGBIND_RATE": "x"}, args: flag()},
		{name: "environment range", status: 10, says: "rate", vars: map[string]string{"AXGBIND_RATE": "0"}, args: flag()},
		{name: "environment boolean", status: 10, says: "AXGBIND_STRICT", vars: map[string]string{"AXGBIND_STRICT": "perhaps"}, args: flag()},
		{name: "environment duration", status: 10, says: "AXGBIND_TIMEOUT", vars: map[string]string{"AXGBIND_TIMEOUT": "long"}, args: flag()},

		// The endpoint.
		{name: "endpoint no URL", status: 10, says: "endpoint", args: flag("--endpoint", "dyplsapi")},
		{name: "endpoint ftp", status: 10, says: "endpoint", args: flag("--endpoint", "ftp://127.0.0.1")},
		{name: "endpoint with path", status: 10, says: "endpoint", args: flag("--endpoint", sim.url+"/api")},
		{name: "endpoint with query", status: 10, says: "endpoint", args: flag("--endpoint", sim.url+"/?k=v")},
		{name: "endpoint with user", status: 10, says: "endpoint", args: flag("--endpoint", strings.Replace(sim.url, "://", "://me:pw@", 1))},
		{name: "endpoint port", status: 10, says: "endpoint", args: flag("--endpoint", "https://127.0.0.1:0")},
		{name: "endpoint plain http elsewhere", status: 10, says: "example.com", args: flag("--endpoint", "http://example.com")},
		{name: "endpoint plain http elsewhere in Chinese", status: 10, says: "服务地址", args: flag("--endpoint", "http://example.com", "--lang", "zh")},
		{name: "endpoint that begins like loopback", status: 10, says: "endpoint", args: flag("--endpoint", "http://127.0.0.1.example.com")},
		{name: "endpoint localhost of others", status: 10, says: "endpoint", args: flag("--endpoint", "http://localhost.example.com")},

		// Where results go.
		{name: "standard input without -o", status: 10, says: "-o", stdin: head + one, args: func(s scene) []string { return s.bind("-") }},
		{name: "results to standard output", status: 10, says: "-o", args: flag("-o", "-")},
		{name: "results are a directory", status: 10, says: "directory", args: func(s scene) []string {
			s.mkdir("out.csv")
			return s.bind(s.good(), "-o", s.path("out.csv"))
		}},
		{name: "results in a missing folder", status: 10, says: "no such file", args: func(s scene) []string { return s.bind(s.good(), "-o", s.path("none/out.csv")) }},
		{name: "results below a file", status: 10, says: "out", args: func(s scene) []string { return s.bind(s.good(), "-o", s.path("in.csv/out.csv")) }},
		{name: "results are the input", status: 10, says: "input itself", args: func(s scene) []string { return s.bind(s.good(), "-o", s.path("in.csv")) }},
		{name: "results are the input, spelt otherwise", status: 10, says: "input itself", args: func(s scene) []string {
			s.mkdir("sub")
			return s.bind(s.good(), "-o", s.dir+"/sub/../in.csv")
		}},
		{name: "results are a symlink to the input", status: 10, says: "input itself", args: func(s scene) []string {
			in := s.good()
			s.must(os.Symlink("in.csv", s.path("out.csv")))
			return s.bind(in, "-o", s.path("out.csv"))
		}},
		{name: "results are a hard link to the input", status: 10, says: "input itself", args: func(s scene) []string {
			in := s.good()
			s.must(os.Link(in, s.path("out.csv")))
			return s.bind(in, "-o", s.path("out.csv"))
		}},
		{name: "input is a symlink to the results", status: 10, says: "input itself", args: func(s scene) []string {
			s.write("out.csv", content(0, 3).String())
			s.must(os.Symlink("out.csv", s.path("in.csv")))
			return s.bind(s.path("in.csv"), "-o", s.path("out.csv"))
		}},
		{name: "results are a symlink to itself", status: 10, says: "out.csv", args: func(s scene) []string {
			s.must(os.Symlink("out.csv", s.path("out.csv")))
			return s.bind(s.good(), "-o", s.path("out.csv"))
		}},
		{name: "results are a foreign file", status: 10, says: "no results file", args: func(s scene) []string {
			s.write("in.results.csv", "Name,Salary\nme,1\n")
			return s.bind(s.good())
		}},
		{name: "results are a foreign file in Chinese", status: 10, says: "不是 axgbind 的结果文件", args: func(s scene) []string {
			s.write("in.results.csv", "not even a table")
			return s.bind(s.good(), "--lang", "zh")
		}},
		{name: "results are another input", status: 10, says: "no results file", args: func(s scene) []string {
			s.write("other.csv", content(10, 2).String())
			return s.bind(s.good(), "-o", s.path("other.csv"))
		}},
		{name: "results are the journal", status: 10, says: "same file", args: func(s scene) []string {
			return s.real(s.good(), "-o", s.journal())
		}},
		{name: "journal is the input", status: 10, says: "same file", args: func(s scene) []string { return s.real(s.good(), "--journal", s.path("in.csv")) }},
		{name: "journal is the input of a simulated run", status: 10, says: "not an axgbind journal", args: func(s scene) []string {
			return s.bind(s.good(), "--journal", s.path("in.csv"))
		}},
		{name: "journal is a folder without one", status: 10, says: "there is no journal at", args: func(s scene) []string {
			s.mkdir("j")
			return s.real(s.good(), "--journal", s.path("j"))
		}},
		{name: "journal in a missing folder", status: 10, says: "there is no journal at", args: func(s scene) []string { return s.real(s.good(), "--journal", s.path("none/j")) }},
		{name: "journal is a foreign file", status: 10, says: "not an axgbind journal", args: func(s scene) []string {
			s.write("j", "dear diary\n")
			return s.bind(s.good(), "--journal", s.path("j"))
		}},
		{name: "real run: journal is a foreign file", status: 10, says: "not an axgbind journal", args: func(s scene) []string {
			s.write("j", "dear diary\n")
			return s.real(s.good(), "--journal", s.path("j"))
		}},
		{name: "journal is a foreign file without line end", status: 10, says: "not an axgbind journal", args: func(s scene) []string {
			s.write("j", "dear diary")
			return s.bind(s.good(), "--journal", s.path("j"))
		}},
		{name: "real run: journal is a foreign file without line end", status: 10, says: "not an axgbind journal", args: func(s scene) []string {
			s.write("j", "dear diary")
			return s.real(s.good(), "--journal", s.path("j"))
		}},
		{name: "failed is the input", status: 10, says: "same file", args: func(s scene) []string { return s.bind(s.good(), "--failed", s.path("in.csv")) }},
		{name: "failed is the results", status: 10, says: "same file", args: func(s scene) []string {
			return s.bind(s.good(), "--failed", s.path("in.results.csv"))
		}},
		{name: "failed in a missing folder", status: 10, says: "no such file", args: func(s scene) []string { return s.bind(s.good(), "--failed", s.path("none/f.csv")) }},
		{name: "failed is a directory", status: 10, says: "directory", args: func(s scene) []string {
			s.mkdir("f")
			return s.bind(s.good(), "--failed", s.path("f"))
		}},
		{name: "summary is the input", status: 10, says: "same file", args: func(s scene) []string { return s.bind(s.good(), "--summary", s.path("in.csv")) }},
		{name: "summary in a missing folder", status: 10, says: "no such file", args: func(s scene) []string { return s.bind(s.good(), "--summary", s.path("none/s.json")) }},
		{name: "log is the input", status: 10, says: "same file", args: func(s scene) []string { return s.bind(s.good(), "--log", s.path("in.csv")) }},
		{name: "log is the journal", status: 10, says: "same file", args: func(s scene) []string {
			return s.real(s.good(), "--log", s.journal())
		}},
		{name: "log in a missing folder", status: 10, says: "no such file", args: func(s scene) []string { return s.bind(s.good(), "--log", s.path("none/l")) }},
		{name: "check: failed is the input", status: 10, says: "same file", args: func(s scene) []string {
			return []string{"check", s.write("in.csv", head+one+"12,3,4\n"), "--failed", s.path("in.csv")}
		}},
		{name: "check: summary is the input", status: 10, says: "same file", args: func(s scene) []string { return []string{"check", s.good(), "--summary", s.path("in.csv")} }},
		{name: "dry run: failed is the input", status: 10, says: "same file", args: func(s scene) []string {
			return s.bind(s.good(), "--dry-run", "--failed", s.path("in.csv"))
		}},

		// What was there before.
		{name: "results without journal", status: 10, says: "is gone", args: func(s scene) []string {
			s.done(s.real(s.good()))
			s.must(os.Remove(s.journal()))
			return s.real(s.path("in.csv"))
		}},
		{name: "results without journal in Chinese", status: 10, says: "不见了", args: func(s scene) []string {
			s.done(s.real(s.good()))
			s.must(os.Remove(s.journal()))
			return s.real(s.path("in.csv"), "--lang", "zh")
		}},
		{name: "neither journal nor lock", status: 10, says: "axgbind journal init", args: func(s scene) []string {
			s.must(os.Remove(s.journal()))
			s.must(os.Remove(s.journal() + ".lock"))
			return s.real(s.good())
		}},
		{name: "results with an empty journal", status: 10, says: "is gone", args: func(s scene) []string {
			s.done(s.real(s.good()))
			write(s.t, s.journal(), "")
			return s.real(s.path("in.csv"))
		}},
		{name: "results with a journal of its header only", status: 10, says: "it is an old copy", args: func(s scene) []string {
			s.done(s.real(s.good()))
			header, _, _ := strings.Cut(read(s.t, s.journal()), "\n")
			write(s.t, s.journal(), header+"\n")
			return s.real(s.path("in.csv"))
		}},
		{name: "results with a journal of zeros", status: 10, says: "is gone", args: func(s scene) []string {
			s.done(s.real(s.good()))
			write(s.t, s.journal(), strings.Repeat("\x00", 2000))
			return s.real(s.path("in.csv"))
		}},
		{name: "journal of a simulated run", status: 10, says: "simulated", args: func(s scene) []string {
			s.done(s.bind(s.good()))
			return s.real(s.path("in.csv"), "-o", s.path("out.csv"), "--journal", memoryOf(s.t))
		}},
		{name: "simulated run at a real journal", status: 10, says: "real run", args: func(s scene) []string {
			return []string{"bind", "--simulate", s.good(), "--journal", s.journal()}
		}},
		{name: "simulated run at real results", status: 10, says: "bindings that the journal does not know", args: func(s scene) []string {
			s.done(s.real(s.good()))
			return []string{"bind", "--simulate", s.path("in.csv"), "-o", s.path("in.results.csv")}
		}},
		{name: "simulated run at real results, simulated journal elsewhere", status: 10, says: "bindings that the journal does not know", begins: "sim.journal", args: func(s scene) []string {
			s.done(s.real(s.good()))
			s.done([]string{"bind", "--simulate", s.path("in.csv"), "-o", s.path("sim.csv"), "--journal", s.path("sim.journal")})
			return []string{"bind", "--simulate", s.path("in.csv"), "-o", s.path("in.results.csv"), "--journal", s.path("sim.journal")}
		}},
		{name: "results of a simulated run as input", status: 10, says: "simulated", args: func(s scene) []string {
			s.done([]string{"bind", "--simulate", s.good()})
			return s.real(s.path("in.simulated.results.csv"))
		}},
		{name: "damaged journal", status: 10, says: "damaged at line", args: func(s scene) []string {
			in := s.good()
			s.done(s.bind(in))
			j := []byte(read(s.t, memoryOf(s.t)))
			j[len(j)/2] ^= 1
			write(s.t, memoryOf(s.t), string(j))
			return s.bind(in)
		}},
		{name: "damaged journal in Chinese", status: 10, says: "行损坏", args: func(s scene) []string {
			in := s.good()
			s.done(s.bind(in))
			j := []byte(read(s.t, memoryOf(s.t)))
			j[len(j)/3] ^= 1
			write(s.t, memoryOf(s.t), string(j))
			return s.bind(in, "--lang", "zh")
		}},
		{name: "damaged last record of a journal", status: 10, says: "damaged at line", args: func(s scene) []string {
			in := s.good()
			s.done(s.bind(in))
			j := []byte(read(s.t, memoryOf(s.t)))
			j[len(j)-20] ^= 1
			write(s.t, memoryOf(s.t), string(j))
			return s.bind(in)
		}},
		{name: "damaged header of a journal", status: 10, says: "not an axgbind journal", args: func(s scene) []string {
			in := s.good()
			s.done(s.bind(in))
			j := []byte(read(s.t, memoryOf(s.t)))
			j[20] ^= 1
			write(s.t, memoryOf(s.t), string(j))
			return s.bind(in)
		}},
		{name: "journal of a newer version", status: 10, says: "or a newer one", args: func(s scene) []string {
			in := s.good()
			s.done(s.bind(in))
			j := read(s.t, memoryOf(s.t))
			write(s.t, memoryOf(s.t), version(s.t, j, 99))
			return s.bind(in)
		}},
		{name: "journal of an older version", status: 10, says: "written by an older axgbind", args: func(s scene) []string {
			in := s.good()
			s.done(s.bind(in))
			j := read(s.t, memoryOf(s.t))
			write(s.t, memoryOf(s.t), version(s.t, j, 1))
			return s.bind(in)
		}},
		{name: "journal of the first version in Chinese", status: 10, says: "用写入它的版本完成", args: func(s scene) []string {
			write(s.t, s.journal(), firstVersion)
			return s.real(s.good(), "--lang", "zh")
		}},
		{name: "status: journal of the first version", status: 10, says: "written by an older axgbind", args: func(s scene) []string {
			write(s.t, s.journal(), firstVersion)
			return []string{"status"}
		}},

		// The other commands.
		{name: "check: missing file", status: 6, says: "no such file", args: func(s scene) []string { return []string{"check", s.path("none.csv")} }},
		{name: "check: no INPUT", status: 10, says: "INPUT", args: func(s scene) []string { return []string{"check"} }},
		{name: "check: rate", status: 10, says: "rate", args: func(s scene) []string { return []string{"check", s.good(), "--rate", "0"} }},
		{name: "simulate: listens to everyone", status: 10, says: "loopback", args: func(scene) []string { return []string{"simulate", "--listen", "0.0.0.0:0"} }},
		{name: "simulate: fault", status: 10, says: "fault", args: func(scene) []string { return []string{"simulate", "--fault", "meteor=1"} }},
		{name: "simulate: cities", status: 10, says: "cities", args: func(scene) []string { return []string{"simulate", "--cities", "北京"} }},
		{name: "simulate: argument", status: 10, says: "simulate", args: func(scene) []string { return []string{"simulate", "in.csv"} }},
		{name: "template: file exists", status: 10, says: "exists", args: func(s scene) []string { return []string{"template", "-o", s.good()} }},
		{name: "version: argument", status: 10, says: "version", args: func(scene) []string { return []string{"version", "x"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scene{t, newFolder(t), sim, tunnel}
			everything := func() map[string]string {
				all := photograph(t, s.dir)
				for name, text := range photograph(t, memory(t)) {
					all["journal's folder: "+name] = text
				}
				return all
			}
			args := c.args(s)
			before, calls := everything(), sim.calls()
			got := axgbindWith(t, c.vars, c.stdin, args...)
			if got.status != c.status {
				t.Fatalf("%q: want status %d, got %s", args, c.status, got)
			}
			if got.stdout != "" {
				t.Errorf("on standard output: %q", got.stdout)
			}
			if !strings.Contains(got.stderr, c.says) {
				t.Errorf("want %q in\n%s", c.says, got.stderr)
			}
			zh := slices.Contains(args, "zh") || slices.Contains(args, "--lang=zh")
			cure, last := "  cure: ", fmt.Sprintf("status %d: ", c.status)
			if zh {
				cure, last = "  办法：", fmt.Sprintf("状态 %d：", c.status)
			}
			if !strings.Contains(got.stderr, cure) {
				t.Errorf("no cure in\n%s", got.stderr)
			}
			if !strings.HasPrefix(got.atEnd(), last) {
				t.Errorf("at the end %q, want %q", got.atEnd(), last)
			}
			if strings.Contains(got.stderr, "k=v") || strings.Contains(got.stderr, "me:pw") {
				t.Errorf("query or password of an endpoint in\n%s", got.stderr)
			}
			if n := sim.calls() - calls; n != 0 {
				t.Errorf("%d calls", n)
			}
			for name, text := range everything() {
				switch old, ok := before[name]; {
				case strings.HasSuffix(name, ".lock") && ok, name == c.begins:
				case !ok:
					t.Errorf("left %s behind (%d bytes)", name, len(text))
				case old != text:
					t.Errorf("changed %s:\n%.300s\nwas\n%.300s", name, text, old)
				}
				delete(before, name)
			}
			for name := range before {
				t.Errorf("removed %s", name)
			}
		})
	}
}

func (s scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Skip(err) // such as links on Windows
	}
}

func (s scene) mkdir(name string) {
	s.t.Helper()
	if err := os.Mkdir(s.path(name), 0o700); err != nil {
		s.t.Fatal(err)
	}
}

// photograph is every file below dir with its text.
func photograph(t *testing.T, dir string) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, name := range files(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			text = []byte(err.Error())
		}
		m[name] = string(text)
	}
	return m
}

// TestNoCredentials needs a process: the credential chain reads the real
// environment.
func TestNoCredentials(t *testing.T) {
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	none := map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "HOME": newFolder(t), "USERPROFILE": newFolder(t),
	}
	for lang, says := range map[string]string{"en": "no credentials", "zh": "没有可用的凭证"} {
		got := spawnWith(t, dir, none, nil, sim.bind(in, "--lang", lang)...).wait().want(t, 10)
		if !strings.Contains(got.stderr, says) || got.stdout != "" {
			t.Errorf("%s", got)
		}
	}
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	for _, f := range files(t, dir) {
		if f != "in.csv" {
			t.Errorf("left %s behind", f)
		}
	}
	// A rehearsal and a check want none.
	spawnWith(t, dir, none, nil, "bind", "--simulate", in).wait().want(t, 0)
	spawnWith(t, dir, none, nil, "check", in, "--pool-key", testPool).wait().want(t, 0)
}

// TestAllowEmpty: an input with a header and no rows is nothing to do where that is
// allowed: no call, no journal, results as they are, and metrics and summary of success.
// Whatever else is wrong with a file stays a fault.
func TestAllowEmpty(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.sim.real()
	const header = "PhoneNoA,GroupId,Expiration\n"
	in, prom, sum := p.path("in.csv"), p.path("night.prom"), p.path("sum.json")
	outputs := []string{"--out", p.path("out.csv"), "--metrics", prom, "--summary", sum}
	bind := func(status int, more ...string) outcome {
		t.Helper()
		return axgbind(t, p.sim.bind(in, append(more, outputs...)...)...).want(t, status)
	}
	p.write("in.csv", content(0, 3))
	bind(0)
	stood := read(t, p.path("out.csv"))
	for _, text := range []string{header, "\ufeff" + header + "\r\n\r\n", strings.TrimSpace(header)} {
		write(t, in, text)
		got := bind(6)
		if !strings.Contains(got.stderr, "--allow-empty") {
			t.Errorf("%q: the cure is not told\n%s", text, got)
		}
		failed := gauges(t, prom, "night")
		got = bind(0, "--allow-empty")
		if !strings.Contains(got.stderr, "status 0: the input has a header and no rows: nothing to do") || got.stdout != "" {
			t.Errorf("%q: %s", text, got)
		}
		s, now := summaryOf(t, sum), gauges(t, prom, "night")
		if s.ExitStatus != 0 || s.Rows != 0 || s.Simulated || now["axgbind_run_exit_status"] != 0 || failed["axgbind_run_exit_status"] != 6 ||
			now["axgbind_last_success_timestamp_seconds"] <= failed["axgbind_last_success_timestamp_seconds"] {
			t.Errorf("%q: %+v, metrics %v, before %v", text, s, now, failed)
		}
		if read(t, p.path("out.csv")) != stood {
			t.Errorf("%q: the results were changed", text)
		}
		for _, more := range [][]string{{"--dry-run"}, {"--simulate"}} {
			axgbind(t, append([]string{"bind", in, "--allow-empty", "--pool-key", testPool}, more...)...).want(t, 0)
		}
		axgbind(t, "check", in, "--allow-empty").want(t, 0)
		axgbind(t, "check", in).want(t, 6)
	}
	for _, text := range []string{"", "\n", "PhoneNoA,Expiration\n", "13800138000,1,2099-01-31 23:59:59\n"} {
		write(t, in, text)
		bind(6, "--allow-empty")
		axgbind(t, "check", in, "--allow-empty").want(t, 6)
	}
	if err := os.Remove(in); err != nil {
		t.Fatal(err)
	}
	bind(6, "--allow-empty")
	// What cannot work is found out on such a night too.
	write(t, in, header)
	axgbind(t, p.sim.bind(in, "--allow-empty", "--out", in)...).want(t, 10)
	axgbind(t, p.sim.bind(in, "--allow-empty", "--summary", p.path("none/sum.json"))...).want(t, 10)
	if n := p.sim.calls(); n != 3 {
		t.Errorf("%d calls", n)
	}
}

// TestKeySources: a source of keys that was set up and gives none, or one that cannot
// be right, is told with its cause before anything is sent, in both languages and
// without what it holds.
func TestKeySources(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	const key = `"mode":"AK","access_key_id":"hush","access_key_secret":"hush"`
	for _, c := range []struct {
		name, config string
		vars         []string
		en, zh       string
	}{
		{"profile that is not there", `{"current":"day","profiles":[{"name":"day",` + key + `}]}`, []string{"ALIBABA_CLOUD_PROFILE", "night"},
			`no credentials: profile "night" of ~/.aliyun/config.json: there is no such profile; in the file are "day"`, `~/.aliyun/config.json的配置 "night"：没有这个配置`},
		{"broken JSON", `{"current":hush}`, nil, "config.json: the file is broken JSON at byte 12, in line 1", "JSON 在第 12 字节（第 1 行）处有误"},
		{"BOM", "\ufeff{}", nil, "begins with a byte order mark (BOM)", "以字节顺序标记（BOM）开头"},
		{"mode", `{"current":"day","profiles":[{"name":"day","mode":"hush"}]}`, nil, `profile "day" of ~/.aliyun/config.json: its mode is none of AK`, "mode 不是 AK"},
		{"empty file", "\n", nil, "the file is empty", "该文件是空的"},
		{"token file", "", []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/nowhere/hush", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "hush", "ALIBABA_CLOUD_ROLE_ARN", "hush"},
			"OIDC: the file named in ALIBABA_CLOUD_OIDC_TOKEN_FILE does not exist", "ALIBABA_CLOUD_OIDC_TOKEN_FILE 指定的文件不存在"},
		{"two sources", `{"current":"day"}`, []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "hush"},
			"environment: ALIBABA_CLOUD_ACCESS_KEY_SECRET not set; ~/.aliyun/config.json: the file has no profiles", "没有设置 ALIBABA_CLOUD_ACCESS_KEY_SECRET；~/.aliyun/config.json：该文件没有任何配置"},
		{"quotation marks", "", []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", `"hush"`, "ALIBABA_CLOUD_ACCESS_KEY_SECRET", `"hush"`},
			"the AccessKey that was found cannot be right: environment: ALIBABA_CLOUD_ACCESS_KEY_ID begins with a quotation mark (U+0022)", "ALIBABA_CLOUD_ACCESS_KEY_ID 以引号（U+0022）开头"},
		{"line break", "", []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "hush", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush\r\nhush"},
			"ALIBABA_CLOUD_ACCESS_KEY_SECRET has a line break (U+000D) as its character 5", "ALIBABA_CLOUD_ACCESS_KEY_SECRET 的第 5 个字符是换行符"},
		{"blank of no width", `{"current":"day","profiles":[{"name":"day","mode":"AK","access_key_id":"hush","access_key_secret":"hush\u200b"}]}`, nil,
			`profile "day" of ~/.aliyun/config.json: access_key_secret ends with a blank of no width (U+200B)`, "零宽空白（U+200B）结尾"},
	} {
		home, dir := newFolder(t), newFolder(t)
		if err := os.Mkdir(filepath.Join(home, ".aliyun"), 0o700); err != nil {
			t.Fatal(err)
		}
		if c.config != "" {
			write(t, filepath.Join(home, ".aliyun", "config.json"), c.config)
		}
		vars := map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "HOME": home, "USERPROFILE": home}
		for i := 0; i < len(c.vars); i += 2 {
			vars[c.vars[i]] = c.vars[i+1]
		}
		in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
		for lang, says := range map[string]string{"en": c.en, "zh": c.zh} {
			got := spawnWith(t, dir, vars, nil, sim.bind(in, "--lang", lang)...).wait().want(t, 10)
			if !strings.Contains(got.stderr, says) || strings.Contains(got.stderr, "hush") || got.stdout != "" {
				t.Errorf("%s: wants %s\n%s", c.name, says, got)
			}
		}
		if list := files(t, dir); len(list) != 1 {
			t.Errorf("%s: files %q", c.name, list)
		}
	}
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestReadOnlyFolder: results that could not be replaced are found out before
// the first call.
func TestReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("folders cannot be made read-only for this user")
	}
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	axgbind(t, sim.bind(in)...).want(t, 10)
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestSecondBatch: an input that was bound is bound once, whatever it or its results
// are called, and wherever they stand: the rows of the second batch take the bindings
// as theirs.
func TestSecondBatch(t *testing.T) {
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	axgbind(t, sim.bind(in)...).want(t, 0)
	first := subsIDs(results(t, filepath.Join(dir, "in.results.csv")))
	second, copied := filepath.Join(dir, "second.csv"), write(t, filepath.Join(newFolder(t), "copy.csv"), read(t, in))
	for out, args := range map[string][]string{
		second: sim.bind(in, "-o", second), strings.TrimSuffix(copied, ".csv") + ".results.csv": sim.bind(copied),
	} {
		for range 2 {
			axgbind(t, args...).want(t, 0)
			rows := results(t, out)
			for _, r := range rows {
				if r.status() != "BOUND" || r["Code"] != "client.AlreadyBound" {
					t.Errorf("%v", r)
				}
			}
			if !slices.Equal(subsIDs(rows), first) {
				t.Errorf("%s: %v, want %v", out, subsIDs(rows), first)
			}
		}
	}
	axgbind(t, sim.bind(in)...).want(t, 0)
	if n := sim.calls(); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}

// firstVersion is how the first journals began.
const firstVersion = `001ca75b J {"format":"axgbind journal","version":1,"identity":2,"endpoint":"https://dyplsapi.aliyuncs.com/","simulated":false,"created":"2026-11-01T08:00:00+08:00"}
`

// version is a journal that says to be of another version.
func version(t testing.TB, text string, n int) string {
	t.Helper()
	return rewritten(t, text, func(l *journal.Line) {
		if l.Word == "header" {
			l.Detail = regexp.MustCompile(`"version":\d+`).ReplaceAll(l.Detail, fmt.Appendf(nil, `"version":%d`, n))
		}
	})
}
