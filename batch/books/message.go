package books

import (
	"cmp"
	"strconv"
	"strings"

	"axgbind/aliyun"
	"axgbind/aliyun/netcause"
	"axgbind/report"
)

// networkWords are the causes for people: what is wrong and where, and in the second line
// the cure.
var networkWords = map[netcause.Cause]report.Text{
	netcause.NotTrusted: report.NetNotTrusted, netcause.Expired: report.NetExpired, netcause.WrongName: report.NetWrongName,
	netcause.NoAuthorities: report.NetNoAuthorities, netcause.Handshake: report.NetHandshake, netcause.ProxyPassword: report.NetProxyPassword,
	netcause.ProxyURL: report.NetProxyURL, netcause.ProxyDown: report.NetProxyDown, netcause.ProxyRefuses: report.NetProxyRefuses,
	netcause.NameNotFound: report.NetName, netcause.Refused: report.NetRefused, netcause.NoRoute: report.NetNoRoute,
	netcause.Timeout: report.NetTimeout, netcause.Cut: report.NetCut, netcause.Other: report.NetOther,
}

// Network says what keeps calls from the service and where, and what is to be done about
// it.
func Network(lang report.Lang, f netcause.Fault) (what, cure string) {
	where := f.Where
	if f.Proxy != "" {
		where = report.NetThrough.In(lang, f.Where, f.Proxy)
	}
	text := networkWords[f.Cause].In(lang, report.Whole(where), cmp.Or(f.Detail, "-"))
	what, cure, _ = strings.Cut(text, "\n")
	return what, cure
}

// Message is the message of a row for people. The journal keeps the service's own words,
// and where there were none, what is wrong with the network or what came instead of an
// answer, in no language.
func Message(lang report.Lang, code, text string) string {
	switch code {
	case aliyun.CodeNotSent:
		if f, ok := netcause.Parse(text); ok {
			what, cure := Network(lang, f)
			return what + report.Between.In(lang) + cure
		}
	case aliyun.CodeBadAnswer:
		o, ok := aliyun.ParseOddAnswer(text)
		if !ok {
			break
		}
		kind := "HTTP " + strconv.Itoa(o.Status)
		if o.Type != "" {
			kind += ", " + o.Type
		}
		if o.Begins == "" {
			return report.OddEmpty.In(lang, kind)
		}
		return report.OddBegins.In(lang, kind, o.Begins)
	}
	return text
}
