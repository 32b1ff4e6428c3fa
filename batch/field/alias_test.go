package field_test

import (
	"strings"
	"testing"
	"unicode"

	"axgbind/batch/field"
)

// aliasesOf are the headers that mean each field, as promised to users.
var aliasesOf = map[field.Field]string{
	field.PhoneNoA:           "A,A号码,号码A,A号,手机号A,手机号码A,电话A",
	field.PhoneNoB:           "B,B号码,号码B,B号,手机号B,手机号码B,电话B",
	field.PhoneNoX:           "X,X号码,号码X,X号,手机号X,手机号码X,电话X,中间号,隐私号",
	field.GroupID:            "G组ID,G组,分组ID,分组,组ID,组号,GID",
	field.Expiration:         "过期时间,失效时间,到期时间,有效期,有效期至,到期日期,截止时间,过期日期,失效日期,Expiration Date,Expiration Time,Expiry Date,Expiry Time,Expire Date,Expire Time",
	field.ExpectCity:         "城市,期望城市,归属地,归属城市",
	field.IsRecordingEnabled: "是否录音,录音,是否录制",
	field.OutID:              "外部ID,业务ID",
	field.OutOrderID:         "外部订单号,订单号",
	field.CallDisplayType:    "来电显示",
	field.CallRestrict:       "呼叫限制",
	field.ASRStatus:          "语音识别,是否语音识别",
	field.ASRModelID:         "语音模型ID",
	field.RingConfig:         "铃声配置",
	field.PoolKey:            "号码池Key,号码池,号池Key,号池",
}

func TestParse(t *testing.T) {
	for f := range field.NumFields {
		names := []string{f.String(), strings.ToUpper(f.String()), " " + strings.ToLower(f.String()) + "\u3000"}
		if a := aliasesOf[f]; a != "" {
			names = append(names, strings.Split(a, ",")...)
		}
		for _, name := range names {
			if got, err := field.Parse(name); err != nil || got != f {
				t.Errorf("Parse(%q) = %v, %v; want %v", name, got, err, f)
			}
			if !strings.ContainsFunc(name, unicode.IsLetter) {
				t.Errorf("%q has no letter: package input takes no such cell for a header", name)
			}
		}
	}
	for _, name := range []string{"", "手机号", "电话", "Phone", "PhoneNoC"} {
		f, err := field.Parse(name)
		if err == nil || f < field.NumFields {
			t.Errorf("Parse(%q) = %v, want an error", name, f)
		} else if !strings.Contains(err.Error(), "GroupId") {
			t.Errorf("Parse(%q): %v does not list the names", name, err)
		}
	}
}
