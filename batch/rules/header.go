package rules

import "axgbind/report"

// Rules of the header and of the file as a whole, by ID.
const (
	Unread      = "column-not-read"
	HeaderBelow = "header-below"
	Delimiter   = "delimiter-unusual"
	Blank       = "rows-empty"
)

var headerRules = [...]Rule{
	{
		ID: Unread, Severity: report.Warning,
		Meaning: report.Text{EN: "a column whose header is almost that of a field is read, or means something else for certain", ZH: "表头与某个字段相近的列要么被读取，要么确认与字段无关"},
		Cause:   report.Text{EN: "the column is not read: its header is almost that of a field, but not quite", ZH: "该列不会被读取：表头与某个字段相近，但不相同"},
		Cure:    report.Text{EN: "give the column its field with --map 'COLUMN=Field', or rename the header; leave it if it means something else", ZH: "用 --map 'COLUMN=Field' 指定字段，或修改表头；如果含义不同则不用处理"},
	},
	{
		ID: HeaderBelow, Severity: report.Repaired,
		Meaning: report.Text{EN: "the header is the first line; titles above it are not read", ZH: "表头在第一行；表头上方的标题不读取"},
		Cause:   report.Text{EN: "line %[1]d is the header; what stands above it, from line %[2]d on, is not read", ZH: "第 %[1]d 行是表头；其上方（从第 %[2]d 行起）的内容不读取"},
		Cure:    report.Text{EN: "delete the lines above the header to avoid this line", ZH: "删除表头上方的行后不再提示"},
	},
	{
		ID: Delimiter, Severity: report.Repaired,
		Meaning: report.Text{EN: "cells are separated by commas, tabs or semicolons; bars and full-width commas are read as well", ZH: "单元格以逗号、制表符或分号分隔；|、， 和 ； 也可读取"},
		Cause:   report.Text{EN: "the cells are separated by %[1]s", ZH: "单元格以 %[1]s 分隔"},
		Cure:    report.Text{EN: "save the file as CSV with commas to avoid this line", ZH: "另存为逗号分隔的 CSV 后不再提示"},
	},
	{
		ID: Blank, Severity: report.Repaired,
		Meaning: report.Text{EN: "a line whose cells are all empty is not a row", ZH: "所有单元格都为空的行不是数据行"},
		Cause:   report.Text{EN: "lines whose cells are all empty are not rows: %[1]d (%[2]s)", ZH: "有 %[1]d 行的单元格全为空，不计为数据行（第 %[2]s 行）"},
		Cure:    report.Text{EN: "they are neither counted nor sent", ZH: "这些行不计数，也不发送"},
	},
}
