package input_test

import (
	"errors"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

// TestUnread: a header that is almost a field's is told, with the flag that has it
// read, and the flag does what it says.
func TestUnread(t *testing.T) {
	for _, c := range []struct{ headers, field string }{
		{"PhoneNumberB|phone_number_b|PHONE-NUMBER-B|手机（B）|B方号码|B手机号码|B 手机|被叫号码|客户电话B|MobileB|BPhone|TelB|PhnoeNoB|PhoneNumerB|CalleeNumber|号码B2|B号码/备用|联系电话B|B 号码（选填，座机加区号）|phoneB|对方号码|接听号码|乙方号码|被叫B", "PhoneNoB"},
		{"PhoneNumberX|中间号码|隐私号码|虚拟号|虚拟号码|指定中间号|MobileX|X手机号码|VirtualNumber|指定X号|绑定X|小号|小号X", "PhoneNoX"},
		{"所在城市|客户城市|城市名称|期望归属地|X号码城市|ExpctCity|ExpectedCity|City|CityName|TargetCity|expect_ctiy|号码归属地|归属地城市|城市/现居|开通城市|地市", "ExpectCity"},
		{"是否需要录音|需要录音|录音开关|通话录音|是否开启录音|Recording|IsRecordEnabled|RecordingEnabled|EnableRecording|IsRecordingEnable|录制*|Call Recording", "IsRecordingEnabled"},
		{"外部编号|业务编号|ExternalId|OuterID|OutIds|外部唯一标识|业务流水", "OutId"},
		{"订单编号|订单ID|外部订单编号|OrderNo|OrderId|order_number|商户订单号|OutOderId|外部订单", "OutOrderId"},
		{"来电显示类型|号显|CallDisplay|DisplayType|来电显号|CallDisplyType|来显|显示号码", "CallDisplayType"},
		{"通话限制|CallRestriction|呼叫限制类型|CallRestict", "CallRestrict"},
		{"ASR|是否开启ASR|ASREnabled|ASRStatu|是否语音转写", "ASRStatus"},
		{"语音模型|ASR模型ID|ASRModel", "ASRModelId"},
		{"铃声|彩铃配置|RingSetting|RingConfg", "RingConfig"},
		{"号池ID|号码池ID|PoolId|号池编号|PoolKeys|NumberPool|池Key|FCPoolKey", "PoolKey"},
	} {
		for header := range strings.SplitSeq(c.headers, "|") {
			text := "A号码,G组ID,过期时间,\"" + header + "\"\n13800138000,1,2027-01-31 23:59:59,x\n"
			list := openText(t, text, input.Options{}).Unread()
			if len(list) != 1 || list[0].Field.String() != c.field || list[0].Letter != "D" {
				t.Errorf("%q: %+v, want %s", header, list, c.field)
				continue
			}
			typed, ok := strings.CutPrefix(list[0].Map, "--map '")
			column, ok2 := strings.CutSuffix(typed, "="+c.field+"'")
			if !ok || !ok2 {
				t.Errorf("%q: %s", header, list[0].Map)
				continue
			}
			in := openText(t, text, input.Options{Map: map[string]field.Field{column: list[0].Field}})
			if got := readAll(t, in)[0].Fields[list[0].Field]; !strings.EqualFold(got, "x") || len(in.Unread()) != 0 {
				t.Errorf("%q: with %s the cell is %q, and %v", header, list[0].Map, got, in.Unread())
			}
		}
	}
}

// TestUnreadLeftAlone: columns of anybody's sheet that mean nothing here, those
// that are read, and those whose field another column has.
func TestUnreadLeftAlone(t *testing.T) {
	for header := range strings.SplitSeq("备注|姓名|客户姓名|部门|Remark|Department|Name|客户名称|公司|职位|邮箱|Email|地址|性别|年龄|创建时间|状态|序号|编号|ID|No|No.|金额|城市经理|城市编码|CityCode|CityManager|"+
		"录音地址|录音文件|录音时长|RecordId|RecordTime|Record|Record No|订单金额|订单时间|订单状态|快递单号|OrderDate|Order|DisplayName|业务员|业务类型|业务员ID|内部ID|内部订单号|UserId|LayoutId|CheckoutId|RouteId|TimeoutId|"+
		"手机号|电话|联系电话|Phone|Mobile|身份证号|B超|A/B|类型B|群组|Club|Job|Number|Model|Status|Config|Key|Password|来源|渠道|SecretNo|SubsId|RequestId|Message|Ring|Carpool|Capacity|Velocity|B号码姓名|B号码备注|省份|区域|Region|班组长|13800138000", "|") {
		list := openText(t, "A号码,G组ID,过期时间,"+header+"\n13800138000,1,2027-01-31 23:59:59,x\n", input.Options{}).Unread()
		if len(list) != 0 {
			t.Errorf("%q: %+v", header, list)
		}
	}
	list := openText(t, "A号码,G组ID,过期时间,B号码,B号码（备用）,城市,城市（现居）\n13800138000,1,2027-01-31 23:59:59,x,x,x,x\n", input.Options{}).Unread()
	if len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// TestUnreadTyped: what cannot be typed is not shown as if it could.
func TestUnreadTyped(t *testing.T) {
	for header, want := range map[string]string{
		"B号码（o'Neil）":                         `--map 'B号码（o'\''Neil）=PhoneNoB'`,
		"B号码\r\n（备用）":                         "--map 'B号码 （备用）=PhoneNoB'",
		"B号码（\x1b[2J）":                        "",
		"B号码（13800138000）":                    "",
		"城市（=北京）":                             "--map '城市（=北京）=ExpectCity'",
		"城市（`id`$HOME）":                       "--map '城市（`id`$HOME）=ExpectCity'",
		"\u200b城市（现居）":                        "--map '城市（现居）=ExpectCity'",
		"城市（" + strings.Repeat("北", 60) + "）": "--map '城市（" + strings.Repeat("北", 60) + "）=ExpectCity'",
	} {
		list := openText(t, "A号码,G组ID,过期时间,\""+header+"\"\n13800138000,1,2027-01-31 23:59:59,x\n", input.Options{}).Unread()
		if header == "B号码（13800138000）" {
			if len(list) != 0 {
				t.Errorf("%+v", list)
			}
			continue
		}
		if len(list) != 1 || list[0].Map != want || strings.ContainsRune(list[0].Header, 0x1b) {
			t.Errorf("%q: %+v, want %s", header, list, want)
		}
	}
}

// TestUnreadTruth: a yes or no whose 1 is a no is not offered to be read as it stands.
func TestUnreadTruth(t *testing.T) {
	for header := range strings.SplitSeq("录音（0是 1否）|是否录音(1否2是)|Recording (0=yes 1=no)", "|") {
		list := openText(t, "A号码,G组ID,过期时间,"+header+"\n13800138000,1,2027-01-31 23:59:59,1\n", input.Options{}).Unread()
		if len(list) != 1 || list[0].Map != "" || !strings.Contains(list[0].Sentence(report.EN), "write true and false") {
			t.Errorf("%s: %+v", header, list)
		}
	}
}

// TestUnreadZone: times of another zone are not offered to be read as they stand.
func TestUnreadZone(t *testing.T) {
	for header := range strings.SplitSeq("Expiration (UTC)|过期时间（UTC+9）|Expiration Time (PST)", "|") {
		in := openText(t, "A号码,G组ID,"+header+"\n13800138000,1,2027-01-31 23:59:59\n", input.Options{Defaults: map[field.Field]string{field.Expiration: "2027-01-31 23:59:59"}})
		list := in.Unread()
		if len(list) != 1 || list[0].Map != "" || !strings.Contains(list[0].Sentence(report.EN), "Beijing time") {
			t.Errorf("%s: %+v", header, list)
		}
		text := "A号码,G组ID," + header + "\n13800138000,1,2027-01-31 23:59:59\n"
		_, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
		if e, ok := errors.AsType[*input.Error](err); !ok || strings.Contains(e.Cure(report.EN), "UTC") {
			t.Errorf("%s: %v", header, err)
		}
	}
}
