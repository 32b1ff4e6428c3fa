package trial

import (
	"regexp"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/report"
)

// Verdict is what became of an assumption.
type Verdict uint8

// An assumption that was not seen was not put to the test: the row says too little, or
// the trial ended before.
const (
	NotSeen Verdict = iota
	Holds
	Differs
)

// Words name a verdict.
func (v Verdict) Words() report.Text {
	return [...]report.Text{NotSeen: report.TrialNotSeen, Holds: report.TrialHolds, Differs: report.TrialDiffers}[v]
}

// Line is one assumption and what became of it.
type Line struct {
	Name    string // stays what it is in every language
	Verdict Verdict
	Says    report.Text // the assumption
	Seen    report.Said // what was seen, numbers masked
	Means   report.Text // what axgbind makes of it; zero unless it differs
}

// assumption is one that axgbind relies on. An answer that
// is not as it says differs, be it another that axgbind knows as well.
type assumption struct {
	name  string
	says  report.Text
	means report.Text // what follows if it differs; a judgement may say better
	judge func(t *Trial) judgement
}

// judgement is what a look at the evidence comes to.
type judgement struct {
	verdict Verdict
	seen    report.Said
	means   report.Text
}

// Table is what became of every assumption.
func (t *Trial) Table() []Line {
	var lines []Line
	for _, a := range assumptions() {
		j := a.judge(t)
		l := Line{Name: a.name, Verdict: j.verdict, Says: a.says, Seen: j.seen}
		if l.Verdict == Differs {
			if l.Means = j.means; l.Means == (report.Text{}) {
				l.Means = a.means
			}
		}
		lines = append(lines, l)
	}
	return lines
}

func holds(seen report.Text, args ...any) judgement {
	return judgement{Holds, report.Say(seen, args...), (report.Text{})}
}

func differs(seen report.Text, args ...any) judgement {
	return judgement{Differs, report.Say(seen, args...), (report.Text{})}
}

func unseen(why report.Text, args ...any) judgement {
	return judgement{NotSeen, report.Say(why, args...), (report.Text{})}
}

// known is a judgement that differs in a form that axgbind takes all the same.
func (j judgement) known() judgement {
	j.means = report.MeansKnown
	return j
}

// assumptions are all, in the order of the trial.
func assumptions() []assumption {
	return []assumption{
		{"date", report.SaysDate, report.MeansDate, (*Trial).judgeDate},
		{"clock", report.SaysClock, report.MeansClock, (*Trial).judgeClock},
		{"subsid-form", report.SaysSubsID, report.MeansSubsID, (*Trial).judgeSubsID},
		{"shown", report.SaysShown, report.MeansShown, (*Trial).judgeShown},
		{"listed", report.SaysListed, report.MeansUnknown, (*Trial).judgeListed},
		{"detail-names", report.SaysDetail, report.MeansUnknown, (*Trial).judgeDetail},
		{"detail-a", report.SaysDetailA, report.MeansUnknown, func(t *Trial) judgement { return t.judgePhone("PhoneNoA", t.Of.PhoneNoA) }},
		{"detail-b", report.SaysDetailB, report.MeansUnknown, (*Trial).judgeB},
		{"detail-group", report.SaysDetailGroup, report.MeansUnknown, func(t *Trial) judgement { return t.judgeText("GroupId", t.Of.GroupID) }},
		{"detail-expires", report.SaysExpires, report.MeansUnknown, func(t *Trial) judgement { return t.judgeTime("ExpireDate", t.Of.Expiration, 0) }},
		{"detail-created", report.SaysCreated, report.MeansUnknown, func(t *Trial) judgement { return t.judgeTime("GmtCreate", t.made(), madeWithin) }},
		{"detail-status", report.SaysLive, report.MeansStatus, func(t *Trial) judgement { return t.judgeText("Status", "1") }},
		{"detail-rest", report.SaysRest, report.MeansRest, (*Trial).judgeRest},
		{"detail-outid", report.SaysNoOutID, report.MeansOutID, (*Trial).judgeOutID},
		{"number-bound", report.SaysNumberBound, report.MeansNumber, func(t *Trial) judgement { return judgeNumber(t.seen.number, "SecretStatus", "1") }},
		{"certified", report.SaysCertified, report.MeansUncertified, func(t *Trial) judgement { return judgeNumber(t.seen.number, "CertifyStatus", "1") }},
		{"wrong-id", report.SaysWrongID, report.MeansWrongID, (*Trial).judgeWrongID},
		{"unknown-x", report.SaysUnknownX, report.MeansUnknownX, (*Trial).judgeUnknownX},
		{"update", report.SaysUpdate, report.MeansUpdate, func(t *Trial) judgement { return judgeEnd(t.seen.update) }},
		{"update-shown", report.SaysUpdateShown, report.MeansUpdateShown, (*Trial).judgeChanged},
		{"update-again", report.SaysUpdateAgain, report.MeansUpdateAgain, func(t *Trial) judgement { return judgeCode(t.seen.again, aliyun.CodeOK) }},
		{"release", report.SaysRelease, report.MeansRelease, func(t *Trial) judgement { return judgeEnd(t.seen.release) }},
		{"freed", report.SaysFreed, report.MeansFreed, (*Trial).judgeFreed},
		{"free-form", report.SaysFreeForm, report.MeansFreeForm, (*Trial).judgeFreeForm},
		{"ended-detail", report.SaysEnded, report.MeansEnded, (*Trial).judgeEnded},
		{"unbind-again", report.SaysUnbindAgain, report.MeansUnbindAgain, (*Trial).judgeUnbindAgain},
		{"update-ended", report.SaysUpdateEnded, report.MeansUpdateEnded, (*Trial).judgeUpdateEnded},
		{"number-free", report.SaysNumberFree, report.MeansNumber, func(t *Trial) judgement { return judgeNumber(t.seen.numberFree, "SecretStatus", "0") }},
	}
}

