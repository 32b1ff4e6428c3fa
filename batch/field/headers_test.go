package field_test

import (
	"os"
	"strings"
	"testing"
	"unicode"

	"axgbind/batch/field"
)

func anyFree(field.Field) bool { return true }

// judged tells what a header is, in the notation of testdata/headers.tsv. A header that is
// two things at once shows both.
func judged(header string) string {
	var is []string
	if f, ok := field.Of(header); ok {
		is = append(is, "="+f.String())
	}
	if f, ok := field.Near(header, anyFree); ok {
		is = append(is, "~"+f.String())
	}
	if field.BareNumber(header) {
		is = append(is, "?")
	}
	if len(is) == 0 {
		return "-"
	}
	return strings.Join(is, " ")
}

// TestHeaders holds what is right for the headers of real files.
func TestHeaders(t *testing.T) {
	text, err := os.ReadFile("testdata/headers.tsv")
	if err != nil {
		t.Fatal(err)
	}
	chinese, english, seen := 0, 0, map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			t.Fatalf("%q has not three cells", line)
		}
		header := strings.ReplaceAll(cells[1], `\n`, "\n")
		if seen[header] {
			t.Errorf("%q is there twice", header)
		}
		seen[header] = true
		if strings.ContainsFunc(header, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			chinese++
		} else {
			english++
		}
		if got := judged(header); got != cells[0] {
			t.Errorf("%q is %s, want %s", header, got, cells[0])
		}
	}
	if chinese < 200 || english < 200 {
		t.Errorf("%d headers in Chinese and %d in English, want 200 of each", chinese, english)
	}
}

