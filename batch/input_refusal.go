package batch

import (
	"strings"

	"axgbind/report"
)

// InputError refuses an input as a whole; nothing of it is sent.
type InputError struct {
	Kind    string   // which refusal, stable, such as missing-columns
	Headers []string // the headers found, if the header could be read

	args []any // of the sentences
}

// Error returns the reason in English.
func (e *InputError) Error() string { return e.Reason(report.EN) }

// Reason says why the input is refused and, if the header is the trouble, which
// headers were found. Text that could be a phone number is masked.
func (e *InputError) Reason(lang report.Lang) string {
	s := fillVerbs(refusalOf(e.Kind).reason, lang, e.args)
	if len(e.Headers) == 0 || e.Kind == "header-only" {
		return s
	}
	const most = 40
	shown := shownHeaders(e.Headers)
	if len(shown) > most {
		shown = append(shown[:most:most], "…")
	}
	for i, h := range shown {
		if h == "" {
			shown[i] = `""`
		}
	}
	return s + report.Text{EN: "; the header line has: ", ZH: "；表头为："}.In(lang) +
		strings.Join(shown, report.Text{EN: ", ", ZH: "、"}.In(lang))
}

// Cure says what to do.
func (e *InputError) Cure(lang report.Lang) string {
	return fillVerbs(refusalOf(e.Kind).cure, lang, e.args)
}

type refusal struct {
	kind         string
	reason, cure report.Text
}

func refusalOf(kind string) refusal {
	for _, r := range refusals {
		if r.kind == kind {
			return r
		}
	}
	panic("batch: no refusal " + kind)
}

var saveAsCSV = report.Text{
	EN: "open it in the program it comes from, save it as CSV UTF-8 (comma delimited), and give that file",
	ZH: "请用原来的软件打开，另存为“CSV UTF-8（逗号分隔）”，再使用该文件",
}