// told is an answer with the service's time; ok is false if none has it.
func (t *Trial) told() (a answer, ok bool) {
	for _, a := range []answer{t.seen.bind, t.seen.listed.answer, t.seen.detail} {
		if !a.date.IsZero() {
			return a, true
		}
	}
	return answer{}, false
}

func (t *Trial) judgeDate() judgement {
	if a, ok := t.told(); ok {
		return holds(report.SeenValue, a.date.UTC().Format(time.DateTime)+"Z")
	}
	if !t.seen.bind.heard() && !t.seen.listed.heard() && !t.seen.detail.heard() {
		return unseen(report.SeenNothing)
	}
	return differs(report.SeenAbsent)
}

// clockWithin is how far clocks are apart that count as the same.
const clockWithin = time.Minute

func (t *Trial) judgeClock() judgement {
	a, ok := t.told()
	if !ok {
		return unseen(report.SeenAbsent)
	}
	switch ahead := a.date.Sub(a.at).Round(time.Second); {
	case ahead > clockWithin:
		return differs(report.SeenAhead, ahead)
	case ahead < -clockWithin:
		return differs(report.SeenBehind, -ahead)
	}
	return holds(report.SeenSameTime)
}

// madeWithin is how far GmtCreate may be from the answer to the call.
const madeWithin = 2 * time.Minute

// made is when the binding was made, by the service's clock where that is known.
func (t *Trial) made() time.Time {
	if a := t.seen.bind; !a.date.IsZero() {
		return a.date
	}
	return t.seen.bind.at
}

var sixteen = regexp.MustCompile(`^[0-9]{16}$`)

func (t *Trial) judgeSubsID() judgement {
	v, there := t.seen.bind.value(bindOf, "SubsId")
	text, isText := v.(string)
	switch {
	case !there:
		return unseen(report.SeenNothing)
	case !isText:
		return differs(report.SeenNoText)
	case !sixteen.MatchString(text):
		return differs(report.SeenLength, len(text))
	}
	return holds(report.SeenLength, len(text))
}

func (t *Trial) judgeShown() judgement {
	return judgeLag(t.seen.listed, report.MeansUnknown)
}

// judgeLag judges how soon look-ups showed something. never is what follows if they
// did not.
func judgeLag(p polled, never report.Text) judgement {
	switch {
	case p.came && p.first:
		return holds(report.SeenAtOnce)
	case p.came:
		return differs(report.SeenAfter, p.after.Round(time.Second/10))
	case !p.heard():
		return unseen(report.SeenNothing)
	}
	j := differs(report.SeenNever, shown)
	j.means = never
	return j
}

func (t *Trial) judgeListed() judgement {
	if !t.seen.listed.came {
		return unseen(report.SeenNothing)
	}
	v, _ := t.seen.listed.value("", "SubsId")
	switch text, isText := v.(string); {
	case !isText:
		return differs(report.SeenNoText)
	case text == t.Of.SubsID:
		return holds(report.SeenAsBound)
	case strings.Contains(text, ","):
		return differs(report.SeenSeveral, strings.Count(text, ",")+1)
	}
	return differs(report.SeenAnother)
}

