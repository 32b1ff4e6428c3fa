package input

import (
	"fmt"
	"strings"

	"axgbind/report"
)

// Error refuses an input as a whole; nothing of it is sent.
type Error struct {
	Kind    string   // which refusal, stable, such as missing-columns
	Headers []string // the headers found, if the header could be read
	Line    int      // of what is most like a header, if it is not the first; else 0

	args []any // of the sentences
}

// Error returns the reason in English.
func (e *Error) Error() string { return e.Reason(report.EN) }

// Reason says why the input is refused and, if the header is the trouble, which
// headers were found and in which columns. Text that could be a phone number is
// masked.
func (e *Error) Reason(lang report.Lang) string {
	s := refusalOf(e.Kind).reason.In(lang, e.args...)
	if e.Line > 0 {
		s = fmt.Sprintf(report.Text{EN: "line %d looks most like the header: %s", ZH: "第 %d 行最像表头：%s"}.In(lang), e.Line, s)
	}
	if len(e.Headers) == 0 || e.Kind == "header-only" || e.Kind == "header-not-found" {
		return s
	}
	const most = 40
	var found []string
	for i, h := range e.Headers {
		if i == most {
			found = append(found, "…")
			break
		}
		if h = shownHeader(h); h == "" {
			h = report.Text{EN: "empty", ZH: "空"}.In(lang)
		}
		found = append(found, report.FaultValue.In(lang, ColumnLetter(i+1), report.Whole(h)))
	}
	return s + report.Text{EN: "; found: ", ZH: "；文件里有："}.In(lang) +
		strings.Join(found, report.Among.In(lang))
}

// Cure says what to do.
func (e *Error) Cure(lang report.Lang) string {
	return refusalOf(e.Kind).cure.In(lang, e.args...)
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
	panic("input: no refusal " + kind)
}