// TestInventedHeaders holds kinds of headers of which the list of real ones has none or
// few.
func TestInventedHeaders(t *testing.T) {
	for _, c := range []struct{ kind, right, headers string }{
		{"a mark around it", "=PhoneNoA", "*A号码|A号码*|★A号码|A号码※|#A号码|A号码：|A号码?|【A号码】|1. A号码|(1)A号码|2、A号码|A号码（必填）|A号码[必填]|(必填)A号码|必填 A号码|A号码 - 必填|A号码（必填，11位数字）|A号码(手机)|A号码（手机号或座机）|A号码(文本格式)|A号码(max 20 chars)|A号码（如：13800138000）"},
		{"an apostrophe or a quotation mark", "=PhoneNoB", "'B号码|`B号码`|\"B号码\"|“B号码”|‘B号码’|=\"B号码\""},
		{"what cannot be seen", "=GroupId", "\uFEFFGroupId|\u200bGroup\u200dId|Group\u00a0Id|Group\tId|Group\r\nId| GroupId\u3000|\u2060组ID|组\n（必填）\nID"},
		{"full width", "=GroupId", "ＧｒｏｕｐＩｄ|ＧＲＯＵＰ＿ＩＤ|Ｇ组ＩＤ|组ＩＤ［必填］|＊组ＩＤ"},
		{"traditional characters", "=PhoneNoB", "B號碼|號碼B|電話B|手機號B"},
		{"a legend in brackets", "=IsRecordingEnabled", "是否录音(是/否)|是否录音（1是 0否）|是否录音(Y/N)|是否录音[1:是,0:否]|IsRecordingEnabled (true/false)|錄音（選填）"},
		{"a legend behind it", "=IsRecordingEnabled", "是否录音：1-是；0-否|是否录音: 1是 0否|录音：是/否|是否录音\n1=是\n0=否|IsRecordingEnabled: 1=yes, 0=no"},
		{"an example behind it", "=ExpectCity", "城市，如：杭州|城市；例如：杭州|*城市,格式:杭州|城市\n如：杭州|城市（如：\n杭州）"},
		{"the format of a date", "=Expiration", "过期时间(yyyy-MM-dd HH:mm:ss)|过期时间（年-月-日）|过期时间（年月日时分秒）|到期日期(yyyy/mm/dd)|过期时间（YYYY年MM月DD日）|有效期至（2027-01-31 23:59:59）|失效时间（北京时间）|过期时间(北京时间 yyyy-MM-dd HH:mm:ss)|过期时间（yyyy-MM-dd HH:mm:ss，北京时间）|失效时间(UTC+8)|Expiration (dd.mm.yyyy)|Expiration (y-m-d)|Expiration [datetime]"},
		{"the end of a binding in plain English", "=Expiration", "Expiration Date|EXPIRATION_TIME|expiry date|Expiry-Time|Expire Date|ExpireTime (required)|expireTime"},
		{"a duration", "~Expiration", "有效期（天）|有效期(日)|有效期（月）|有效期(年)|有效期/天|有效期-小时|有效期（单位：天）|有效期天数|有效时长|绑定时长（分钟）|过期时间(s)|过期时间(ms)|过期时间（分）|过期时间(h)|Expiration (days)|Expiration (d)|ExpireTime(seconds)|Expire Time (min)|expires_in|Expiry in days|Validity Period|valid days"},
		{"another end", "~Expiration", "结束时间|结束日期|截止日期|有效时间|绑定失效时间|号码到期日|有效截至|有效期止|有效期结束时间|过期时间（UTC）|Expiration (UTC)|过期时间（默认30天）|Exp. Date|Deadline|Ends At|Expires|Expiry|Expired At|Valid Until|ValidTo|EndTime|End Date|Due Date|Binding Expiry"},
		{"a slip of the keyboard", "~Expiration", "Expirtaion|Experation|Expiraton|Expirationn|Exparition"},
		{"a slip of the keyboard", "~GroupId", "GruopId|GroupI|GroupIdd|Group ID1|GropId"},
		{"a slip of the keyboard", "~PhoneNoA", "PhoneNumA|PhnoeNoA|PhoneNumberA|PhonNoA"},
		{"a slip of the keyboard", "~PhoneNoX", "PhoenNoX|PhoneNumerX"},
		{"number A", "~PhoneNoA", "主叫|主叫电话|主叫手机号|主叫方|主叫方号码|号码（主叫）|A方|A方手机号|客户手机号A|A手机号码2|甲方电话|TelA|tel_a|Mobile A|A Mobile|A-Number|A Party Number|a_side|Caller ID Number|Calling Number|callingParty|From Number|*主叫号码（必填）|主叫號碼"},
		{"number B", "~PhoneNoB", "被叫|被叫方|手机号（被叫）|电话（被叫方）|B方|numB|no_b|B_no|bparty|B Party Number|b side number|Called|Called Party|calledParty Number|Callee Phone|Party B|Party B Phone|Dialed Number|Destination Number|dst_number|To Number|被叫號碼（選填）"},
		{"number X", "~PhoneNoX", "numX|no_x|X Party|x_number|X方号码|隐私保护号|虚拟号码|虛擬號碼|中间号码X|Privacy Number|Middle Number|virtual_phone_number"},
		{"a group", "~GroupId", "Group|GroupNo|Group Number|group_key|grp id|AXG组|AXG组ID|G号码组ID|G组编号|分组编号|分组号|组编号|群组ID|号码组"},
		{"two names, of which one is known", "~ExpectCity", "城市/省份|省份/城市|City / Region"},
		{"two names, of which one is known", "~OutOrderId", "订单号/运单号|快递单号/订单号（必填）"},
		{"both languages", "=PhoneNoB", "B号码\nPhoneNoB|PhoneNoB\nB号码|B号码 PhoneNoB|PhoneNoB_B号码|PhoneNoB：B号码|B号码（PhoneNoB）|PhoneNoB (B号码)|B号码-PhoneNoB|B号码PhoneNoB|*B号码\nPhone No. B\n（选填）|B号码/手机号B|B号码 Callee Phone"},
		{"both languages", "=ExpectCity", "城市\nCity|城市 City|City（城市）|城市City|城市/归属地"},
		{"both languages", "=IsRecordingEnabled", "是否录音\nIsRecordingEnabled|是否录音 ｜ Recording|是否录音\nIsRecordingEnabled（是/否）"},
		{"both languages", "=OutId", "外部ID\nOutId|业务ID OutId"},
		{"both languages", "=Expiration", "过期时间 Expiration|Expiration Date（过期时间）"},
		{"one name of two may be a duration, or a second number", "~Expiration", "过期时间\nExpires in days|过期时间 Validity Period"},
		{"one name of two may be a duration, or a second number", "~PhoneNoB", "PhoneNoB B号码备用|B号码 姓名"},
		{"a sign", "=PhoneNoB", "▲B号码|●B号码|△ B号码|◆B号码|■B号码|□B号码|√B号码|♦B号码|B号码▼|B号码 ▾|B号码↓|→B号码|B号码↑↓|❗B号码|⚠️B号码|🔴B号码|✱B号码|∗B号码|﹡B号码|✳️B号码|B号码…|👍🏻B号码|B号码†|『B号码』"},
		{"a sign that means something", "~ExpectCity", "城市%|$城市|城市℃|城市+区号|城市②"},
		{"a letter in a circle", "-", "Ⓑ号码|🅱号码"},
		{"a mark in other brackets, or behind a dash", "=PhoneNoB", "B号码『选填』|B号码〈选填〉|B号码«optional»|B号码—选填|B号码–可空|B号码——选填|B号码−选填"},
		{"a number before it", "=PhoneNoB", "四、B号码|（四）B号码|D.B号码|d) B号码|#4 B号码|4 B号码|No.4 B号码|第4列 B号码|第四列：B号码|D列 B号码|②B号码|④ B号码|⑴B号码|4️⃣ B号码|Ⅳ、B号码|B.B号码"},
		{"a letter before it that may be a number's", "-", "A.B号码|A、B号码|A B号码|A|B|B、A号码|X.A号码|A号码 B号码"},
		{"what programs left in it", "=PhoneNoB", "B号码_x000D_\n（选填）|B号码_x000a_选填|B号码&nbsp;|&#160;B号码|B号码<br/>（选填）|B号码<BR>|B号码\\n选填|<B号码>|t.phone_no_b"},
		{"what databases and programs put beside it", "~PhoneNoB", "axg_bind.phone_no_b|axg_bind.PhoneNoB|PhoneNoB varchar(20)|PhoneNoB.1|`axg_bind`.`phone_no_b`"},
		{"an explanation behind it", "=ExpectCity", "城市，选填，如杭州|城市，如杭州|城市 如北京|城市\n例如北京|城市，不填则随机|城市（不填则随机）\n如：杭州|City（城市，如杭州）"},
		{"an explanation that changes what a cell is", "~PhoneNoB", "B号码，多个用逗号分隔|Phone No B - digits only|对方（B号码）|B号码：姓名"},
		{"a look-alike", "=PhoneNoB", "\u0392号码|\u0412号码|\u0412|\u0420h\u043en\u0435NoB"},
		{"a look-alike", "=ExpectCity", "城\u5dff"},
		{"yes or no, of a field that is not", "~ExpectCity", "城市(是/否)|城市（Y/N）|城市（true/false）|城市(0/1)|城市：1-是 0-否|城市 是/否|城市（bool）"},
		{"yes or no, of a field that is not", "~OutId", "业务ID(是/否)|业务ID 是/否"},
		{"yes or no", "=ASRStatus", "ASRStatus(0/1)|语音识别（是/否）|语音识别 Y/N"},
		{"an outer id", "~OutId", "ID（外部）|外部系统ID|外部平台编号"},
		{"a result that a person may mean as X", "~PhoneNoX", "SecretNo|SecretNo*|secret_no"},
		{"another time zone", "~Expiration", "过期时间（UTC+0）|过期时间（UTC+9）|Expiration (PST)|过期时间（UTC−8）|ExpirationUTC|expire_time_utc|过期时间UTC|过期时间(yyyy-MM-dd HH:mm MST)|过期时间（如 2027-01-31 08:00 UTC）"},
		{"words of others, between blanks", "-", "check_out_id|Customer Group ID|User GID|Policy Expiration|Card expiration|城市经理|B号码姓名|B号码备注|录音文件|录音地址|订单金额|城市编码|X光 片"},
		{"numbers of somebody", "?", "*手机号|手机号（必填）|手机号码\n(必填)|'手机号|手機號碼|行動電話|手机号/电话|Phone/Mobile|联系电话2|联系方式|客户手机号码|收件人电话|发货人手机|司机电话|公司电话|紧急联系人电话|真实号码|绑定手机号|座机|固定电话|手机号（本人）|业务员电话|车主手机号|门店电话|Landlord Phone|Sales Rep Phone|Mobile No.|Mobile Phone Number|Telephone No|Tel|tel:|Cell Phone|MSISDN|Contact Number|Contact No.*|Customer's Phone|Receiver Mobile|Home Phone|Phone (Work)|Phone 2|PHONE_NUMBERS|Primary phone number (required)"},
		{"of others", "-", "A/B|A/B号码|a/b testing|A|B超|X光|类型B|等级A|" +
			"被叫姓名|主叫归属运营商|主叫时长|拨打次数|号码备注|号码状态|手机型号|手机号归属运营商|电话区号|电话状态|身份证号|银行卡号|车牌号|工号|编号|传真|邮箱|" +
			"Phone Model|Phone Type|Mobile App|Telegram|Cell ID|Number|No.|Account Number|Contact|Contact Name|Caller Name|Called At|Call Time|Number of calls|Anno|Nobel|Annex|" +
			"生效时间|开始时间|创建时间|是否有效|是否过期|有效|保质期（天）|有效期起|有效期开始时间|有效期类型|有效性|起止时间|Is Expired|Expired|End|Contract End Date|Valid From|合同到期提醒|会议结束|Start Date|Weekend Date|Invalid|Validity|Endpoint|Vendor|Policy Expiry Date|Explanation|Experience|" +
			"小组|班组|用户组|工作组|分组名称|组名|组长|User Group|Group Name|Grouping|Groupon|组织ID|" +
			"CityCode|Velocity|Recorder|Record|Order|OrderDate|Client ID"},
	} {
		for header := range strings.SplitSeq(c.headers, "|") {
			right := c.right
			if header == "A" || header == "B" {
				right = "=PhoneNo" + header
			}
			if got := judged(header); got != right {
				t.Errorf("%s: %q is %s, want %s", c.kind, header, got, right)
			}
		}
	}
	for name, header := range map[string]string{
		"empty": "", "marks only": "*（必填）", "a long text": "A号码（" + strings.Repeat("必填", 10000),
		"many slashes": strings.Repeat("/", 4000), "no UTF-8": "\xff\xfe",
	} {
		if got := judged(header); got != "-" {
			t.Errorf("%s is %s", name, got)
		}
	}
}

