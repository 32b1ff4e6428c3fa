package input

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"axgbind/batch/rules"
	"axgbind/report"
)

// repairExpiration reads a date and time in any notation that can mean one
// moment only and writes it as yyyy-MM-dd HH:mm:ss in Beijing time. Whether
// such a day exists is judged later.
func repairExpiration(s string) (string, repairs) {
	if _, rule := ExpirationUnix(s); rule != rules.ExpiryFormat {
		return s, 0
	}
	if t, ok := serialTime(s); ok {
		return t, repairedSerial
	}
	m, ok := readMoment(s)
	if !ok || !m.timed {
		return s, 0
	}
	done := repairedNotation
	if !m.seconds {
		done = repairedSeconds
	}
	if !m.zoned {
		return m.String(), done
	}
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, 0, time.FixedZone("", m.offset))
	if y, mo, d := t.Date(); y != m.year || int(mo) != m.month || d != m.day || m.hour > 23 || m.minute > 59 || m.second > 59 {
		return m.String(), repairedZone // no such time in any zone
	}
	if t = t.In(report.Beijing); t.Year() < 1 || t.Year() > 9999 {
		return s, 0
	}
	return t.Format(time.DateTime), repairedZone
}

// judgeMoment names the rule that an Expiration breaks which is not of the
// wanted form even after repair, and what its sentence wants.
func judgeMoment(s string) (rule string, arg any) {
	if days, _, ok := serialDays(s); ok {
		if day := float64(int(days)); day == days {
			return rules.ExpiryDateOnly, serialEpoch().AddDate(0, 0, int(days)).Format(time.DateOnly)
		}
		return rules.ExpiryFormat, nil
	}
	if m, ok := readMoment(s); ok && !m.timed {
		if _, rule := ExpirationUnix(m.String()); rule != "" {
			return rule, nil
		}
		return rules.ExpiryDateOnly, m.String()[:len(time.DateOnly)]
	}
	if otherOrder(s) {
		return rules.ExpiryOrder, nil
	}
	return rules.ExpiryFormat, nil
}

// moment is a date, and a time if one was given.
type moment struct {
	year, month, day, hour, minute, second int

	timed, seconds, zoned bool
	offset                int // seconds east of Greenwich
}

func (m *moment) String() string {
	return fmt.Sprintf("%04d-%02d-%02d %02d:%02d:%02d", m.year, m.month, m.day, m.hour, m.minute, m.second)
}

// readMoment reads a date that begins with a year of four digits, and a time
// if there is one. The same mark stands between year, month and day.
func readMoment(s string) (m moment, ok bool) {
	if (len(s) == 14 || len(s) == 8) && Digits(s) {
		m.year, _ = strconv.Atoi(s[:4])
		for i, at := range []*int{&m.month, &m.day, &m.hour, &m.minute, &m.second}[:len(s)/2-2] {
			*at, _ = strconv.Atoi(s[4+2*i : 6+2*i])
		}
		m.timed, m.seconds = len(s) == 14, len(s) == 14
		return m, m.timed || m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= 31
	}
	p := scanner{rest: s}
	m.year, ok = p.number(4, 4)
	p.spaces()
	mark, second, end := p.mark(), "", ""
	switch mark {
	case "-", "/", ".":
		second = mark
	case "年":
		second, end = "月", "日"
	default:
		return m, false
	}
	p.spaces()
	var more bool
	m.month, more = p.number(1, 2)
	p.spaces()
	ok = ok && more && p.take(second)
	p.spaces()
	m.day, more = p.number(1, 2)
	if ok = ok && more; !ok {
		return m, false
	}
	if end != "" {
		p.spaces()
		if !p.take(end) && !p.take("号") {
			return m, false
		}
	}
	if p.rest == "" {
		return m, true
	}
	if !p.spaces() && !p.take("T") && !p.take("t") && end == "" {
		return m, false
	}
	return m, p.clock(&m) && p.zone(&m) && p.rest == ""
}

// scanner takes a text apart from the left.
type scanner struct{ rest string }

// number takes between least and most digits.
func (p *scanner) number(least, most int) (n int, ok bool) {
	i := 0
	for i < len(p.rest) && p.rest[i] >= '0' && p.rest[i] <= '9' {
		i++
	}
	if i < least || i > most {
		return 0, false
	}
	n, _ = strconv.Atoi(p.rest[:i])
	p.rest = p.rest[i:]
	return n, true
}

