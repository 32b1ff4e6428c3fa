package csvtext_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"axgbind/batch/csvtext"
)

// TestInvisible holds the property that is derived against its ranges in
// DerivedCoreProperties.txt of Unicode 15 (Default_Ignorable_Code_Point), and marks that
// are not of it.
func TestInvisible(t *testing.T) {
	for _, r := range [][2]rune{
		{0xAD, 0xAD}, {0x34F, 0x34F}, {0x61C, 0x61C}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x202A, 0x202E},
		{0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
		{0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0x1A, 0x1A},
	} {
		for c := r[0]; c <= r[1]; c++ {
			if !csvtext.Invisible(c) {
				t.Errorf("%U is seen", c)
			}
		}
		for _, c := range []rune{r[0] - 1, r[1] + 1} {
			if c != 0x1160 && csvtext.Invisible(c) {
				t.Errorf("%U is not seen", c)
			}
		}
	}
	for _, c := range "a0 中\u3000\u00a0\u0600\u06dd\u070f\ufff9\ufffb\u2800\ufffd\t\n" {
		if csvtext.Invisible(c) {
			t.Errorf("%U is not seen", c)
		}
	}
}

func TestEnd(t *testing.T) {
	utf16 := func(s string) string {
		s, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, c := range []struct{ text, want string }{
		{"a,b\n", "a,b\n"},
		{"a,b\n\x1a", "a,b\n"},
		{"a,b\x1a\r\n", "a,b"},
		{"a,b\n" + strings.Repeat("\x1a", 300) + "\n", "a,b\n"},
		{"a\x1ab\n", "a\x1ab\n"},
		{"a\x1ab\n\x1a\x1a", "a\x1ab\n"},
		{"a\n\n \t", "a\n\n \t"},
		{"\x1a", ""},
		{"", ""},
		{utf16("a中\n\x1a\r\n"), utf16("a中\n")},
		{utf16("\u1a1a"), utf16("\u1a1a")},
	} {
		r, size := strings.NewReader(c.text), int64(len(c.text))
		s, err := csvtext.NewSurvey(r, size, "auto")
		if err != nil {
			t.Fatal(err)
		}
		if end, err := s.End(r, size); err != nil || c.text[:end] != c.want {
			t.Errorf("%q ends at %d (%v), want %q", c.text, end, err, c.want)
		}
	}
}

// TestLinesInUTF8: lines of Chinese in UTF-8 are found among those in GB18030, and hardly
// any line in GB18030 is taken for one.
func TestLinesInUTF8(t *testing.T) {
	everyday := []rune("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经" +
		"张王李赵刘陈杨黄周吴徐孙马朱胡郭何高林罗北京上海杭州深圳广州客户订单号码绑定备注联通移动电信")
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		b := strings.Builder{}
		for range n {
			b.WriteRune(everyday[random.IntN(len(everyday))])
		}
		return b.String()
	}
	encoder := simplifiedchinese.GB18030.NewEncoder()
	var raw bytes.Buffer
	var want []int
	for i := range 20_000 {
		line := "13800138000," + text(1+random.IntN(6)) + "，" + text(random.IntN(4)) + "\r\n"
		if i%100 == 7 {
			want = append(want, i)
			raw.WriteString(line)
			continue
		}
		b, err := encoder.Bytes([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		raw.Write(b)
	}
	if got := slices.Sorted(maps.Keys(csvtext.LinesInUTF8(raw.Bytes()))); !slices.Equal(got, want) {
		t.Errorf("%d lines, want %d: %v", len(got), len(want), got)
	}
	for _, s := range []string{"订单★甲", "①号订单", "３㎡", "李×王", "㈱日", "客户🙂甲乙", "订\u200b单一", "喆曌", "王小明 Café"} {
		if got := csvtext.LinesInUTF8([]byte("13800138000," + s + ",\r\n")); len(got) != 1 {
			t.Errorf("%q is taken for GB18030", s)
		}
	}
	for _, s := range []string{"", "ascii\n", "é,ü\n", "\xff\xfe\n", "привет\n"} {
		if got := csvtext.LinesInUTF8([]byte(s)); got != nil {
			t.Errorf("%q: %v", s, got)
		}
	}
}