// judgeDetail judges whether there is a detail at all, and whether it is of the binding.
func (t *Trial) judgeDetail() judgement {
	a := t.seen.detail
	switch _, there := a.value("", detailOf); {
	case a.code == "":
		return unseen(report.SeenNothing)
	case !a.ok():
		return differs(report.SeenCode, a.code)
	case !there:
		return differs(report.SeenLacks, detailOf)
	}
	const id, x = "SubsId", "PhoneNoX"
	switch have := a.text(detailOf, id); have {
	case "":
		return differs(report.SeenLacks, id)
	case t.Of.SubsID:
	default:
		return differs(report.SeenOtherField, id)
	}
	switch have := a.text(detailOf, x); {
	case have == t.Of.SecretNo:
		return holds(report.SeenAsBound)
	case have == "":
		return differs(report.SeenLacks, x).known()
	case aliyun.SameNumber(have, t.Of.SecretNo), aliyun.HidesNumber(have):
		return differs(report.SeenForm, x).known()
	}
	return differs(report.SeenOtherField, x)
}

// field is a value of the detail. done is false if there is one to judge.
func (t *Trial) field(name string) (value string, j judgement, done bool) {
	a := t.seen.detail
	if _, there := a.value("", detailOf); !a.ok() || !there {
		return "", unseen(report.SeenNothing), true
	}
	switch v, there := a.value(detailOf, name); {
	case !there:
		return "", differs(report.SeenAbsent), true
	case v == nil:
		return "", differs(report.SeenNull), true
	}
	return a.text(detailOf, name), judgement{}, false
}

func (t *Trial) judgePhone(name, want string) judgement {
	if want == "" {
		return unseen(report.SeenNotSent)
	}
	have, j, done := t.field(name)
	if done {
		return j
	}
	switch {
	case have == want:
		return holds(report.SeenAsSent)
	case aliyun.SameNumber(have, want):
		return differs(report.SeenCountry).known()
	case aliyun.HidesNumber(have):
		return differs(report.SeenMasked)
	}
	return differs(report.SeenValue, report.Mask(have))
}

// judgeB judges B as A, but that one which is not shown is not missed.
func (t *Trial) judgeB() judgement {
	j := t.judgePhone("PhoneNoB", t.Of.PhoneNoB)
	if j.verdict == Differs && t.seen.detail.text(detailOf, "PhoneNoB") == "" {
		j.means = report.MeansNotCompared
	}
	return j
}

func (t *Trial) judgeText(name, want string) judgement {
	have, j, done := t.field(name)
	switch {
	case done:
		return j
	case have == want:
		return holds(report.SeenValue, have)
	}
	return differs(report.SeenValue, report.Shown(have))
}

// judgeTime judges a moment of the detail that should be want, give or take.
func (t *Trial) judgeTime(name string, want time.Time, within time.Duration) judgement {
	have, j, done := t.field(name)
	if done {
		return j
	}
	if want.IsZero() {
		return unseen(report.SeenNothing)
	}
	switch {
	case isAt(have, want, within, report.Beijing):
		return holds(report.SeenBeijing)
	case isAt(have, want, within, time.UTC):
		j := differs(report.SeenUTC)
		if t.inUTC() {
			j.means = report.MeansUTC
		}
		return j
	}
	return differs(report.SeenValue, report.Shown(have))
}

// inUTC reports whether both times of the detail are in UTC: of one alone axgbind makes
// nothing.
func (t *Trial) inUTC() bool {
	a := t.seen.detail
	return isAt(a.text(detailOf, "ExpireDate"), t.Of.Expiration, 0, time.UTC) && isAt(a.text(detailOf, "GmtCreate"), t.made(), madeWithin, time.UTC)
}

// isAt reports whether a text is a moment in a zone, give or take.
func isAt(text string, want time.Time, within time.Duration, zone *time.Location) bool {
	at, err := time.ParseInLocation(time.DateTime, text, zone)
	return err == nil && at.Sub(want).Abs() <= within
}

func (t *Trial) judgeRest() judgement {
	if _, j, done := t.field("SubsId"); done && j.verdict == NotSeen {
		return j
	}
	var lacks []string
	for _, name := range [...]string{"NeedRecord", "CallRestrict", "ASRStatus", "ASRModelId"} {
		if _, there := t.seen.detail.value(detailOf, name); !there {
			lacks = append(lacks, name)
		}
	}
	if len(lacks) > 0 {
		return differs(report.SeenLacks, strings.Join(lacks, ", "))
	}
	return holds(report.SeenAll)
}