var refusals = [...]refusal{
	{"empty", report.Text{EN: "the input is empty", ZH: "输入文件是空的"},
		report.Text{EN: "check the path; axgbind template -o FILE writes an example", ZH: "检查文件路径；axgbind template -o FILE 可生成示例"}},
	{"header-only", report.Text{EN: "the input has a header and no rows", ZH: "输入文件只有表头，没有数据行"},
		report.Text{EN: "add a row for each binding, or check whether the export was cut short", ZH: "每个绑定填写一行，或检查导出是否中断"}},
	{"no-header", report.Text{EN: "the first line looks like a row: the header is missing", ZH: "第一行像是数据行：缺少表头"},
		report.Text{EN: "put a header line on top with at least PhoneNoA,GroupId,Expiration", ZH: "在最上面加一行表头，至少包含 PhoneNoA,GroupId,Expiration"}},
	{"missing-columns", report.Text{EN: "no column for %[1]s", ZH: "缺少列：%[1]s"},
		report.Text{
			EN: "add the column, or say which one it is with --map 'COLUMN=%[2]s'; a GroupId or Expiration common to all rows can be given with --default; a wrong delimiter or encoding has the same effect (--delimiter, --encoding)",
			ZH: "补上该列，或用 --map '列名=%[2]s' 指明是哪一列；所有行相同的 GroupId 或 Expiration 可用 --default 指定；分隔符或编码不对也会如此（--delimiter、--encoding）",
		}},
	{"ambiguous-number", report.Text{EN: "column %[1]d (%[2]s) could be number A, B or X", ZH: "第 %[1]d 列（%[2]s）可能是 A、B 或 X 号码"},
		report.Text{EN: "say which: --map '%[2]s=PhoneNoA' if it is the number to be hidden, else =PhoneNoB or =PhoneNoX", ZH: "请指明：若是要隐藏的号码用 --map '%[2]s=PhoneNoA'，否则用 =PhoneNoB 或 =PhoneNoX"}},
	{"two-columns", report.Text{EN: "two columns for %[1]s: column %[2]d (%[3]s) and column %[4]d (%[5]s)", ZH: "有两列都对应 %[1]s：第 %[2]d 列（%[3]s）和第 %[4]d 列（%[5]s）"},
		report.Text{EN: "rename or delete one of them; if their headers differ, --map '%[3]s=%[1]s' chooses the one that counts", ZH: "重命名或删除其中一列；如果表头不同，可用 --map '%[3]s=%[1]s' 选定其中一列"}},
	{"map-absent", report.Text{EN: "--map names a column that is not there: %[1]s", ZH: "--map 指定的列不存在：%[1]s"},
		report.Text{EN: "copy the header text from the file", ZH: "请从文件中复制表头文字"}},
	{"map-twice", report.Text{EN: "--map gives the column %[1]s two fields", ZH: "--map 把列 %[1]s 指定给了两个字段"},
		report.Text{EN: "keep one of them", ZH: "只保留其中一个"}},
	{"too-many-columns", report.Text{EN: "the input has %[1]d columns; at most %[2]d may be passed through", ZH: "输入文件有 %[1]d 列；最多可透传 %[2]d 列"},
		report.Text{EN: "delete the columns that are not needed; a wrong --delimiter has the same effect", ZH: "删除不需要的列；--delimiter 不对也会如此"}},
	{"header-quotes", report.Text{EN: "the header cannot be read: its quotation marks do not match, beginning with line %[1]d", ZH: "表头无法读取：从第 %[1]d 行起双引号不配对"},
		report.Text{EN: "enclose whole cells in quotation marks, and double those inside a cell", ZH: "双引号须成对括住整个单元格，单元格内的双引号写两次"}},
	{"cr-lines", report.Text{EN: "the lines end in a carriage return only, as on old Macs", ZH: "行尾只有回车符（旧版 Mac 格式）"},
		report.Text{EN: "save it as CSV UTF-8 (comma delimited), not as CSV (Macintosh)", ZH: "请另存为“CSV UTF-8（逗号分隔）”，不要选“CSV (Macintosh)”"}},
	{"utf-16", report.Text{EN: "the input is encoded in UTF-16 (Unicode Text), not in UTF-8 or GB18030", ZH: "输入文件是 UTF-16 编码（Unicode 文本），不是 UTF-8 或 GB18030"}, saveAsCSV},
	{"nul-bytes", report.Text{EN: "the input contains NUL bytes: it is no text file, or a damaged one", ZH: "输入文件含有 NUL 字节：不是文本文件，或已损坏"}, saveAsCSV},
	{"xlsx", report.Text{EN: "the input is an Excel workbook (.xlsx) or a zip archive, not a CSV", ZH: "输入文件是 Excel 工作簿（.xlsx）或 zip 压缩包，不是 CSV"}, saveAsCSV},
	{"xls", report.Text{EN: "the input is an old Excel workbook (.xls), not a CSV", ZH: "输入文件是旧版 Excel 工作簿（.xls），不是 CSV"}, saveAsCSV},
	{"pdf", report.Text{EN: "the input is a PDF, not a CSV", ZH: "输入文件是 PDF，不是 CSV"}, saveAsCSV},
	{"gzip", report.Text{EN: "the input is compressed (gzip), not a CSV", ZH: "输入文件是 gzip 压缩文件，不是 CSV"},
		report.Text{EN: "unpack it first: gzip -dc FILE.gz > FILE.csv", ZH: "请先解压：gzip -dc FILE.gz > FILE.csv"}},
	{"encoding-unknown", report.Text{EN: "unknown encoding %[1]q", ZH: "未知编码 %[1]q"},
		report.Text{EN: "use auto, utf-8 or gb18030 (also for GBK and GB2312)", ZH: "可用 auto、utf-8 或 gb18030（GBK、GB2312 也用它）"}},
	{"delimiter-unusable", report.Text{EN: "%[1]q cannot separate cells", ZH: "%[1]q 不能用作分隔符"},
		report.Text{EN: "use a comma, a tab, a semicolon or another single character", ZH: "请用逗号、制表符、分号或其他单个字符"}},
}
