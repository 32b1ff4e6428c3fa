package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch/cli"
)

// everyCode names each code of the table by what a run makes of it: the state
// of a row that gets it, and the exit status of a job that gets nothing else.
// It is written by hand, from the service's pages.
var everyCode = []struct {
	state string
	exit  int
	class aliyun.Class
	codes string
}{
	{"FAILED", 3, aliyun.RowRefused, `isv.NO_NOT_EXIST isv.ILLEGAL_ARGUMENT isv.FORBIDDEN_ACTION isv.NO_USED_BY_OTHERS isv.EXPIRE_DATE_ILLEGAL
		isv.MOBILE_NUMBER_ILLEGAL isv.BIND_CONFLICT isv.SUBS_NOT_EXIST isv.INVALID_PARAMETERS isv.UPDATE_CONFLICT isv.BUY_NUM_OVER_LIMIT
		InvalidParameter.Format UnsupportedParameter MissingPhoneNoA InvalidGroupId isv.NEVER_HEARD_OF`},
	{"UNKNOWN", 4, aliyun.Ambiguous, `isp.SYSTEM_ERROR isp.UNKNOWN_ERR_CODE isp.DAO_EXCEPTION isp.VENDOR_UNAVAILABLE isv.VENDOR_BIND_FAILED
		isp.GATEWAY_ERROR ServiceUnavailable InternalError UnknownError SignatureNonceUsed isp.NEVER_HEARD_OF NeverHeardOf`},
	{"PENDING", 5, aliyun.Capacity, `isv.NO_AVAILABLE_NUMBER`},
	{"PENDING", 5, aliyun.Throttled, `isv.FLOW_LIMIT FlowLimited Throttling Throttling.User Throttling.Api Throttling.NeverHeardOf`},
	{"PENDING", 7, aliyun.Stale, `InvalidTimeStamp.Expired InvalidSecurityToken.Expired`},
	{"PENDING", 7, aliyun.AccountRefused, `isp.RAM_PERMISSION_DENY isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE
		isv.ACCOUNT_NOT_EXISTS isv.ACCOUNT_ABNORMAL isv.PARTNER_NOT_EXIST isv.PARTNER_IS_CLOSED isv.SUBS_NOT_BELONG isv.POOLKEY_NOT_EXISTS POOLKEY_NOT_EXIST
		PoolKeyNotFound ProductUnsubscribe SignatureDoesNotMatch IncompleteSignature InvalidSignatureMethod InvalidTimeStamp.Format
		IllegalTimestamp InvalidAccessKeyId.NotFound InvalidAccessKeyId.Inactive Forbidden.AccessKeyDisabled InvalidSecurityToken.Malformed
		InvalidSecurityToken.MismatchWithAccessKey MissingSecurityToken InvalidVersion NoSuchVersion InvalidApi.NotFound
		UnsupportedHTTPMethod InvalidProtocol.NeedSsl Forbidden.RAM NoPermission Forbidden.RiskControl Forbidden Forbidden.UserVerification
		ActionUnauthorized InsufficientBalance UnsupportedOperation MissingTimestamp InvalidAction`},
}

// elsewhere are codes that no answer of the service carries, and the test that
// drives each; OK is what all others do.
var elsewhere = map[string]string{
	"OK":                       "TestTwoProcesses",
	aliyun.CodeNotSent:         "TestConnectionRefused",
	aliyun.CodeTimeout:         "TestSilence",
	aliyun.CodeConnectionLost:  "TestSilence",
	aliyun.CodeBadAnswer:       "TestSilence",
	aliyun.CodeIDTwice:         "TestIDTwice",
	aliyun.CodeDuplicate:       "TestDuplicates",
	aliyun.CodeSamePlace:       "TestSamePlace",
	aliyun.CodeEditedAfterSend: "TestEditedRow",
	aliyun.CodeStillBound:      "TestEditedRow",
	aliyun.CodeAlreadyBound:    "TestNightJobs",
	aliyun.CodeUnproven:        "TestStatusCells",
	aliyun.CodeOlderFile:       "TestUpdateOfOlderResults",
	aliyun.CodeOtherBatch:      "TestUnbindOtherBatch",
	aliyun.CodeInterrupted:     "TestCrash",
	aliyun.CodePoolStopped:     "batch.TestNoAvailableNumber",
	aliyun.CodeNoBinding:       "batch.TestUpdate",
	aliyun.CodeNoFreeNumber:    "batch.TestChosenNumbers",
	aliyun.CodeSubsIDDamaged:   "TestUnbindWrong",
	aliyun.CodeOtherBinding:    "TestUnbindWrong",
	aliyun.CodeReleased:        "TestUnbindPart",
	aliyun.CodeReleaseBegun:    "batch.TestUnbindBegun",
}