// TestMisread: a header that says 1 for no is not read, for cells would be read as the
// contrary of what they say.
func TestMisread(t *testing.T) {
	for _, c := range []struct {
		contrary bool
		headers  string
	}{
		{true, "录音（0是 1否）|是否录音(1否0是)|是否录音：1-否 0-是|是否录音（0:是，1:否）|是否录音（0=录音 1=不录音）|是否录音(是:0 否:1)|语音识别（0开启1关闭）|IsRecordingEnabled (0=yes, 1=no)|是否录音(1否2是)|是否录音，如：0是1否"},
		{false, "是否录音|录音（1是 0否）|是否录音（是1否0）|是否录音(是:1 否:0)|是否录音：1-是；0-否|是否 录音（0否1是）|是否录音（填1，否则留空）|是否录音(是/否)|IsRecordingEnabled (1/0)|IsRecordingEnabled (1=yes 0=no)|是否录音（1为是，0为否）"},
	} {
		for header := range strings.SplitSeq(c.headers, "|") {
			if got := field.Misread(field.IsRecordingEnabled, header); got != c.contrary {
				t.Errorf("Misread(%q) = %v", header, got)
			}
			if f, ok := field.Of(header); ok && c.contrary {
				t.Errorf("%q is read as %v", header, f)
			}
		}
	}
}

