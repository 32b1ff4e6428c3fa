package terminal

import (
	"strings"

	"axgbind/report"
)

// Language finds the language before flags are parsed, for help and errors
// about flags need it too: --lang, the program's own setting, then the locale.
func Language(args []string, setting string, getenv func(string) string) report.Lang {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		value, ok := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if lang, known := ParseLanguage(value); ok && known {
			return lang
		}
	}
	if lang, ok := ParseLanguage(setting); ok {
		return lang
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "zh") {
				return report.ZH
			}
			return report.EN
		}
	}
	return report.EN
}

// ParseLanguage reads en or zh, also with what a locale has behind it: zh_CN.UTF-8.
func ParseLanguage(s string) (report.Lang, bool) {
	lang, _, _ := strings.Cut(strings.ToLower(s), ".")
	lang, _, _ = strings.Cut(strings.ReplaceAll(lang, "-", "_"), "_")
	switch lang {
	case "en":
		return report.EN, true
	case "zh":
		return report.ZH, true
	}
	return report.EN, false
}