func (t *Trial) judgeOutID() judgement {
	_, j, done := t.field("OutId")
	switch {
	case done && j.verdict == NotSeen:
		return j
	case done:
		return holds(report.SeenAbsent)
	}
	return differs(report.SeenThere)
}

// judgeNumber judges what an X number is said to be.
func judgeNumber(a answer, name, want string) judgement {
	_, there := a.value(numberOf, name)
	switch have := a.text(numberOf, name); {
	case a.code == "":
		return unseen(report.SeenNothing)
	case !a.ok():
		return differs(report.SeenCode, a.code)
	case !there:
		return differs(report.SeenAbsent)
	case have != want:
		return differs(report.SeenValue, report.Shown(have))
	}
	return holds(report.SeenValue, want)
}

// judgeCode judges the code of an answer.
func judgeCode(a answer, want string) judgement {
	switch a.code {
	case "":
		return unseen(report.SeenNothing)
	case want:
		return holds(report.SeenCode, want)
	}
	return differs(report.SeenCode, a.code)
}

// judgeEnd judges how a step of the trial ended.
func judgeEnd(code string) judgement { return judgeCode(answer{code: code}, aliyun.CodeOK) }

// judgeChanged compares what was shown before and after: whatever the form, it is to
// move by as much as the change.
func (t *Trial) judgeChanged() judgement {
	e := &t.seen
	if !e.changed.came {
		return judgeLag(e.changed, report.MeansUpdateShown)
	}
	before, berr := time.Parse(time.DateTime, e.detail.text(detailOf, "ExpireDate"))
	after, aerr := time.Parse(time.DateTime, e.changed.text(detailOf, "ExpireDate"))
	switch {
	case berr != nil || aerr != nil || !e.changed.ok():
		return unseen(report.SeenNothing)
	case after.Sub(before) != e.to.Sub(t.Of.Expiration):
		return differs(report.SeenAnother)
	}
	return judgeLag(e.changed, (report.Text{}))
}

func (t *Trial) judgeFreed() judgement {
	if !t.seen.listed.came { // they did not show it before, either
		return unseen(report.SeenNothing)
	}
	return judgeLag(t.seen.freed, report.MeansFreed)
}

func (t *Trial) judgeFreeForm() judgement {
	a := t.seen.freed
	v, there := a.value("", "SubsId")
	switch text, isText := v.(string); {
	case !a.came:
		return unseen(report.SeenNothing)
	case a.code != aliyun.CodeOK:
		return differs(report.SeenCode, a.code)
	case !there:
		return differs(report.SeenAbsent)
	case v == nil:
		return differs(report.SeenNull)
	case isText && text == "":
		return holds(report.SeenEmpty)
	}
	return differs(report.SeenNoText)
}

func (t *Trial) judgeEnded() judgement {
	a := t.seen.ended
	switch status := a.text(detailOf, "Status"); {
	case a.code == "":
		return unseen(report.SeenNothing)
	case a.code == aliyun.CodeSubsNotExist:
		return differs(report.SeenCode, a.code).known()
	case !a.ok():
		return differs(report.SeenCode, a.code)
	case status == "":
		return differs(report.SeenLacks, "Status")
	case status != "0":
		return differs(report.SeenStatus, report.Shown(status))
	}
	return holds(report.SeenStatus, "0")
}

func (t *Trial) judgeWrongID() judgement {
	j := judgeCode(t.seen.wrongID, aliyun.CodeSubsNotExist)
	if !t.seen.wrongID.ok() {
		j.means = report.MeansEnded
	}
	return j
}

func (t *Trial) judgeUnknownX() judgement {
	j := judgeCode(t.seen.foreign, "isv.NO_NOT_EXIST")
	if j.verdict == Differs && aliyun.Lookup(t.seen.foreign.code).Class == aliyun.RowRefused {
		return j.known()
	}
	return j
}

func (t *Trial) judgeUnbindAgain() judgement {
	a := t.seen.unbindAgain
	j := judgeCode(a, aliyun.CodeSubsNotExist)
	if a.code == aliyun.CodeOK || a.code == aliyun.CodeIllegalArgument && strings.Contains(strings.ToLower(a.message), "subs not exist") {
		return j.known()
	}
	return j
}

func (t *Trial) judgeUpdateEnded() judgement {
	j := judgeCode(t.seen.updateEnded, aliyun.CodeForbiddenAction)
	if t.seen.updateEnded.code == aliyun.CodeSubsNotExist {
		return j.known()
	}
	return j
}
