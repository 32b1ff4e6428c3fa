package books

import (
	"regexp"
	"slices"
	"strings"

	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/batch/rules"
	"axgbind/report"
)

// What can stand in the sentences below, where that is of our own making.
var (
	aName    = regexp.MustCompile(`^\S+$`).MatchString
	aWord    = regexp.MustCompile(`^[A-Za-z]+$`).MatchString // a field, a status, the letter of a column
	aTime    = regexp.MustCompile(`^[0-9: -]*$`).MatchString
	aHost    = regexp.MustCompile(`^[^\s()（）]+$`).MatchString
	aValue   = regexp.MustCompile(`^("(\\.|[^"\\])*"|.{0,3}\*{4}.{0,4})$`).MatchString // quoted, or masked
	anAnswer = regexp.MustCompile(`^HTTP [0-9]+(, [a-z0-9/+.-]+)?$`).MatchString

	// What begins in one fault of a row and ends in another is no header and no part of a
	// cell; nor is the value behind it a part of a cell, or the proxy a detail. A header
	// that was made to read as two faults is read so, for nothing tells it from them.
	aHeader = lacks(`\): .*; |）：.*；`)
	aPart   = lacks(`; .*: |；.*：| \(.*\)$|（.*）$`)
	aDetail = lacks(`^(through the proxy|经代理) `)
)

// lacks tells texts that have nothing of a form in them.
func lacks(expr string) func(string) bool {
	const most = 500 // bytes; a header or a cell is cut after 40 characters
	match := regexp.MustCompile(expr).MatchString
	return func(s string) bool { return len(s) <= most && !match(s) }
}

// Reasons are the sentences that the Reason of a row is made of, whichever command wrote
// it.
func Reasons() *report.Phrases {
	codes := append(codesSaid(), report.Say(report.ReasonUnreached, report.NewPhrases(networkSaid(false)...)))
	code := report.NewPhrases(codes...)
	stop := report.NewPhrases(plain(report.StopLimit, report.StopUntil, report.StopInterrupt, report.StopTerminate, report.StopHangup, report.StopAccount,
		report.StopClock, report.StopToken, report.StopMaxFailures, report.StopAllAlike, report.StopTrouble, report.StopJournal, report.StopInput,
		report.StopInternal, report.StopCapacity, report.StopNetwork, report.StopLookups, report.StopThrottled)...)
	return report.NewPhrases(slices.Concat(codes, faultsSaid(), []report.Said{
		report.Say(report.ReasonStopped, stop), report.Say(report.ReasonUnresolved, code), report.Say(report.ReasonNotRenewed, nil, aTime, code),
		report.Say(report.ReasonEdited, nil, nil, aWord), report.Say(report.ReasonStillBound, nil, nil, aWord), report.Say(report.ReasonAlready, nil, nil, aWord),
		report.Say(report.ReasonOthersHold, nil, aName), report.Say(report.ReasonOthersMay, nil, aName), report.Say(report.ReasonOthersMade, nil, aName),
		report.Say(report.ReasonEnded, aTime), report.Say(report.FoundOurs, aTime),
	}, plain(report.ReasonKept, report.ReasonMayBeBound, report.ReasonOwnEnded, report.ReasonOthersBound, report.ReasonRenewCannot, report.ReasonRenewEarlier,
		report.ReasonMoved, report.ReasonLate, report.ReasonNotReached, report.ReasonRenewed, report.ReasonRenewBegun, report.ReasonMayBeDone,
		report.ReasonRenewGone, report.ReasonReleaseGone, report.StopLookups, report.ReasonUnshown, report.ReasonGoneUnproven, report.ReasonReleased,
		report.ReasonReleasedGone, report.ReasonNoBinding, report.ReasonUnsettled, report.ReasonNotOne, report.ReasonNobodys, report.ReasonTakenFromOne,
		report.ReasonTwice, report.ReasonSameTarget, report.ReasonOlder, report.ReasonClaimed, report.ReasonUnread,
		report.FoundForeign, report.FoundOlder, report.FoundOdd, report.FoundAbsent, report.FoundMore, report.FoundNot, report.FoundUnlike, report.FoundBlind,
		report.FoundUnclear, report.FoundMasked, report.FoundUnproven, report.FoundDistrusted, report.FoundNamed, report.FoundTwice, report.FoundTwiceThere))...)
}

// plain are sentences with any arguments.
func plain(texts ...report.Text) []report.Said {
	list := make([]report.Said, len(texts))
	for i, t := range texts {
		list[i] = report.Say(t)
	}
	return list
}

// Messages are the sentences of ours that can stand in the Message of a row.
func Messages() *report.Phrases {
	list := append(networkSaid(true), report.Say(report.OddBegins, anAnswer), report.Say(report.OddEmpty, anAnswer))
	simulated := input.SimulatedMark + " %s"
	return report.NewPhrases(append(list, report.Say(report.Text{EN: simulated, ZH: simulated}, report.NewPhrases(list...)))...)
}

// codesSaid are what the codes mean, with the cause, and of the one that needs none
// without it.
func codesSaid() []report.Said {
	say := func(texts ...aliyun.Text) report.Said {
		return report.Say(report.Text{EN: Sentence(report.EN, texts...), ZH: Sentence(report.ZH, texts...)})
	}
	list := []report.Said{say(aliyun.Lookup(aliyun.CodeReleased).Meaning)}
	for _, e := range aliyun.Entries() {
		list = append(list, say(e.Meaning, e.Cause))
	}
	return list
}

// faultsSaid are the faults for which a row is INVALID, as input.Fault says them.
func faultsSaid() []report.Said {
	var causes []report.Said
	for _, r := range rules.All() {
		if r.Severity == report.Error {
			causes = append(causes, report.Say(r.Cause, aPart, aPart, aPart))
		}
	}
	faults := append(causes, report.Say(report.FaultValue, report.NewPhrases(causes...), aValue))
	place := report.NewPhrases(report.Say(report.FaultColumn, aWord, aHeader), report.Say(report.FaultDefault, aWord), report.Say(report.FaultField, aWord))
	return append(faults, report.Say(report.FaultAt, place, report.NewPhrases(faults...)))
}

// networkSaid are what Network says, and if wanted the cure behind it.
func networkSaid(cured bool) (list []report.Said) {
	where := report.NewPhrases(just(aHost), report.Say(report.NetThrough, aHost, aHost))
	say := func(text, between string) string {
		what, cure, _ := strings.Cut(text, "\n")
		if cured {
			what += between + cure
		}
		return what
	}
	for _, text := range networkWords {
		list = append(list, report.Say(report.Text{EN: say(text.EN, report.Between.EN), ZH: say(text.ZH, report.Between.ZH)}, where, aDetail))
	}
	return list
}

// just is a text of the form, the same in every language.
func just(form func(string) bool) report.Said {
	return report.Say(report.Text{EN: "%s", ZH: "%s"}, form)
}