// TestZoneOf: a header that names another time zone than Beijing's is known, and is never
// that of a column that is read.
func TestZoneOf(t *testing.T) {
	for _, c := range []struct {
		zone    bool
		headers string
	}{
		{true, "Expiration (UTC)|过期时间（UTC+0）|过期时间（UTC+9）|过期时间（UTC－8）|过期时间（UTC−8）|失效时间(utc+00:00)|Expiration [GMT]|Expiration (GMT+1)|ExpirationUTC|expiration_utc|utcExpiration|UTC|过期时间UTC|" +
			"Expiration (PST)|Expiration EST|Expiration (CET)|Expiration (JST)|Expiration (Eastern Time)|Expiration (Pacific Standard Time)|Tokyo time|(+09:00)|(-05:00)|Expiration (America/New_York)|Expiration (Asia/Tokyo)|" +
			"过期时间（东九区）|过期时间（西五区）|过期时间（零时区）|过期时间（世界时）|过期时间（格林威治时间）|过期时间（美东时间）|过期时间(纽约时间)|过期时间（日本时间）|过期时间(yyyy-MM-dd HH:mm MST)|过期时间（如 2027-01-31 08:00 UTC）"},
		{false, "Expiration|过期时间|过期时间(UTC+8)|过期时间（UTC+08:00）|失效时间(GMT+0800)|失效时间（UTC 8）|过期时间（北京时间）|过期时间（东八区）|过期时间（CST）|Expiration (+08:00)|Expiration (Asia/Shanghai)|China Standard Time|Beijing Time|" +
			"Outcome|Shutcut|Test|Fastest|Best|Time Zone|2027-01-31 23:59:59|09:00-18:00|12+09:00|美国|东部|城市/us|"},
	} {
		for header := range strings.SplitSeq(c.headers, "|") {
			if got := field.ZoneOf(header); got != c.zone {
				t.Errorf("ZoneOf(%q) = %v", header, got)
			}
			if f, ok := field.Of(header); ok && c.zone {
				t.Errorf("%q is read as %v", header, f)
			}
		}
	}
}