// TestEveryCode drives each code through client and pipeline.
func TestEveryCode(t *testing.T) {
	t.Parallel()
	for _, group := range everyCode {
		for code := range strings.FieldsSeq(group.codes) {
			t.Run(code, func(t *testing.T) {
				t.Parallel()
				if got := aliyun.Lookup(code).Class; got != group.class {
					t.Errorf("class %v, want %v", got, group.class)
				}
				status := ""
				if !strings.HasPrefix(code, "isv.") && !strings.HasPrefix(code, "isp.") {
					status = ":400"
				}
				newCodeDriver(t).run(t, patience, "code:"+code+status+"=1", code, group.state, group.exit)
			})
		}
	}
}

// TestSilence drives the transport's outcomes that follow a request.
func TestSilence(t *testing.T) {
	t.Parallel()
	driver := newCodeDriver(t)
	driver.run(t, 400*time.Millisecond, "slow=1", aliyun.CodeTimeout, "UNKNOWN", 4)
	driver.run(t, 400*time.Millisecond, "drop-after=1", aliyun.CodeConnectionLost, "UNKNOWN", 4)
	driver.run(t, 400*time.Millisecond, "http-503=1", aliyun.CodeBadAnswer, "UNKNOWN", 4)
}

// TestEveryCodeHasARow fails for a code of the table that no test drives.
func TestEveryCodeHasARow(t *testing.T) {
	var driven []string
	for _, group := range everyCode {
		driven = append(driven, strings.Fields(group.codes)...)
	}
	for _, e := range aliyun.Entries() {
		family := strings.ContainsAny(e.Code, "*{") // driven by a code of the family
		if !family && !slices.Contains(driven, e.Code) && elsewhere[e.Code] == "" {
			t.Errorf("no test drives %s", e.Code)
		}
	}
}

// codeDriver runs small jobs, one after the other, against one service whose
// faults change.
type codeDriver struct {
	service *simulator.Service
	server  *simulator.Server
	jobs    int
}

func newCodeDriver(t *testing.T) *codeDriver {
	t.Helper()
	service, err := simulator.New(simulator.Options{Numbers: 100})
	if err != nil {
		t.Fatal(err)
	}
	server, err := simulator.Listen(service, "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(); service.Close() })
	return &codeDriver{service: service, server: server}
}

// run makes a job of two rows under a fault and checks how it ends. The timeout
// is of each call. Rows that are sent again and again wait until the run may not
// last longer; all others end by themselves, however busy the machine is.
func (d *codeDriver) run(t *testing.T, timeout time.Duration, fault, code, state string, exit int) {
	t.Helper()
	f, err := simulator.ParseFault(fault)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.service.SetFaults([]simulator.Fault{f}); err != nil {
		t.Fatal(err)
	}
	dir := newFolder(t)
	in := filepath.Join(dir, "in.csv")
	d.jobs++
	text := fmt.Sprintf("PhoneNoA,GroupId,Expiration\n1390%07d,1,2099-01-31 23:59:59\n1391%07d,1,2099-01-31 23:59:59\n", d.jobs, d.jobs)
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	most := patience
	if exit == 5 {
		most = 2 * time.Second
	}
	var stdout, stderr bytes.Buffer
	got := cli.Run([]string{"bind", in, "--endpoint", d.server.URL(), "--pool-key", simulator.PoolKey, "--rate", "1000",
		"--timeout", timeout.String(), "--until", most.String(), "--max-failures", "100%"},
		environ(t, nil), strings.NewReader(""), &stdout, &stderr)
	if got != exit {
		t.Errorf("%s: status %d, want %d\n%s", code, got, exit, stderr.String())
	}
	met := 0
	for _, r := range results(t, filepath.Join(dir, "in.results.csv")) {
		if r["Code"] == code {
			met++
		}
		if r["Status"] != state {
			t.Errorf("%s: %s %s, want %s", code, r["Status"], r["Code"], state)
		}
		if r["Code"] != "" && (r["Reason"] == "" || r["Action"] == "") {
			t.Errorf("%s: no reason or no action: %v", code, r)
		}
	}
	if met == 0 {
		t.Errorf("no row has the code %s\n%s", code, stderr.String())
	}
}

// TestExplainHeld: explain says of the codes of rows that are held back that they
// are HELD, not that their cells are at fault, and of no other code.
func TestExplainHeld(t *testing.T) {
	held := []string{aliyun.CodeStillBound, aliyun.CodeEditedAfterSend, aliyun.CodeUnproven, aliyun.CodeOlderFile, aliyun.CodeOtherBatch}
	for _, e := range aliyun.Entries() {
		for lang, does := range map[string]string{"en": "holds the row back as HELD", "zh": "该行记为暂不发送（HELD），等人决定"} {
			text := axgbind(t, "explain", e.Code, "--lang", lang).want(t, 0).stdout
			want := slices.Contains(held, e.Code)
			if strings.Contains(text, does) != want || want && strings.Contains(text, "INVALID") {
				t.Errorf("%s: held %v\n%s", e.Code, want, text)
			}
		}
	}
}