// mark takes one character.
func (p *scanner) mark() string {
	_, n := utf8.DecodeRuneInString(p.rest)
	s := p.rest[:n]
	p.rest = p.rest[n:]
	return s
}

func (p *scanner) take(s string) (ok bool) {
	p.rest, ok = strings.CutPrefix(p.rest, s)
	return ok
}

func (p *scanner) spaces() bool {
	before := len(p.rest)
	p.rest = trim(p.rest)
	return len(p.rest) < before
}

// clock takes 23:59, 23:59:59, 23:59:59.000 or 23时59分59秒.
func (p *scanner) clock(m *moment) (ok bool) {
	if m.hour, ok = p.number(1, 2); !ok {
		return false
	}
	m.timed = true
	if p.take("时") || p.take("点") {
		if m.minute, ok = p.number(1, 2); !ok || !p.take("分") {
			return false
		}
		if p.rest == "" {
			return true
		}
		m.second, ok = p.number(1, 2)
		m.seconds = ok
		return ok && p.take("秒")
	}
	if !p.take(":") {
		return false
	}
	if m.minute, ok = p.number(2, 2); !ok {
		return false
	}
	if !p.take(":") {
		return true
	}
	if m.second, ok = p.number(2, 2); !ok {
		return false
	}
	m.seconds = true
	if p.take(".") { // the binding ends with the whole second before
		_, ok = p.number(1, 9)
	}
	return ok
}

// zone takes Z, +08:00, +0800 or +08, if there is one.
func (p *scanner) zone(m *moment) bool {
	p.spaces()
	sign := 1
	switch {
	case p.rest == "":
		return true
	case p.take("Z"), p.take("z"), p.take("UTC") && p.rest == "":
		m.zoned = true
		return p.rest == ""
	case p.take("+"):
	case p.take("-"):
		sign = -1
	default:
		return false
	}
	text := strings.Replace(p.rest, ":", "", 1)
	if len(text) != 2 && len(text) != 4 || !Digits(text) {
		return false
	}
	hours, _ := strconv.Atoi(text[:2])
	minutes, _ := strconv.Atoi(text[2:])
	m.zoned, m.offset, p.rest = true, sign*(hours*3600+minutes*60), ""
	return hours <= 14 && minutes < 60
}

// Day numbers of a spreadsheet that can be an Expiration: the years 2000 to
// 2099. A group id or a phone number is far greater.
const (
	firstSerial = 36526
	lastSerial  = 73050
)

// serialEpoch is day 0 of the 1900 date system. Its day 60 is a 29 February 1900
// that never was, so for all later days the count begins one day earlier.
func serialEpoch() time.Time { return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) }

// serialDays reads a day number and tells with how many decimals it was
// written.
func serialDays(s string) (days float64, decimals int, ok bool) {
	whole, fraction, point := strings.Cut(s, ".")
	if len(whole) != 5 || !Digits(whole) || point && !Digits(fraction) || len(fraction) > 15 {
		return 0, 0, false
	}
	days, err := strconv.ParseFloat(s, 64)
	return days, len(fraction), err == nil && days >= firstSerial && days < lastSerial+1
}

// serialTime reads a day number that has a time. Five decimals tell the second;
// with fewer the number must be a quarter of an hour, or else it was rounded
// and the time is lost.
func serialTime(s string) (string, bool) {
	days, decimals, ok := serialDays(s)
	whole := math.Trunc(days)
	if !ok || whole == days {
		return "", false
	}
	seconds := int(math.Round((days - whole) * 86400))
	if decimals < 5 && seconds%900 != 0 {
		return "", false
	}
	return serialEpoch().AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second).Format(time.DateTime), true
}

// otherOrder recognises a date that does not begin with a year of four digits:
// 9/5/2026, 5.9.26 12:00.
func otherOrder(s string) bool {
	p := scanner{rest: s}
	if _, ok := p.number(1, 2); !ok {
		return false
	}
	mark := p.mark()
	if mark != "/" && mark != "-" && mark != "." {
		return false
	}
	if _, ok := p.number(1, 2); !ok || !p.take(mark) {
		return false
	}
	if _, ok := p.number(1, 4); !ok {
		return false
	}
	return p.rest == "" || p.spaces()
}
