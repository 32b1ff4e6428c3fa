package page

import (
	"html/template"
	"strings"

	"axgbind/report"
)

// table is what a page shows in columns. A column that would say nothing is left out. On
// a phone the rows of one that is a stack stand as blocks, each cell with its head.
type table struct {
	ID, Class, Caption string
	Columns            []column
	Rows               [][]cell // the first cell of each is its head
}

// column is the head of one, and how its cells look: n, text, code, id or bar; blank: as
// short as they are.
type column struct{ Head, Class string }

// cell is what stands in a table. Sign and Class tell a state, as a mark and a colour.
type cell struct {
	Text, Ref   string
	Sign, Class string
	Bar         string // how long it is
}

// newTable is a table with a row for each of a list. Its columns are put into it.
func newTable[T any](id, class, caption string, list []T) (*table, func(head, class string, of func(T) cell)) {
	t := &table{ID: id, Class: class, Caption: caption, Rows: make([][]cell, len(list))}
	return t, func(head, class string, of func(T) cell) {
		cells, said := make([]cell, len(list)), false
		for i, item := range list {
			cells[i] = of(item)
			cells[i].Text = report.Shown(cells[i].Text)
			said = said || cells[i].Text != "" && cells[i].Text != "0" || cells[i].Bar != ""
		}
		if !said {
			return
		}
		t.Columns = append(t.Columns, column{head, class})
		for i, c := range cells {
			if c.Text == "" && c.Bar == "" && class != "bar" {
				c.Text = "–"
			}
			t.Rows[i] = append(t.Rows[i], c)
		}
	}
}

func text(s string) cell { return cell{Text: s} }

func count[N int | int64](n N) cell { return cell{Text: grouped(n)} }

// known is a number that is not known if it is 0.
func known(x float64) cell {
	if x == 0 {
		return cell{}
	}
	return text(rounded(x))
}

// state is a status with its mark.
func (p *Page) state(status report.Status) cell {
	return cell{Text: status.Label(p.Lang), Sign: signs[status], Class: class(status)}
}

// signs tell states apart without colour.
var signs = map[report.Status]string{report.Bound: "●", report.Failed: "✕", report.Invalid: "◇", report.Held: "‖", report.Unknown: "?", report.Pending: "○", report.Released: "◌"}

func class(status report.Status) string { return strings.ToLower(status.String()) }

// breaks is a code that may be broken behind its underscores and full stops.
func breaks(code string) template.HTML {
	return template.HTML(strings.NewReplacer("_", "_<wbr>", ".", ".<wbr>").Replace(template.HTMLEscapeString(code)))
}