// TestNearTaken: a header is near no field that has a column, and no other one instead.
func TestNearTaken(t *testing.T) {
	for header, f := range map[string]field.Field{
		"主叫号码": field.PhoneNoA, "TelB": field.PhoneNoB, "虚拟号码": field.PhoneNoX, "GruopId": field.GroupID,
		"B号码，多个用逗号分隔": field.PhoneNoB, "有效期（天）": field.Expiration, "城市（现居）": field.ExpectCity, "订单号/运单号": field.OutOrderID,
	} {
		if got, ok := field.Near(header, anyFree); !ok || got != f {
			t.Errorf("%q is near %v, want %v", header, got, f)
		}
		if got, ok := field.Near(header, func(g field.Field) bool { return g != f }); ok {
			t.Errorf("%q is near %v, though %v has a column", header, got, f)
		}
	}
}

// TestLikeness: for a missing field, a header that is near it comes before one that has a
// word of it.
func TestLikeness(t *testing.T) {
	for _, c := range []struct {
		field        field.Field
		better, than string
	}{
		{field.PhoneNoA, "主叫号码", "客户电话"},
		{field.PhoneNoA, "客户电话", "备注"},
		{field.GroupID, "GruopId", "Group Name"},
		{field.GroupID, "Group Name", "Name"},
		{field.Expiration, "结束时间", "过期时间备注"},
		{field.Expiration, "过期时间备注", "是否有效"},
		{field.Expiration, "是否有效", ""},
	} {
		if a, b := c.field.Likeness(c.better), c.field.Likeness(c.than); a <= b {
			t.Errorf("%v: %q has %d, %q has %d", c.field, c.better, a, c.than, b)
		}
	}
}

// FuzzHeader: whatever a header is, it is one thing at most.
func FuzzHeader(f *testing.F) {
	for _, header := range []string{"", "A", "*A号码（必填）", "'手机号", "=\"B\"", "订单号/跟踪号", "Expiration (days)", "是否录音：1-是；0-否", "ＧroupＩd", "(/[【", "必填必填", "\xff号碼", "A/B", "城市\nCity", "②PhoneNoB：B号码▼", "t.phone_no_b_x000D_", "过期时间 (UTC-8)", "A、B号码", "城市，不填则随机", "是否录音 | Recording (Y/N)"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		_, _ = field.Key(header), field.Unmarked(header) // they do not panic
		if is := judged(header); strings.Contains(is, " ") {
			t.Errorf("%q is %s", header, is)
		}
		f, ok := field.Of(header)
		if ok != (f < field.NumFields) {
			t.Errorf("Of(%q) = %v, %v", header, f, ok)
		}
		if ok && field.Misread(f, header) {
			t.Errorf("%q is read, and says otherwise", header)
		}
		if f, ok := field.Near(header, anyFree); ok != (f < field.NumFields) {
			t.Errorf("Near(%q) = %v, %v", header, f, ok)
		}
		if _, ok := field.Near(header, func(field.Field) bool { return false }); ok {
			t.Errorf("%q is near a field that is not free", header)
		}
	})
}

// BenchmarkHeader is all that is asked of one header.
func BenchmarkHeader(b *testing.B) {
	for _, c := range []struct{ name, header string }{
		{"known", "B号码"}, {"marked", "*城市，选填，如杭州"}, {"both", "城市 City"}, {"near", "Phone No B - digits only"},
		{"other", "备注"}, {"words", "Customer Phone Number of the other party with many words"}, {"cell", "2027-01-31 23:59:59"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				field.Of(c.header)
				field.Near(c.header, anyFree)
				field.BareNumber(c.header)
			}
		})
	}
}
