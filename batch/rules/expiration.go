package rules

import "axgbind/report"

// Rules of Expiration by ID.
const (
	ExpiryEmpty    = "expiration-empty"
	ExpiryFormat   = "expiration-format"
	ExpiryDateOnly = "expiration-date-only"
	ExpiryOrder    = "expiration-day-order"
	ExpiryDay      = "expiration-no-such-time"
	ExpiryPast     = "expiration-past"
	ExpirySoon     = "expiration-too-soon"
	ExpiryFar      = "expiration-far"
	ExpiryNotation = "expiration-notation"
	ExpirySeconds  = "expiration-seconds"
	ExpiryZone     = "expiration-zone"
	ExpirySerial   = "expiration-serial"
)

var expirationRules = [...]Rule{
	{
		ID: ExpiryEmpty, Code: CodeExpiry,
		Meaning: report.Text{EN: "the end of the binding is given", ZH: "过期时间必填"},
		Short:   report.Text{EN: "is empty", ZH: "没有填写"},
		Cause:   report.Text{EN: "the cell has no value", ZH: "单元格没有值"},
		Cure:    report.Text{EN: "write it as 2027-01-31 23:59:59, or give all rows one with --default Expiration=+30d", ZH: "按 2027-01-31 23:59:59 的格式填写，或用 --default Expiration=+30d 为所有行指定"},
	},
	{
		ID: ExpiryFormat, Code: CodeExpiry,
		Meaning: report.Text{EN: "Expiration is written yyyy-MM-dd HH:mm:ss in Beijing time", ZH: "过期时间写作 yyyy-MM-dd HH:mm:ss，北京时间"},
		Short:   report.Text{EN: "is in an unknown form", ZH: "格式不对"},
		Cause:   report.Text{EN: "not of the form yyyy-MM-dd HH:mm:ss", ZH: "不符合 yyyy-MM-dd HH:mm:ss 格式"},
		Cure:    report.Text{EN: "write it as 2027-01-31 23:59:59", ZH: "写成 2027-01-31 23:59:59"},
	},
	{
		ID: ExpiryDay, Code: CodeExpiry,
		Meaning: report.Text{EN: "Expiration is a day and time that exist", ZH: "过期时间是真实存在的日期和时间"},
		Short:   report.Text{EN: "is a day or time that does not exist", ZH: "是不存在的日期或时间"},
		Cause:   report.Text{EN: "there is no such day or time", ZH: "不存在这样的日期或时间"},
		Cure:    report.Text{EN: "check month, day and hour: 2027-02-28 23:59:59", ZH: "检查月、日和时刻：2027-02-28 23:59:59"},
	},
	{
		ID: ExpiryPast, Code: CodeExpiry,
		Meaning: report.Text{EN: "Expiration is more than 60 seconds ahead, in Beijing time", ZH: "过期时间须晚于当前北京时间 60 秒以上"},
		Short:   report.Text{EN: "is past or within 60 seconds", ZH: "已过期或 60 秒内就会过期"},
		Cause:   report.Text{EN: "not more than 60 seconds after now, %[1]s Beijing time", ZH: "须晚于当前北京时间（%[1]s）60 秒以上"},
		Cure:    report.Text{EN: "choose a later end of the binding", ZH: "改为更晚的过期时间"},
	},
	{
		ID: ExpiryDateOnly, Code: CodeExpiry,
		Meaning: report.Text{EN: "Expiration has a time of day, not only a date", ZH: "过期时间要写时刻，不能只写日期"},
		Short:   report.Text{EN: "has no time of day", ZH: "只有日期没有时刻"},
		Cause:   report.Text{EN: "a date without a time: 00:00:00 and 23:59:59 of %[1]s lie a day apart, and axgbind does not guess", ZH: "只有日期没有时刻：%[1]s 的 00:00:00 与 23:59:59 相差一天，axgbind 不猜测"},
		Cure:    report.Text{EN: "add the time: 23:59:59 if the binding is to last through that day, as in 2027-01-31 23:59:59", ZH: "补上时刻：要用到当天结束就写 23:59:59，例如 2027-01-31 23:59:59"},
	},
	{
		ID: ExpiryOrder, Code: CodeExpiry,
		Meaning: report.Text{EN: "Expiration begins with a year of four digits, then month, then day", ZH: "过期时间以四位年份开头，然后是月、日"},
		Short:   report.Text{EN: "does not begin with the year", ZH: "没有以四位年份开头"},
		Cause:   report.Text{EN: "the year does not come first with four digits, so day, month and year cannot be told apart for certain", ZH: "没有以四位年份开头，无法确定年、月、日的顺序"},
		Cure:    report.Text{EN: "write it as 2027-01-31 23:59:59; in a spreadsheet give the column the format yyyy-mm-dd hh:mm:ss", ZH: "写成 2027-01-31 23:59:59；在表格软件中把该列格式设为 yyyy-mm-dd hh:mm:ss"},
	},
	{
		ID: ExpirySoon, Code: CodeExpiry, Severity: report.Warning,
		Meaning: report.Text{EN: "Expiration is still more than 60 seconds ahead when the row has its turn at the given --rate", ZH: "按给定的 --rate 轮到本行时，过期时间仍须晚于当时 60 秒以上"},
		Short:   report.Text{EN: "comes before the row has its turn", ZH: "还没轮到发送就会过期"},
		Cause:   report.Text{EN: "it comes before the row's turn: at %[1]g calls/s the row is sent at about %[2]s Beijing time", ZH: "轮到本行时已来不及：按每秒 %[1]g 次，本行约在北京时间 %[2]s 发送"},
		Cure:    report.Text{EN: "choose a later end, move the row up, or raise --rate; a row that has less than a minute left at its turn is not sent", ZH: "改为更晚的过期时间、把该行前移，或提高 --rate；轮到时不足一分钟的行不会发送"},
	},
	{
		ID: ExpiryFar, Code: CodeExpiry, Severity: report.Warning,
		Meaning: report.Text{EN: "Expiration lies at most 80 years ahead", ZH: "过期时间距今不超过 80 年"},
		Short:   report.Text{EN: "is more than 80 years ahead", ZH: "距今超过 80 年"},
		Cause:   report.Text{EN: "%[1]d years ahead, which looks like a slip: the X number would stay taken all that time", ZH: "距今 %[1]d 年，很可能是笔误：中间号会一直被占用"},
		Cure:    report.Text{EN: "check the year; the row is sent", ZH: "检查年份；该行照常发送"},
	},
	{
		ID: ExpiryNotation, Code: CodeExpiry, Severity: report.Repaired,
		Meaning: report.Text{EN: "2027/1/31 23:59:59, 2027年1月31日 23时59分59秒, 20270131235959 and 2027-01-31T23:59:59 are read as 2027-01-31 23:59:59", ZH: "2027/1/31 23:59:59、2027年1月31日 23时59分59秒、20270131235959、2027-01-31T23:59:59 均按 2027-01-31 23:59:59 读取"},
		Short:   report.Text{EN: "is written another way", ZH: "写法不同"},
		Cause:   report.Text{EN: "date and time are complete but written another way", ZH: "日期时间完整，但写法不同"},
		Cure:    report.Text{EN: "nothing to do; it is sent as yyyy-MM-dd HH:mm:ss", ZH: "无需处理，发送时统一为 yyyy-MM-dd HH:mm:ss"},
	},
	{
		ID: ExpirySeconds, Code: CodeExpiry, Severity: report.Repaired,
		Meaning: report.Text{EN: "a time without seconds, such as 2027/1/31 23:59, is taken as that minute's beginning", ZH: "没有秒的时间（如 2027/1/31 23:59）按该分钟的 0 秒读取"},
		Short:   report.Text{EN: "lacks the seconds", ZH: "没有写秒"},
		Cause:   report.Text{EN: "the seconds are missing and taken as 00", ZH: "缺少秒，按 00 秒处理"},
		Cure:    report.Text{EN: "nothing to do; in a spreadsheet the format yyyy-mm-dd hh:mm:ss keeps the seconds", ZH: "无需处理；在表格软件中用 yyyy-mm-dd hh:mm:ss 格式可保留秒"},
	},
	{
		ID: ExpiryZone, Code: CodeExpiry, Severity: report.Repaired,
		Meaning: report.Text{EN: "a time with a zone, such as 2027-01-31T15:59:59Z, is turned into Beijing time", ZH: "带时区的时间（如 2027-01-31T15:59:59Z）换算为北京时间"},
		Short:   report.Text{EN: "has a time zone", ZH: "带有时区"},
		Cause:   report.Text{EN: "the time names its zone and was turned into Beijing time", ZH: "时间带有时区，已换算为北京时间"},
		Cure:    report.Text{EN: "nothing to do; check the first of them if the zone was not meant", ZH: "无需处理；如果时区并非本意，请核对其中一行"},
	},
	{
		ID: ExpirySerial, Code: CodeExpiry, Severity: report.Repaired,
		Meaning: report.Text{EN: "a spreadsheet's day number with a time, such as 46270.5, is read by the 1900 date system", ZH: "表格软件的日期序号（如 46270.5）按 1900 日期系统读取"},
		Short:   report.Text{EN: "is a day number of a spreadsheet", ZH: "是表格软件的日期序号"},
		Cause:   report.Text{EN: "a spreadsheet's day number, counted from 1900", ZH: "表格软件的日期序号，从 1900 年起算"},
		Cure:    report.Text{EN: "check the first of them; give the column the format yyyy-mm-dd hh:mm:ss and save again to be sure (a workbook in the 1904 date system would be 4 years off)", ZH: "核对其中一行；稳妥起见把该列格式设为 yyyy-mm-dd hh:mm:ss 后重新保存（使用 1904 日期系统的工作簿会差 4 年）"},
	},
}