// saveAsCSV is the way from a workbook to a file that can be read. Long ids are
// named because a spreadsheet writes those in cells of the form General as
// 2E+12.
var saveAsCSV = report.Text{
	EN: "open it in Excel or WPS, set columns of long ids to Number without decimals, then File > Save As > file type CSV UTF-8 (Comma delimited) (*.csv), or CSV (Comma delimited) (*.csv) if there is no such type; only the sheet in front is saved. Give that file",
	ZH: "用 Excel 或 WPS 打开，把长编号的列设为“数值、小数位数 0”，再点“文件 > 另存为”，保存类型（WPS 在“其他格式”里）选“CSV UTF-8（逗号分隔）(*.csv)”；没有这一项就选“CSV（逗号分隔）(*.csv)”。只保存当前工作表。然后使用该文件",
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
			EN: "%[2]s; or add the column%[3]s",
			ZH: "%[2]s；或者补上该列%[3]s",
		}},
	{"no-number-column", report.Text{EN: "no column with the X numbers", ZH: "缺少中间号列"},
		report.Text{EN: "head it SecretNo or PhoneNoX; a list may also hold one number a line and nothing else", ZH: "表头写 SecretNo 或 PhoneNoX；清单也可以每行只写一个号码"}},
	{"header-not-found", report.Text{EN: "none of the first %[1]d lines is a header with columns for %[2]s", ZH: "前 %[1]d 行中没有包含 %[2]s 的表头"},
		report.Text{EN: "delete the lines above the header, and give the columns these names", ZH: "删除表头上方的行，并按上述名称填写表头"}},
	{"rows-above-header", report.Text{EN: "line %[1]d looks like the header, but line %[2]d above it has a phone number", ZH: "第 %[1]d 行像是表头，但它上方的第 %[2]d 行含有电话号码"},
		report.Text{EN: "put the header first; delete lines that are not rows", ZH: "把表头放在第一行，并删除不是数据的行"}},
	{"two-headers", report.Text{EN: "line %[1]d and line %[2]d are both headers, and name the columns differently", ZH: "第 %[1]d 行和第 %[2]d 行都是表头，但各列的含义不一致"},
		report.Text{EN: "keep one header, with all names in one line; put rows of another header into a file of their own", ZH: "只保留一行表头，所有列名写在同一行；属于另一个表头的行请单独放在一个文件里"}},
	{"delimiter-wrong", report.Text{EN: "the cells are not separated by \"%[1]s\"", ZH: "单元格不是以 \"%[1]s\" 分隔的"},
		report.Text{EN: "leave out --delimiter, or use --delimiter %[2]s", ZH: "去掉 --delimiter，或使用 --delimiter %[2]s"}},
	{"delimiter-unknown", report.Text{EN: "the cells seem to be separated by \"%[1]s\"", ZH: "单元格似乎以 \"%[1]s\" 分隔"},
		report.Text{EN: "say so: --delimiter %[2]s", ZH: "请指明：--delimiter %[2]s"}},
	{"header-in-quotes", report.Text{EN: "the whole header is in quotation marks, with delimiters behind them", ZH: "整个表头被一对双引号括住，其后还有分隔符"},
		report.Text{EN: "save the file anew as CSV, or delete the quotation marks around each line and the delimiters behind them", ZH: "请重新另存为 CSV，或删除每行外层的双引号及其后的分隔符"}},
	{"delimiters-mixed", report.Text{EN: "a header holds several names with \"%[1]s\" between them, while other cells are separated otherwise", ZH: "有一个表头单元格内含以 \"%[1]s\" 隔开的多个名称，而其他单元格用别的符号分隔"},
		report.Text{EN: "separate all cells alike: open the file in a text editor, replace every \"%[1]s\" that separates cells by a comma, and save", ZH: "统一分隔符：用文本编辑器打开文件，把用于分隔的 \"%[1]s\" 全部替换为英文逗号后保存"}},
	{"ambiguous-number", report.Text{EN: "column %[1]s (%[2]s) could be number A, B or X", ZH: "%[1]s 列（%[2]s）可能是 A 号码、B 号码或中间号"},
		report.Text{EN: "say which: %[3]s if it is the number to hide, %[4]s for the other party, %[5]s for the X number", ZH: "请指明：要隐藏的号码用 %[3]s，对方号码用 %[4]s，中间号用 %[5]s"}},
	{"no-binding", report.Text{EN: "no column names the bindings: SubsId, or PhoneNoA and the GroupId that they have now", ZH: "缺少指明绑定的列：SubsId，或 PhoneNoA 和绑定目前的 GroupId"},
		report.Text{EN: "give a results file of axgbind, or a CSV with PoolKey, SecretNo, SubsId and the fields to change: axgbind status --bindings prints the first three", ZH: "请使用 axgbind 的结果文件，或含 PoolKey、SecretNo、SubsId 和要更新字段的 CSV：axgbind status --bindings 可列出前三列"}},
	{"results-cut", report.Text{EN: "the input is a results file without its column %[1]s: its rows may be bound already", ZH: "输入文件是缺少 %[1]s 列的结果文件，其中的行可能已经绑定"},
		report.Text{
			EN: "put the column back, or run the batch again with its own input: its results are then written anew. If these columns are your own, give them other headers",
			ZH: "请补回该列；或用该批次原来的输入再次运行，结果会重新写出。如果这些列是你自己的，请改用别的表头",
		}},
	{"results-renamed", report.Text{EN: "the input reads like a results file whose headers were changed: its rows may be bound already", ZH: "输入文件看起来是改过表头的结果文件，其中的行可能已经绑定"},
		report.Text{
			EN: "give its columns their headers back (Line, Status, ... FinishedAt), or run the batch again with its own input. If the rows are to be bound anew all the same, delete the columns of the results",
			ZH: "请恢复结果列的表头（Line、Status …… FinishedAt），或用该批次原来的输入再次运行。如果确实要重新绑定这些行，请删除结果列",
		}},
	{"two-columns", report.Text{EN: "two columns for %[1]s: %[2]s (%[3]s) and %[4]s (%[5]s)", ZH: "有两列都对应 %[1]s：%[2]s 列（%[3]s）和 %[4]s 列（%[5]s）"},
		report.Text{EN: "choose the one that counts: %[6]s or %[7]s; the other is then passed through. Or rename or delete one of them", ZH: "选定其中一列：%[6]s 或 %[7]s，另一列原样保留到结果中；也可以重命名或删除其中一列"}},
	{"column-twice", report.Text{EN: "the column for %[1]s comes twice, by the same name: %[2]s (%[3]s) and %[4]s (%[5]s)", ZH: "%[1]s 的列出现了两次，表头相同：%[2]s 列（%[3]s）和 %[4]s 列（%[5]s）"},
		report.Text{EN: "rename or delete one of the two; --map cannot tell columns of the same name apart", ZH: "重命名或删除其中一列；表头相同时 --map 无法区分"}},
	{"map-absent", report.Text{EN: "--map names a column that is not there: %[1]s", ZH: "--map 指定的列不存在：%[1]s"},
		report.Text{EN: "%[2]s; copy the header text from the file", ZH: "%[2]s；请从文件中复制表头文字"}},
	{"map-twice", report.Text{EN: "--map gives the column %[1]s two fields", ZH: "--map 把列 %[1]s 指定给了两个字段"},
		report.Text{EN: "keep one of them", ZH: "只保留其中一个"}},
	{"too-many-columns", report.Text{EN: "the input has %[1]d columns; at most %[2]d are read", ZH: "输入文件有 %[1]d 列；最多读取 %[2]d 列"},
		report.Text{EN: "delete the columns that are not needed; a wrong --delimiter has the same effect", ZH: "删除不需要的列；--delimiter 不对也会如此"}},
	{"header-quotes", report.Text{EN: "the header cannot be read: its quotation marks do not match, beginning with line %[1]d", ZH: "表头无法读取：从第 %[1]d 行起双引号不配对"},
		report.Text{EN: "enclose whole cells in quotation marks, and double those inside a cell", ZH: "双引号须成对括住整个单元格，单元格内的双引号写两次"}},
	{"nul-bytes", report.Text{EN: "the header line contains NUL bytes: this is not a text file, or it is damaged", ZH: "表头所在行含有 NUL 字节：不是文本文件，或已损坏"}, saveAsCSV},
	{"xlsx", report.Text{EN: "the input is an Excel workbook (.xlsx), not a CSV", ZH: "输入文件是 Excel 工作簿（.xlsx），不是 CSV"}, saveAsCSV},
	{"xls", report.Text{EN: "the input is an old Excel or WPS workbook (.xls, .et) or one with a password, not a CSV", ZH: "输入文件是旧版 Excel 或 WPS 工作簿（.xls、.et），或带密码的工作簿，不是 CSV"}, saveAsCSV},
	{"json", report.Text{EN: "the input is JSON, not a CSV", ZH: "输入文件是 JSON，不是 CSV"}, report.Text{
		EN: "have the system that wrote it export CSV: a header, and a row for each binding; axgbind template -o FILE writes an example",
		ZH: "请让导出它的系统改为导出 CSV：一行表头，每个绑定一行；axgbind template -o FILE 可生成示例",
	}},
	{"pdf", report.Text{EN: "the input is a PDF, not a CSV", ZH: "输入文件是 PDF，不是 CSV"}, saveAsCSV},
	{"html", report.Text{EN: "the input is a web page or an XML workbook, whatever its name ends in, not a CSV: many systems export such files as .xls", ZH: "输入文件其实是网页或 XML 表格（很多系统导出的 .xls 就是这样），不是 CSV"}, saveAsCSV},
	{"rich-text", report.Text{EN: "the input is a document (RTF), not a CSV", ZH: "输入文件是 RTF 文档，不是 CSV"}, saveAsCSV},
	{"gzip", report.Text{EN: "the input is compressed (gzip), not a CSV", ZH: "输入文件是 gzip 压缩文件，不是 CSV"},
		report.Text{EN: "unpack it first: gzip -dc FILE.gz > FILE.csv", ZH: "请先解压：gzip -dc FILE.gz > FILE.csv"}},
	{"archive", report.Text{EN: "the input is an archive (zip, rar or 7z), not a CSV", ZH: "输入文件是压缩包（zip、rar 或 7z），不是 CSV"},
		report.Text{EN: "unpack it first (on Windows: right click > Extract All), then give the CSV in it", ZH: "请先解压（Windows：右键 > 全部解压缩），再使用其中的 CSV 文件"}},
	{"encoding-unknown", report.Text{EN: "unknown encoding \"%[1]s\"", ZH: "未知编码 \"%[1]s\""},
		report.Text{EN: "use auto, utf-8, gb18030 (also for GBK and GB2312), utf-16, utf-16le or utf-16be", ZH: "可用 auto、utf-8、gb18030（GBK、GB2312 也用它）、utf-16、utf-16le 或 utf-16be"}},
	{"delimiter-unusable", report.Text{EN: "\"%[1]s\" cannot separate cells", ZH: "\"%[1]s\" 不能用作分隔符"},
		report.Text{EN: "use a comma, a tab, a semicolon or another single character", ZH: "请用逗号、制表符、分号或其他单个字符"}},
}
