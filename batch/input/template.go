package input

import (
	"encoding/csv"
	"io"

	"axgbind/batch/field"
	"axgbind/report"
)

// templateHeader heads the columns of the Chinese template: for each field the
// alias that a Chinese operator knows it by.
var templateHeader = [field.NumFields]string{
	"A号码", "B号码", "G组（GroupId）", "过期时间", "中间号（X号码）", "期望城市", "是否录音",
	"外部ID", "外部订单号", "来电显示", "呼叫限制", "语音识别", "语音模型ID", "铃声配置", "号码池Key",
}

// templateRow is the example of the template, by field.
var templateRow = [field.NumFields]string{
	field.PhoneNoA:           "13800138000",
	field.PhoneNoB:           "057188992688",
	field.GroupID:            "2000000000001",
	field.Expiration:         "2099-01-31 23:59:59",
	field.ExpectCity:         "杭州",
	field.IsRecordingEnabled: "false",
	field.OutID:              "customer-0001",
	field.OutOrderID:         "order-0001",
	field.CallDisplayType:    "1",
	field.ASRStatus:          "false",
	field.PoolKey:            "FC100000000000001",
}

// WriteTemplate writes an input with every column and one example row, in lang:
// under the API's names, or under Chinese ones, which passes Row.Check: CSV in UTF-8 with a byte order mark, so
// that Excel shows Chinese as it should, and line ends as Excel writes them.
func WriteTemplate(w io.Writer, lang report.Lang) error {
	header, row := [field.NumFields]string{}, templateRow
	for f := range field.NumFields {
		header[f] = f.String()
	}
	if lang == report.ZH {
		header = templateHeader
		row[field.IsRecordingEnabled], row[field.ASRStatus] = "否", "否"
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	cw := csv.NewWriter(w)
	cw.UseCRLF = true
	if err := cw.Write(header[:]); err != nil {
		return err
	}
	if err := cw.Write(row[:]); err != nil {
		return err
	}
	cw.Flush()
	return cw.Error()
}
