package report

// Phrase is one sentence, or part of one, that the program says to people.
// This table holds them all but two kinds that stand beside what they explain:
// the service's codes (package aliyun) and the rules for rows (package batch).
type Phrase uint16

// In returns the phrase in lang, with its arguments put in; those that have
// words of their own in each language, such as a Text or Said, in lang too.
// Every other text goes through Shown, so that nothing that is not ours leaves
// as it came; one that is Whole through Plain alone.
// A cure may have no use for what its reason names.
func (p Phrase) In(lang Lang, args ...any) string { return phrases[p].Fill(lang, args...) }

// Said is a phrase and its arguments, to be put into another phrase. It is also an
// error that has words in every language.
type Said struct {
	Phrase Phrase
	Args   []any
}

// Say makes a Said.
func Say(p Phrase, args ...any) Said { return Said{p, args} }

// In returns the phrase in lang, with its arguments put in.
func (s Said) In(lang Lang) string { return s.Phrase.In(lang, s.Args...) }

// Error implements error, in English.
func (s Said) Error() string { return s.In(EN) }

// Phrases returns the whole table, a fresh slice, without NoPhrase.
func Phrases() []Text { return append([]Text(nil), phrases[1:]...) }

// What the phrases are for. An error's phrase has a second line: the cure.
const (
	NoPhrase Phrase = iota

	Between // joins two sentences

	// Reason and Action of rows.
	ReasonEdited // 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ActionEdited
	ReasonKept       // 1 SubsId
	ReasonStillBound // likewise
	ActionStillBound
	ReasonMayBeBound   // likewise
	ReasonEnded        // 1 end of the binding
	ReasonOwnEnded     // 1 SubsId
	ActionEnded        // 1 when it holds its place no more
	ActionEndedMove    // likewise
	ActionEndedUntold  // likewise
	ReasonOthersBound  // likewise
	ReasonRenewCannot  // likewise
	ActionRenewCannot  // likewise
	ReasonRenewEarlier // likewise
	ActionRenewEarlier
	ReasonMoved         // 1 SubsId
	ActionMoved         // 1 SubsId
	ActionHeldByUnknown // likewise
	ActionHeldByRelease // likewise
	ReasonAlready       // likewise
	ReasonLate
	ActionLate
	ReasonNotReached
	ReasonStopped // 1 why
	ActionRunAgain
	ReasonUnresolved // 1 the later answer's reason
	ActionUnresolved
	ReasonRenewed // 1 SubsId
	ReasonRenewBegun
	ReasonMayBeDone
	ActionMayBeDone
	ReasonRenewGone
	ReasonReleaseGone
	ActionRenewGone  // 1 code
	ReasonNotRenewed // 1 SubsId 2 its end 3 why
	ReasonUnshown
	ActionUnshown
	ReasonGoneUnproven // 1 SubsId
	ActionGoneUnproven // 1 code
	ActionUpdateGone
	ReasonReleased     // 1 SubsId
	ReasonReleasedGone // 1 SubsId
	ReasonNoBinding
	ReasonUnsettled
	ActionUnsettled
	ActionNoBinding
	ReasonNotOne // 1 bindings 2 in doubt
	ActionNotOne
	ReasonOthersHold // 1 SubsId 2 batch 3 its results
	ActionOthersHold // 1 command
	ActionOthersUpdate
	ReasonOthersMay  // 1 SubsId 2 batch 3 its results
	ActionOlder      // 1 batch
	ActionOthersMay  // 1 command
	ReasonOthersMade // 1 SubsId 2 batch 3 its results
	ActionOthersMade
	ReasonNobodys      // 1 SubsId
	ReasonTakenFromOne // 1 SubsId
	ActionForeign
	ReasonTwice      // 1 line
	ActionTwice      // 1 line
	ReasonSameTarget // 1 line
	ActionSameTarget
	ActionMoveHeld // 1 line 2 SubsId
	ReasonOlder    // 1 SubsId, 2 its Expiration
	ActionOlderUpdate
	ReasonClaimed
	ReasonUnread  // 1 column of the statuses, 2 what it says
	ActionClaimed // 1 column of the statuses, 2 the last of the result columns
	FoundOurs     // 1 when it was made
	FoundForeign  // 1 SubsId
	FoundOlder    // 1 SubsId 2 when
	FoundOdd      // 1 SubsId
	FoundAbsent
	FoundMore   // 1 how many 2 SubsId and X of each
	FoundNot    // 1 numbers asked
	FoundUnlike // 1 SubsId and X of each
	FoundBlind
	FoundUnclear
	FoundMasked
	FoundUnproven
	FoundDistrusted
	FoundNamed      // 1 SubsId and X
	FoundTwice      // 1 SubsId and X 2 line
	FoundTwiceThere // 1 SubsId and X 2 line 3 batch

	// Why a run stopped.
	StopLimit
	StopUntil
	StopInterrupt
	StopTerminate
	StopHangup
	StopAccount
	StopClock
	StopToken
	StopMaxFailures
	StopAllAlike
	StopTrouble
	StopJournal
	StopInput
	StopInternal
	StopCapacity
	StopNetwork
	StopThrottled
	StopLookups

	// What keeps calls from the service, and in the second line the cure: 1 where 2 more.
	NetNotTrusted
	NetExpired
	NetWrongName
	NetNoAuthorities
	NetHandshake
	NetProxyPassword
	NetProxyURL
	NetProxyDown
	NetProxyRefuses
	NetName
	NetRefused
	NetNoRoute
	NetTimeout
	NetCut
	NetOther
	NetThrough       // 1 host 2 proxy
	ReasonUnreached  // 1 what
	ActionUnreached  // 1 cure
	SayNetwork       // 1 what 2 cure
	SayNetworkWaits  // likewise
	SayNetworkBack   //
	OnlineUnreached  // 1 what 2 cure
	ErrUnreached     // likewise
	ErrUnreachedLate // likewise
	OddBegins        // 1 status and type 2 the beginning
	OddEmpty         // 1 status and type

	// Summary.
	SumSimulated
	SumRows
	SumShare
	SumGone
	SumGoneUnknown // 1 rows
	SumAlready     // 1 rows
	SumEnded       // 1 rows
	SumRenewed     // 1 rows 2 calls
	SumReleased    // 1 rows
	SumLooks       // 1 requests
	SumCalls       // 1 calls 2 duration 3 retries 4 throttled 5 average 6 peak 7 limit
	SumLatency     // 1 p50 2 p95 3 p99 4 max
	SumFailures
	SumLines    // 1 list
	SumLine     // 1 line
	SumMore     // 1 n
	SumWarnings // 1 n
	SumResults
	SumFailed
	SumSameInput // 1 when 2 batch
	SumJournal
	SumStop    // 1 why
	SumCode    // 1 code, behind why
	SumCause   // 1 what keeps calls from the service
	SumFailure // 1 rows 2 status 3 code 4 meaning 5 lines 6 who
	SumValid
	SumUnbalanced // 1 sum 2 rows
	SumMoreCodes  // 1 n

	// Exit statuses in words, and the next step.
	Exit0
	Exit0Check
	Exit0Empty
	CureAllowEmpty
	Exit1
	Exit1Lost
	Exit1Journal
	Exit3 // 1 kinds of rows
	Exit3Failed
	Exit3Invalid
	Exit3Held
	Exit3And // 1 kinds 2 one more
	Exit3Any
	Exit3Check // likewise
	Exit4
	Exit4Gone // 1 rows
	Exit5
	Exit5Begun
	Exit5Check
	Exit6
	Exit7
	Exit7Clock
	Exit7Token
	Exit8
	Exit10
	Exit11
	Exit129
	Exit130
	Exit143
	ExitLine // 1 status 2 words
	NextLine // 1 command
	NextRescued
	NextSweep    // 1 command
	NextBind     // 1 command
	NextProve    // 1 command 2 reconcile command
	NextProveAny // 1 reconcile command
	NextGoneBack // 1 reconcile command
	NextGone     // 1 reconcile command
	NextAgain    // 1 command
	NextAgainSame
	NextCapacity  // 1 command
	NextNetwork   // 1 command
	NextThrottled // 1 command
	NextTrouble   // 1 command
	NextLookups   // 1 command
	NextRehearse  // 1 command
	NextResend    // 1 results 2 column 3 command
	WordsSame     // in place of a command that cannot be shown, as the next four
	WordsSameWith // 1 flags
	WordsSameOn   // 1 file
	WordsBindAgain
	WordsReconcile  // 1 flags
	NextCorrect     // 1 failed file 2 command
	NextCorrectRows // 1 results 2 command 3 column
	NextHeld        // 1 results 2 explain command 3 column
	NextHeldSkip    // 1 explain command 2 command with skip 3 command with renew
	NextHeldDoubt   // 1 reconcile command 2 command
	NextHeldRenew   // 1 results 2 column 3 command with skip 4 command with another
	NextHeldBeyond  // 1 results 2 explain command 3 column
	NextHeldAnother // 1 results 2 column 3 command
	NextHeldEnded   // 1 when the places are free 2 command 3 command with another
	NextHeldUntold  // 1 when the places are free 2 command
	NextHeldToo     // 1 explain command, behind NextCorrect or NextCorrectRows
	NextUnknown     // 1 reconcile command 2 NextNeedsList or blank 3 resend command
	NextUnsettled   // 1 reconcile 2 again
	NextNeedsList
	NextClockSlow // 1 by how much 2 command
	NextClockFast // 1 by how much 2 command
	NextClock     // 1 command
	NextToken     // 1 command
	SpanMinutes   // 1 number
	SpanHours     // 1 number
	SpanDays      // 1 number
	NextOwner

	// What a run says while it goes.
	StartNew     // 1 rows 2 to send 3 rate
	StartJournal // 1 path 2 last run 3 live bindings
	StartKilled
	StartResume   // 1 settled 2 new 3 held 4 gone
	StartTorn     // 1 bytes
	StartHeld     // 1 n
	StartUnproven // 1 n
	StartHeldOver // 1 n
	StartEnded    // 1 n
	StartWithheld // 1 n
	StartNothing
	StartTaken        // 1 n
	StartCompact      // 1 MiB before 2 MiB after
	StartLeft         // 1 rows 2 days
	StartNotCompacted // 1 why
	StartUntold       // 1 code
	StartLearned      // 1 calls/s
	StartRenew        // 1 rows
	StartReconcile    // 1 UNKNOWN rows 2 that are looked up 3 that only a list can find
	SayNeedsList
	SaySweepWaits // 1 how long
	OnlineKey     // 1 endpoint 2 key
	OnlineNoPool
	OnlineClock
	OnlineAhead  // 1 by how much
	OnlineBehind // 1 by how much
	OnlineFine
	OnlineRefused // 1 code 2 meaning 3 who acts
	OnlineUntold
	SayVerifyNoID     // 1 rows 2 line of the first
	SayVerifyUnlike   // 1 rows 2 line of the first
	SayVerifyLost     // 1 rows
	SayVerifyUnproven // 1 rows
	SayVerifyUnread   // 1 fields, each with how many rows ask for it
	SayVerified       // 1 rows 2 equal 3 different 4 unanswered 5 without id 6 lapsed
	VerifyLine        // 1 line 2 field 3 what differs 4 SubsId
	VerifyDiffers     // 1 the row's 2 the service's
	VerifyDiffersCure
	VerifyGone // 1 SubsId 2 X 3 code
	VerifyGoneCure
	StartRelease     // 1 rows of the plan 2 to release 3 released already 4 left alone
	StartOthers      // 1 rows 2 batch 3 results 4 command
	StartOlder       // 1 rows 2 batch 3 results 4 command
	StartOthersMay   // 1 rows 2 batch 3 results 4 command
	StartRenewedOnly // 1 rows 2 batch 3 results
	StartForeign     // 1 rows
	StartUnsettled   // 1 rows 2 command
	ReleaseTitle     // 1 bindings 2 file
	ReleaseHead
	ReleaseMore // 1 how many
	SayNoneLive
	SayNoUnknown
	NextRelease      // 1 command
	NextTried        // 1 command
	NextReleaseAgain // 1 results 2 column
	SayKeptResults   // 1 path
	SayNewBatch      // 1 results 2 batch 3 pending 4 unknown
	SayRecognised    // 1 file 2 batch 3 results
	SayFromInput     // 1 batch 2 results 3 input
	SayNoJournal     // 1 path
	SayPlan          // 1 rows 2 new 3 bound 4 held 5 to renew 6 unknown 7 gone
	Exit0Unbind
	Exit0Released
	Exit0Ended // 1 rows
	Exit0UnbindNone
	Exit0DryUnbind
	Exit3DryUnbind
	Exit0Plan
	Exit3Plan
	Exit4Plan
	Exit4PlanGone
	Exit0Verify
	Exit0VerifyNone
	Exit3Verify
	Exit5Verify
	SayAskFree         // 1 numbers
	SayFree            // 1 rows with a number 2 rows 3 requests
	SayFreeLost        // 1 numbers
	SayShort           // 1 pool and city 2 rows 3 numbers
	SayMoreShort       // 1 how many
	SayAsked           // 1 done 2 all
	SaySwept           // 1 rows 2 bound 3 not bound 4 still unknown
	SaySweptTwice      // 1 bindings 2 path 3 command
	SaySweptLost       // 1 numbers
	SaySweptUnlisted   // 1 pools
	SaySweptUnproven   // 1 pools
	SaySweptDistrusted // 1 pools
	SaySweptForeign    // 1 numbers
	StartLook          // 1 n
	SayLookBarred      // 1 code
	SayLookUnproven    // 1 pool
	SayLookDistrusted  // 1 pool
	SayLookLags        // 1 pool 2 how long at most
	SayLookMasked      // 1 pool
	SayBrake
	SayProbe      // 1 n 2 of
	SayProbeFirst // 1 n
	SayBrakeFree
	SayFirstLost   // 1 code
	SayLookRefused // 1 code 2 what it means 3 cure
	SayRetryAfter  // 1 how long 2 code
	SayWaitsCalls  // 1 how long
	SayStale       // 1 code
	SayRateCut     // 1 rate 2 percent
	SayRateBack    // 1 rate 2 percent
	SayPlace       // 1 place
	SayStaleClock  // 1 code
	SayDraining
	SayLeaveAtOnce
	SayResultsBusy // 1 path
	SayKeptNew     // 1 path
	SayKeptBeside  // 1 path 2 why 3 path of the new one
	SayInput       // 1 encoding 2 delimiter
	SayPrefixed
	SayNoPool
	SayUnread    // 1 column 2 header 3 cure
	SayRemark    // 1 what 2 cure
	ColumnMap    // 1 field 2 flag
	ColumnRename // 1 field
	ColumnZone   // 1 field
	SayNetworkFS // 1 path

	// First contact: bind --trial.
	TrialTitle // 1 version 2 endpoint 3 when 4 pool 5 X 6 SubsId
	TrialSimulated
	TrialHolds
	TrialDiffers
	TrialNotSeen
	TrialLine  // 1 assumption 2 what was seen
	TrialTotal // 1 that hold 2 that differ 3 not seen
	TrialUntried
	SaysDate
	SaysClock
	SaysSubsID
	SaysShown
	SaysListed
	SaysDetail
	SaysDetailA
	SaysDetailB
	SaysDetailGroup
	SaysExpires
	SaysCreated
	SaysLive
	SaysRest
	SaysNoOutID
	SaysNumberBound
	SaysCertified
	SaysWrongID
	SaysUnknownX
	SaysUpdate
	SaysUpdateShown
	SaysUpdateAgain
	SaysRelease
	SaysFreed
	SaysFreeForm
	SaysEnded
	SaysUnbindAgain
	SaysUpdateEnded
	SaysNumberFree
	SeenNothing
	SeenNotSent
	SeenValue // 1 what
	SeenAbsent
	SeenNull
	SeenEmpty
	SeenAhead  // 1 how much
	SeenBehind // 1 how much
	SeenSameTime
	SeenNoText
	SeenLength // 1 characters
	SeenAtOnce
	SeenAfter // 1 how long
	SeenNever // 1 how long
	SeenAsBound
	SeenSeveral // 1 how many
	SeenAnother
	SeenOtherField // 1 field
	SeenCode       // 1 code
	SeenLacks      // 1 field
	SeenAsSent
	SeenCountry
	SeenForm // 1 field
	SeenMasked
	SeenBeijing
	SeenUTC
	SeenAll
	SeenThere
	SeenStatus // 1 status
	MeansKnown
	MeansUTC
	MeansDate
	MeansClock
	MeansSubsID
	MeansShown
	MeansUnknown
	MeansStatus
	MeansNotCompared
	MeansRest
	MeansOutID
	MeansNumber
	MeansUncertified
	MeansWrongID
	MeansUnknownX
	MeansUpdate
	MeansUpdateShown
	MeansUpdateAgain
	MeansRelease
	MeansFreed
	MeansFreeForm
	MeansEnded
	MeansUnbindAgain
	MeansUpdateEnded
	AskTrial      // 1 line 2 X 3 look-ups
	SayTrialLooks // 1 line
	SayTrialStopped
	ErrTrialLine // 1 line 2 path
	ErrTrialAsk
	ErrTrialRow   // 1 line 2 status 3 code 4 reason 5 cure
	ErrTrialBound // 1 line 2 SubsId 3 command
	ErrTrialOpen  // 1 results 2 command 3 command
	Exit0Trial
	Exit3Trial // 1 how many
	ExitTrialBound
	ExitTrialStopped
	ExitTrialWrite // 1 why

	// Confirmation.
	AskRun  // 1 calls 2 duration
	AskInit // 1 path
	AskLate
	AskGo
	AskRefused
	AskStopped

	// Progress.
	ProgressTime  // 1 elapsed 2 eta, in words
	ProgressETA   // 1 eta
	ProgressNoETA // nobody knows
	ProgressBound // 1 n, as the next six
	ProgressReleased
	ProgressFailed
	ProgressInvalid
	ProgressUnknown
	ProgressPending
	ProgressLeft
	ProgressBefore
	ProgressCalls   // 1 calls a second 2 asked for 3 in flight
	ProgressLatency // 1 p50 2 p99
	ProgressBrake
	ProgressThrottled // 1 limit
	ProgressLooking   // 1 rows
	ProgressWaiting   // 1 rows
	ProgressAsked
	ProgressInFlight // 1 calls
	ProgressReading  // 1 step 2 steps 3 findings 4 eta, in words

	// Faults: what is wrong, and in the second line the cure.
	ErrLine // prefix of an error
	WarnLine
	CureLine
	ErrUsage     // 1 cobra's words 2 command
	ErrNoCommand //
	ErrNumbers   // 1 path 2 why
	ErrAsk       // 1 why
	ErrStopped
	ErrNotResults   // 1 path
	ErrNotBind      // 1 path 2 command
	ErrOutOther     // 1 path 2 command
	ErrNoBatch      // 1 batch 2 journal
	ErrNotItsFile   // 1 batch 2 results
	ErrNoResults    // 1 batch 2 results 3 what became of the input 4 cures
	ErrNoCells      // 1 batch 2 results 3 reconcile command
	ErrNoneKnown    // 1 batch 2 rows 3 reconcile command
	WhyInputGone    // 1 input
	WhyInputChanged // 1 input
	WhyInputPiped
	CureInputBack  // 1 digest 2 command
	CureInputAgain // 1 command
	CureInputNone
	ErrManyUnknown   // 1 batches 2 commands
	ErrAtMost        // 1 to send 2 rows 3 bound
	ErrNotItsJournal // 1 journal 2 results
	ErrFlagNeeds     // 1 flag 2 flag
	ErrArgs          // 1 command
	ErrArgDash       // 1 number of the argument 2 character 3 flag
	ErrFlagValue     // 1 flag 2 value 3 why
	ErrMasked        // 1 flag or variable 2 value
	ErrFlagClash     // 1 flag 2 flag
	ErrEnvValue      // 1 name 2 why
	ErrEnvUnknown    // 1 name 2 nearest name
	ErrEnvService    // 1 name 2 nearest name
	ErrEnvFlagOnly   // 1 name 2 flag
	ErrEnvQuotes     // 1 name
	ErrEnvUnseen     // 1 name 2 code point
	ErrArgEnd        // 1 argument 2 code point
	ErrArgEmpty      // 1 flag
	ErrArgPath       // 1 flag or position
	ErrArgUnseen     // 1 flag or position 2 code point
	ErrArgStdout     // 1 flag
	ArgPlace         // 1 number
	ErrNoInput       // 1 path 2 error
	ErrInputDir      // 1 path
	ErrInputRead     // 1 path 2 error
	ErrStdinOut      //
	ErrInvalid       // 1 n 2 rows
	ErrOutEqual      // 1 path
	ErrOutStdout     //
	ErrOutWrite      // 1 path 2 error
	ErrOutDir        // 1 path
	ErrOutOrphan     // 1 path
	ErrBeside        // 1 results
	ErrSamePath      // 1 flag 2 flag 3 path
	ErrEndpoint      // 1 value 2 why
	ErrNoKey         // 1 why
	ErrSourceFault   // 1 sources and why
	ErrKeyForm       // 1 source and why
	ErrNoPool        //
	ErrJournal       // 1 path 2 error
	ErrTaken         // 1 path 2 what it is
	ErrJournalNames  // 1 path
	ErrNotJournal    // 1 path
	ErrNewer         // 1 path 2 why
	ErrOlder         // 1 path
	ErrDamaged       // 1 path 2 line 3 why 4 command
	ErrSimulated     // 1 path
	ErrReal          // 1 path
	ErrSimInput      // 1 path
	ErrLocked        // 1 path 2 holder
	ErrSimulator     // 1 why
	ErrListen        // 1 why
	ErrWrite         // 1 path 2 why
	ErrUnwritten     // 1 path 2 why 3 what to do first
	CureFull
	CureHandles
	CureFileSize
	CureReadOnly
	CureInTheWay
	CureFolder
	CureForbidden
	CureBusy
	CureOther
	ErrInputLost      // 1 path 2 why 3 beginning of its SHA-256
	ErrHandles        // 1 why
	ErrRestored       // 1 path
	ErrRestoredBeside // 1 path 2 where it is
	ErrLostJournal    // 1 path 2 why
	ErrOutput         // 1 path 2 what it is 3 flag
	ErrRun            // 1 why
	ErrRescue         //
	ErrRescueLost     //
	ErrRunLost        // 1 why

	// The journal: where it is, who has it, what it lacks.
	ErrNoSource        // 1 path 2 the journal 3 command
	ErrNoSourceFound   // 1 path
	ErrNoJournal       // 1 path 2 command
	ErrGoneJournal     // 1 path 2 records 3 command
	ErrMoved           // 1 path 2 where 3 flag 4 variable
	ErrCopied          // 1 path 2 original 3 flag
	ErrNoLock          // 1 path 2 last run 3 command
	ErrPutBack         // 1 path 2 last run 3 command
	ErrBrought         // 1 path 2 command
	ErrCopy            // 1 path 2 last run 3 command 4 where it was in use
	ErrNotRetired      // 1 path 2 why
	ErrPlaceRelative   // 1 variable 2 value
	ErrPlaceFolder     // 1 folder 2 why
	ErrPlaceHome       // 1 variable
	ErrInstance        // 1 path
	ErrInstanceChanged // 1 endpoint
	ErrInstanceAnswer  // 1 endpoint
	ErrBehind          // 1 path 2 why 3 batches 4 commands 6 the word of a person
	ErrBehindKilled    // 1 path 2 why 3 batches 6 the word of a person
	ErrBehindSome      // 1 path 2 why 3 batches 4 commands 5 those that were killed 6 the word of a person
	ErrBehindUnnamed   // 1 path 2 why 3 the word of a person
	WhyBehind          // 1 records 2 of so many
	WhyOtherJournal    //
	LostBatch          // 1 id 2 results
	ErrWaits           // 1 path 2 results
	SayWaiting         // 1 path 2 holder 3 how long at most
	HolderUnknown      //
	HolderUntold       //
	FlagWait           //
	FlagBackup
	HolderRun   // 1 pid 2 host 3 since 4 batch 5 input 6 left 7 rows
	HolderLeft  // 1 pid 2 host 3 since 4 batch 5 input 6 left 7 rows 8 how long
	ErrTemplate // 1 path
	ErrNoCode   // 1 name 2 near ones

	// What status says.
	StatusJournal   // 1 path 2 id
	StatusLast      // 1 start 2 command 3 batch
	StatusLive      // 1 bindings
	StatusBatches   // 1 how many
	StatusBatch     // 1 id 2 command 3 results
	StatusOfJournal // 1 path
	StatusOf        // 1 batch 2 its results
	StatusRows      // 1 rows in the input of the last run 2 input
	StatusReleased  // 1 rows
	StatusKnown     // 1 bound 2 live 3 lapsed 4 failed 5 unknown 6 pending 7 open
	StatusPassed    // 1 bindings 2 batch 3 its results
	StatusRunning   // 1 since
	StatusHolder    // 1 holder
	StatusEnded     // 1 when 2 status 3 words
	StatusNext
	StatusDied // 1 since
	StatusNoRun
	StatusPace      // 1 calls 2 throttled 3 limit 4 in flight 5 p50 6 p99
	StatusRuns      // 1 n 2 first
	ErrForgetNumber // 1 argument
	ErrForgetNeeded // 1 number 2 why 3 how many more 4 commands
	WhyForgetLives  // 1 SubsId 2 batch 3 end
	WhyForgetUntold // likewise
	WhyForgetDoubt  // 1 batch 2 line
	ForgetMore      // 1 n
	ForgetUnnamed   // 1 SubsId
	ForgetDone      // 1 records
	ForgetWould     // 1 records
	ForgetNone
	ForgetCopies   // 1 journals
	ForgetInCopies // 1 journals
	ForgetFiles    // 1 files
	ForgetNoFiles
	ForgetUnread  // 1 path 2 why
	ErrReadMasked // 1 value 2 flag

	// What explain says.
	ExplainCodes
	ExplainRules
	ExplainMeaning
	ExplainClass
	ExplainDoes
	ExplainCause
	ExplainCure
	ExplainWho
	ExplainSource
	DoesDone
	DoesThrottled
	DoesNotSent
	DoesStale
	DoesStaleClock
	DoesRow
	DoesCapacity
	DoesAccount
	DoesAmbiguous
	DoesHold
	DoesTake
	DoesLeave
	DoesInvalid
	DoesWarn

	// Help.
	HelpRoot
	HelpBind
	HelpBindLong
	HelpBindExample
	HelpCheck
	HelpCheckLong
	HelpCheckExample
	HelpUpdate
	HelpUpdateLong
	HelpUpdateExample
	HelpUnbind
	HelpUnbindLong
	HelpUnbindExample
	HelpVerify
	HelpVerifyLong
	HelpVerifyExample
	HelpReconcile
	HelpReconcileLong
	HelpReconcileExample
	HelpSimulate
	HelpSimulateLong
	HelpSimulateExample
	HelpTemplate
	HelpTemplateExample
	HelpVersion
	HelpExplain
	HelpExplainLong
	HelpExplainExample
	HelpForget
	HelpForgetLong
	HelpForgetExample
	HelpStatus
	HelpStatusLong
	HelpStatusExample
	HelpRootLong
	HelpRootExample
	HelpHelp
	HelpUsage
	HelpCommands
	HelpExamples
	HelpFlags
	HelpGlobalFlags
	HelpStatuses
	HelpStatusList
	HelpMore // 1 command

	// Parts of help.
	HelpDefault // 1 value
	HelpAnyFlags
	HelpText
	HelpNumber
	HelpInteger
	HelpDuration

	// Reasons that stand in for words of the system, of libraries and of the
	// packages below.
	WhyNone     // 1 the words themselves
	WhyNotExist // 1 the words themselves, as all up to WhyBusy
	WhyForbidden
	WhyExists
	WhyFull
	WhyQuota
	WhyHandles
	WhyReadOnly
	WhyDirectory
	WhyNotDirectory
	WhyLongName
	WhyIO
	WhyBusy
	WhyDevice
	WhyLink
	WhyHardLink
	WhyNoFile
	WhySwapped
	WhyEdited
	WhyForeign
	WhyOtherBatch
	WhyManyBeside // 1 how many
	WhyIsJournal
	WhyIsLock
	WhyIsReserve
	WhyIsTemporary
	WhyIsKeys
	WhyIsInput
	WhyIsResults
	WhyIsFailed
	WhyIsFindings
	WhyIsSummary
	WhyIsPage
	WhyIsMetrics
	WhyIsLog
	WhyNoResults
	WhyNoPage
	WhyNoMetrics
	WhyNoLog
	WhyLinks
	WhyChanged   // 1 the words themselves
	WhyJournal   // 1 the words themselves
	WhyDamage    // 1 the words themselves
	WhyNewer     // 1 the words themselves
	WhyNoFlag    // 1 the words themselves 2 flag
	WhyNoValue   // 1 the words themselves 2 flag
	WhyBadValue  // 1 the words themselves 2 flag 3 value
	WhyBadSyntax // 1 the words themselves 2 what was given
	WhyNoCommand // 1 the words themselves 2 command
	WhyArgs      // 1 the words themselves 2 how many there are
	WhyNoKey     // 1 the words themselves
	SourceFault  // 1 source 2 why
	WhyEndpoint  // 1 the words themselves
	WhySimulator // 1 the words themselves
	WhyListen    // 1 the words themselves
	WhyShare     // 1 value
	WhyCount     // 1 value
	WhyField     // 1 name 2 fields
	WhyRange     // 1 value 2 form
	WhyKeep      // 1 value
	WhyKeepForm  // 1 value
	WhyLostCode  // 1 code
	WhyAbove0    // 1 value 2 example
	WhyTwoValues // 1 field
	ClassDone
	ClassThrottled
	ClassNotSent
	ClassStale
	ClassRow
	ClassCapacity
	ClassAccount
	ClassAmbiguous
	ClassWarning
	SayCertificate // 1 path
	DelimiterComma
	DelimiterTab
	DelimiterSemicolon

	FlagOut
	FlagOutUpdate
	FlagOutUnbind
	FlagYesUnbind
	FlagOnly
	FlagLines
	FlagJournal
	FlagRenewBefore
	FlagAtMost
	FlagRenewed
	FlagForeign
	FlagPoolKey
	FlagDefault
	FlagMap
	FlagRate
	FlagMaxInFlight
	FlagTimeout
	FlagRetries
	FlagAdaptive
	FlagStrict
	FlagDryRun
	FlagDryRunForget
	FlagLimit
	FlagTrial
	FlagResend
	FlagWhenBound
	FlagOnline
	FlagField
	FlagXNumbers
	FlagXNumbersSweep
	FlagComplete
	FlagMaxFailures
	FlagUntil
	FlagEncoding
	FlagDelimiter
	FlagAllowDuplicates
	FlagAllowEmpty
	FlagSimulate
	FlagEndpoint
	FlagProgress
	FlagLang
	FlagSummary
	FlagFailed
	FlagLog
	FlagVerbose
	FlagYes
	FlagSimListen
	FlagSimTLS
	FlagSimNumbers
	FlagSimCities
	FlagSimStrictCity
	FlagSimLatency
	FlagSimJitter
	FlagSimQPS
	FlagSimFault
	FlagSimLag
	FlagSimForm
	FlagSimDies
	FlagSimAssume
	FlagSimClock
	FlagSimSeed
	FlagTemplateOut
	FlagHelp
	FlagQuiet
	FlagExcel

	// What status says of the last runs of a batch.
	RunsRun // 1 id
	RunsTime
	RunsFrom   // 1 start
	RunsFromTo // 1 start 2 end 3 duration
	RunsEnded
	RunsNoEnd
	RunsWho
	RunsKey // 1 masked key id
	RunsProgram
	RunsInput
	RunsFile // 1 name 2 rows 3 SHA-256
	RunsUnwritten
	RunsDigest // 1 name 2 SHA-256
	RunsCalls
	RunsCallsOf // 1 calls 2 retries
	RunsCommand
	FlagJSON
	FlagBindings

	// What a chat robot and a metrics file say, and what is wrong with them.
	NotifyTitle // 1 status 2 input
	NotifyTitleSimulated
	NotifyRows    // 1 rows 2 counts
	NotifyCalls   // 1 calls 2 duration 3 retries 4 throttled
	NotifyStop    // 1 why
	NotifyFailure // 1 count 2 status 3 code 4 meaning 5 lines, in words 6 who
	NotifyMore    // 1 n
	NotifyResults // 1 path
	NotifyNext
	NotifyCure   // 1 cure
	NotifySender // 1 user@host 2 when
	NotifyNoURL
	NotifyPlain
	NotifyUnknown
	NotifyNoToken
	NotifyLate // 1 seconds
	NotifyOdd  //
	NotifyNoHost
	NotifyClosed
	NotifyTLS
	NotifyLost       // 1 why
	NotifyHTTP       // 1 HTTP status
	NotifyRefused    // 1 code 2 its words
	SayNotify        // 1 why
	ErrNotifyURL     // 1 why
	ErrNotifySecret  //
	ErrNotifyNothing // 1 what asks for it
	ErrMetricsName   // 1 path
	FlagMetrics

	// Completion of a shell.
	HelpCompletion
	HelpCompletionLong
	HelpCompletionExample
	ErrShell // 1 what was typed

	// The page about a batch.
	HelpReport
	HelpReportLong
	HelpReportExample
	FlagReportOut
	ErrPageName    // 1 path
	ErrPageResults // 1 path 2 why
	PageBrand
	PageTitle // 1 batch
	PageRehearsal
	PageRehearsed
	PageSayRunning
	PageSayKilled
	PageStatus  // 1 status 2 words
	PageStopped // 1 why
	PageFromEdited
	PageFromJournal
	PageFromEnd
	PageCompacted  // 1 when
	PageUnbalanced // 1 sum 2 rows
	PageNone
	PageAllBound // 1 rows
	PageOneBound
	PageNoneBound // 1 rows
	PageSomeBound // 1 bound 2 rows
	PageReleased  // 1 released 2 rows
	PageStates
	PageStateHead
	PageRowsHead
	PageShare
	PageMeaning
	PageMeansBound
	PageMeansReleased
	PageMeansFailed
	PageMeansInvalid
	PageMeansHeld
	PageMeansUnknown
	PageMeansPending
	PageFacts
	PageInput
	PageStarted
	PageTook
	PageCalls
	PageRetries
	PageThrottled
	PageAverage
	PagePeak
	PageLimit
	PageLatency
	PageBy
	PagePerSecond // 1 number
	PageAttention
	PageNothing
	PageCodesTitle  // 1 code 2 its rows 3 all rows
	PageCodesOne    // 1 code 2 rows
	PageCodesOneRow // 1 code
	PageCodesUnit
	PageCode
	PageWho
	PageMoreCodes // 1 n
	PageCodeRows  // 1 rows 2 status
	PageCodeRow   // 1 status
	PageCause
	PageCure
	PageFirst // 1 shown 2 rows
	PageThese
	PageLine
	PageGroup
	PageA
	PageReason
	PageRequest
	PageOneNot
	PageAttempts
	PageAt
	PageUnseen // 1 lines
	PageCourse
	PageCourseRuns // 1 runs
	PageCourseOld  // 1 runs
	PageNoCourse
	PageShowTable
	PageTime
	PageSpan
	PageRowsTitle // 1 bound 2 duration
	PageRowsUnit
	PageRowsGone
	PagePaceTitle // 1 average 2 most
	PagePaceUnder // 1 average 2 most 3 limit
	PagePaceOver  // 1 average 2 most 3 limit
	PageThrottledNone
	PageThrottledSome // 1 share
	PagePaceUnit
	PageKeyCalls
	PageKeyLimit
	PageKeyThrottled
	PageKeyChange
	PageLatencyTitle // 1 p50 2 p99
	PageLatencyUnit
	PageFlightTitle // 1 most
	PageFlightUnit
	PageNoFlight
	PageAnswers
	PageP50
	PageP99
	PagePaceHead
	PageInFlight
	PageWhere
	PageWhereUnit
	PagePool
	PageCity
	PageByPool
	PageByGroup
	PageByCity
	PagePlaceTitle // 1 place 2 its failures 3 all failures
	PagePlaceBlank
	PagePlaceRest // 1 n
	PageFailing
	PageFailShare
	PageBeforeHead
	PageBeforeUnit // 1 then 2 now
	PageThen       // 1 date
	PageNow        // 1 date
	PageMeasure
	PageNewCodes // 1 codes
	PageNoNewCodes
	PageGoneCodes // 1 codes
	PageAgain     // 1 n 2 lines
	PageAgainOne  // 1 line
	PageAgainNone
	PageRuns
	PageRunsCaption
	PageRunHead
	PageHowEnded
	PageRunKilled
	PageRunOn
	PageMade // 1 version 2 when 3 results 4 journal
	PageListAnd
	// Findings and reading.
	SeverityError
	SeverityWarning
	SeverityRepaired
	FindingHead // 1 severity 2 rule 3 place or blank 4 rows 5 lines
	FindingRow
	FindingRows     // 1 n
	FindingPlace    // 1 place
	FindingFirst    // 1 line 2 reason
	FindingMore     // 1 groups left out
	FindingCounts   // 1 read 2 valid 3 invalid 4 repaired 5 with warnings
	FindingListed   // 1 path 2 listed 3 of how many 4 rule
	FindingTotal    // 1 findings 2 path
	SumRepaired     // 1 n
	SumFindings     // label
	ErrFindingsKind // 1 path
	DoesRepair
	FlagFindings

	// The command journal.
	HelpJournal
	HelpJournalLong
	HelpJournalExample
	HelpJournalInit
	HelpJournalInitLong
	HelpJournalInitExample
	HelpJournalCheck
	HelpJournalCheckLong
	HelpJournalCheckExample
	HelpJournalCopy
	HelpJournalCopyLong
	HelpJournalCopyExample
	FlagAnother
	FlagRepair
	FlagAccept
	FlagJournalFrom
	ErrThere        // 1 path
	ErrElsewhere    // 1 path of the other 2 command that copies it 3 command that begins another
	ErrPassing      // 1 folder 2 kind of its file system 3 command
	SayBegun        // 1 path
	SayPlaceName    // 1 flag 2 variable
	SayCopied       // 1 records 2 from 3 to
	SayCopyHeld     // 1 holder
	SayRetired      // 1 path
	SayAccepted     // 1 path
	SayPassing      // 1 folder 2 kind
	SayBackup       // 1 path
	SayRepaired     // 1 places 2 path 3 path of the old one
	CheckJournal    // 1 path
	CheckID         // label
	CheckCreated    // label
	CheckSize       // label
	CheckBytes      // 1 bytes 2 records
	CheckRuns       // label
	CheckRunsOf     // 1 runs 2 batches
	CheckRows       // label
	CheckRowsOf     // 1 rows 2 live bindings
	CheckLast       // label
	WhyNoRun        //
	CheckRun        // 1 time 2 command 3 batch 4 results
	CheckTorn       // 1 bytes
	CheckGood       //
	CheckDamage     // 1 lines 2 byte 3 length 4 why 5 what can be told
	CheckMore       // 1 places
	DamageBit       //
	DamageLooks     // 1 word and number
	DamageUnknown   //
	ErrRepairable   // 1 path 2 places 3 command
	ErrUnrepairable // 1 path 2 places 3 commands
	WhyMissing      //

	numPhrases
)

var phrases = [numPhrases]Text{
	Between: {"; ", "；"},

	ReasonEdited:        {"line %d of this batch (%[3]s, SubsId %[2]s) has the same pool, A and group and was sent before it was edited", "本批次第 %d 行（%[3]s，SubsId %[2]s）号码池、A 号、分组相同，修改之前已经发送过"},
	ActionEdited:        {"restore the row as it was; or decide and run again: --when-bound renew changes that binding to this row, skip takes it as it is, another binds a second X number", "把本行改回原样；或决定后重新运行：--when-bound renew 按本行续期，skip 沿用该绑定，another 再占用一个中间号"},
	ReasonKept:          {"its binding, made when the row was another, goes on: SubsId %s", "本行被改动之前的绑定仍然有效：SubsId %s"},
	ReasonStillBound:    {"line %d of batch %[4]s has the pool, A and group of this row (%[3]s, SubsId %[2]s)", "批次 %[4]s 第 %[1]d 行（%[3]s，SubsId %[2]s）已占用本行的号码池、A 号、分组"},
	ActionStillBound:    {"decide and run again: --when-bound skip takes that binding as this row's, renew changes it to this row, another binds a second X number", "决定后重新运行：--when-bound skip 沿用该绑定，renew 按本行续期，another 再占用一个中间号"},
	ReasonMayBeBound:    {"line %d of batch %[4]s is UNKNOWN and may have bound the pool, A and group of this row", "批次 %[4]s 第 %[1]d 行结果未知（UNKNOWN），可能已绑定本行的号码池、A 号、分组"},
	ReasonEnded:         {"that binding ended at %s (Beijing time) by the clock of this machine; until 24 hours later it may still live by the service's", "按本机时钟，该绑定已于 %s（北京时间）到期；此后 24 小时内，按服务端时钟仍可能有效"},
	ReasonOwnEnded:      {"the row was bound before (SubsId %s)", "本行此前已绑定（SubsId %s）"},
	ActionEnded:         {"run the same command at %s (Beijing time) or later: the row is then bound anew; or at once with --when-bound another, which binds a further X number, beside the old one should that live yet", "在 %s（北京时间）之后再次运行同一命令，届时本行会重新绑定；急需时用 --when-bound another 立即另占一个中间号，原绑定若仍有效则两个并存"},
	ActionEndedMove:     {"run the same command at %s (Beijing time) or later: the place is free then", "在 %s（北京时间）之后再次运行同一命令，届时位置已空出"},
	ActionEndedUntold:   {"by the service's time, which counts, the place is free at %s (Beijing time); this machine's clock says later, and the service did not: run the same command again when the service answers; if the row is HELD all the same, set the clock (NTP)", "位置何时空出以服务端时间为准：%s（北京时间）；本机时钟已过此时，而服务端尚未证实：待服务端有应答时再次运行同一命令；若仍为 HELD，请校准本机时钟（NTP）"},
	ReasonOthersBound:   {"pool, A and group of this row have a live binding that no batch of this journal made (SubsId %[2]s)", "本行的号码池、A 号、分组已有绑定（SubsId %[2]s），不是本台账（journal）中任何批次建立的"},
	ReasonRenewCannot:   {"line %d of batch %[4]s has the pool, A and group of this row (SubsId %[2]s), and --when-bound renew cannot change that binding to this row: it is on another X than the row names, or has a B where the row has none", "批次 %[4]s 第 %[1]d 行（SubsId %[2]s）已占用本行的号码池、A 号、分组；--when-bound renew 无法按本行续期该绑定：它的中间号与本行指定的不同，或它有 B 号而本行没有"},
	ActionRenewCannot:   {"decide and run again: --when-bound skip takes that binding as it is, another binds a second X number; or release SubsId %[2]s first", "决定后重新运行：--when-bound skip 沿用该绑定，another 再占用一个中间号；或先解绑 SubsId %[2]s"},
	ReasonRenewEarlier:  {"line %d of batch %[4]s has the pool, A and group of this row (SubsId %[2]s) until %[6]s, later than this row says; --when-bound renew makes no Expiration earlier", "批次 %[4]s 第 %[1]d 行（SubsId %[2]s）的绑定占着本行的号码池、A 号、分组，到 %[6]s 为止，比本行的过期时间晚；续期（--when-bound renew）不会把过期时间改早"},
	ActionRenewEarlier:  {"nothing to do if the later end is right: --when-bound skip takes that binding as it is; axgbind update makes an Expiration earlier", "较晚的过期时间正确则无需处理：用 --when-bound skip 沿用该绑定；要改早请用 axgbind update"},
	ReasonMoved:         {"the binding of this row (SubsId %s) is in another group now: an update brought it there", "本行的绑定（SubsId %s）已被更新到另一个分组"},
	ActionMoved:         {"give the row the group that its binding has now; or release SubsId %s, then bind the row with --resend released", "把本行的分组改为该绑定现在的分组；或先解绑 SubsId %s，再用 --resend released 绑定本行"},
	ActionHeldByUnknown: {"run axgbind reconcile %[5]s, then this again; if it cannot tell, find out in the console whether that row is bound, and send it again with its own file and --resend unknown; remove neither", "先运行 axgbind reconcile %[5]s 对账，再重新运行；仍无法判定时，在控制台核对那一行是否已绑定，再用原文件加 --resend unknown 重发；两行都不要删除"},
	ActionHeldByRelease: {"the release of SubsId %[2]s was begun and is not known to be done: run that axgbind unbind again, then this", "SubsId %[2]s 的解绑已开始但未确认完成：请重新运行那次 axgbind unbind，再运行本命令"},
	ReasonAlready:       {"taken from the live binding of line %d of batch %[4]s (SubsId %[2]s, %[3]s)", "沿用批次 %[4]s 第 %[1]d 行的有效绑定（SubsId %[2]s，%[3]s）"},
	ReasonLate:          {"its Expiration came to within 60 s of now before its turn; it was not sent", "轮到本行时过期时间已不足 60 秒，未发送"},
	ActionLate:          {"set a later Expiration; for long files raise --rate", "把过期时间改晚；文件很长时提高 --rate"},
	ReasonNotReached:    {"not sent yet", "尚未发送"},
	ReasonStopped:       {"not sent: %s", "未发送：%s"},
	ActionRunAgain:      {"run the same command again; bound rows are not sent again", "再次运行同一命令即可，已绑定的行不会重发"},
	ReasonUnresolved:    {"an earlier attempt may have been executed; the later one says: %s", "更早的一次请求可能已经执行；后来的答复是：%s"},
	ReasonRenewed:       {"renewed: the binding with SubsId %s was changed to this row", "已续期：SubsId %s 的绑定已按本行更新"},
	ReasonRenewBegun:    {"a change of its binding was begun, and it is not known to be done; repeating it does no harm", "续期已开始但未确认完成；重复执行没有影响"},
	ActionUpdateGone:    {"nothing can be updated any more; if A still needs a number, bind it anew", "已无法更新；A 号仍需要中间号时请重新绑定"},
	ReasonMayBeDone:     {"the answer to the call was lost: the change or release may be done already", "请求的应答已丢失：变更或解绑可能已执行"},
	ActionMayBeDone:     {"run the same command again; doing it twice does no harm", "再次运行同一命令即可，重复执行没有影响"},
	ReasonReleased:      {"released: the binding with SubsId %s has ended, its X number is free", "已解绑：SubsId %s 的绑定已结束，中间号已空出"},
	ReasonReleasedGone:  {"nothing was left to release: the service has no binding with SubsId %s on this X", "无需解绑：服务端该中间号上没有 SubsId 为 %s 的绑定"},
	ReasonNoBinding:     {"the row names no binding (SubsId and SecretNo in digits, and a PoolKey), or has no new value", "本行没有指明绑定（SubsId 和 SecretNo 为数字，且有 PoolKey），或没有新的值"},
	ReasonUnsettled:     {"the row is UNKNOWN: it was sent, and nobody knows whether it has a binding; nothing was done to it", "该行结果未知（UNKNOWN）：已发送，但不知道是否有绑定；未做任何处理"},
	ActionUnsettled:     {"find out with axgbind reconcile, then run unbind again", "先用 axgbind reconcile 对账查明，再用 unbind 解绑"},
	ActionNoBinding:     {"take SubsId and SecretNo from the results as axgbind wrote them", "使用 axgbind 写出的结果中的 SubsId 和 SecretNo"},
	ReasonNotOne:        {"the row gives no SubsId, and its pool, A and group name one binding only where exactly one is known: there are %d, and %d more may be there", "本行没有 SubsId；只有恰好一条已知绑定时，号池、A 号和分组才能指明它：该处有 %d 条，另有 %d 条不确定"},
	ActionNotOne:        {"give the SubsId: axgbind status --bindings lists those that live", "请填写 SubsId：axgbind status --bindings 可列出有效绑定"},
	ReasonOthersHold:    {"the binding (SubsId %s) belongs to batch %s (%s), which made or renewed it last; nothing was done to it", "该绑定（SubsId %s）属于批次 %s（%s），由其创建或最后续期；未作任何操作"},
	ActionOthersHold:    {"if it is to end all the same: %s", "确需解绑时：%s"},
	ActionOthersUpdate:  {"if it is to change all the same, name it by SubsId, SecretNo and the new values in a CSV of its own, and give that to axgbind update", "确需更新时，把该绑定的 SubsId、SecretNo 和新的值写入单独的 CSV，再用 axgbind update 更新"},
	ReasonOthersMay:     {"a renewal of the binding (SubsId %s) by batch %s (%s) is in doubt: it may be that batch's by now; nothing was done to it", "批次 %[2]s（%[3]s）对该绑定（SubsId %[1]s）的续期结果未知，绑定可能已归该批次；未作任何操作"},
	ActionOlder:         {"the file is older than the renewal of that binding: write the list of what the batch has now (axgbind status %s --bindings > LIST.csv), and unbind what is to end in that", "本文件写于该绑定续期之前：先列出该批次现有的绑定（axgbind status %s --bindings > LIST.csv），再用 unbind 解绑其中确需结束的"},
	ActionOthersMay:     {"settle it first, by running that batch again: %s; then run this again", "请先重新运行该批次以确定归属：%s；然后再次运行本命令"},
	ReasonOthersMade:    {"this batch only renewed the binding (SubsId %s); batch %s (%s) made it; nothing was done to it", "本批次只续期了该绑定（SubsId %s），它由批次 %s（%s）创建；未作任何操作"},
	ActionOthersMade:    {"if it is to end all the same, run again with --renewed", "确需解绑时，加 --renewed 再次运行"},
	ReasonNobodys:       {"no batch of this journal is known to have made the binding (SubsId %s): only a file tells of it; nothing was done to it", "本台账（journal）中没有批次创建过该绑定（SubsId %s），只有文件提到它；未作任何操作"},
	ReasonTakenFromOne:  {"the row took the binding (SubsId %s) of another batch as its own, and this file is of no batch of this journal; nothing was done to it", "本行采用的是其他批次的绑定（SubsId %s），而该文件不属于本台账（journal）的任何批次；未作任何操作"},
	ActionForeign:       {"if it is meant all the same, run again with --foreign: the service is asked about each such binding first", "确认无误时，加 --foreign 再次运行：会先向服务端逐条核实"},
	ReasonTwice:         {"line %d changes the same binding to something else", "第 %d 行把同一绑定改成了别的值"},
	ActionTwice:         {"keep one of the two rows: line %d, or this one", "两行只保留一行：第 %d 行或本行"},
	ReasonSameTarget:    {"line %d brings its binding to the same pool, number A and group", "第 %d 行会把它的绑定移到同一号池、A 号码、分组"},
	ActionSameTarget:    {"one A in one group has one binding: keep one of the two rows, or give one another GroupId", "同一 A 号码在同一分组只有一条绑定：两行只保留一行，或为其中一行改填 GroupId"},
	ActionMoveHeld:      {"give the row another GroupId, or release SubsId %[2]s first", "本行改填 GroupId，或先解绑 SubsId %[2]s"},
	ReasonOlder:         {"the binding (SubsId %s, until %s) was changed since this file was written, and the row would take that back; nothing was done to it", "该绑定（SubsId %s，有效至 %s）在本文件写出之后已变更，本行会把变更撤回；未作任何操作"},
	ActionOlderUpdate:   {"nothing to do if the binding is right as it is; if this value is meant all the same, give a list with nothing but SubsId and the new value", "绑定现状正确则无需处理；确需改成该值时，请改用只含 SubsId 和新值的清单"},
	ReasonClaimed:       {"this file says that the row may have a binding already, and the journal that knows is not here", "该文件表明本行可能已有绑定，而记录它的 journal 不在此处"},
	ReasonUnread:        {"other cells of the row tell of a call, and its %s (%s) does not say what became of it", "本行其他列表明已发送过，但 %s 列（%s）看不出结果"},
	ActionClaimed:       {"run again with the --journal of the batch that wrote this file, or write in %[1]s what the row was (BOUND, UNKNOWN); if it surely has no live binding, empty its cells from %[1]s to %[2]s", "用写出该文件的批次的 --journal 重新运行，或在 %[1]s 列写回原来的状态（BOUND、UNKNOWN）；若本行确无有效绑定，请清空其 %[1]s 至 %[2]s 各列"},
	ReasonNotRenewed:    {"the service refused to renew its binding (SubsId %s), which goes on until %s: %s", "服务端拒绝为其绑定续期（SubsId %s），该绑定仍有效至 %s：%s"},
	ReasonUnshown:       {"the journal does not know the binding that the row names, and look-ups do not show it: it has ended, or SubsId, SecretNo or pool are not right", "台账中没有该行所指的绑定，查询也没有查到：它已结束，或 SubsId、SecretNo、号池有误"},
	ActionUnshown:       {"Nothing was called. Compare the row with where it came from; if the binding has ended, there is nothing to do.", "没有发起调用。请与来源核对该行；如果绑定已结束，则无需处理。"},
	ReasonGoneUnproven:  {"the service says that its binding (SubsId %s) has lapsed or was released; that is not believed, for look-ups do not show other bindings of this pool that are known to live, or none is known", "服务端称其绑定（SubsId %s）已到期或已解绑；但查询没有如实显示该号池其他已知存在的绑定，或没有已知的绑定，因此不采信"},
	ActionGoneUnproven:  {"If no row of this pool is bound, bind one. Then run again with --resend %s.", "如果该号池没有任何行已绑定，请先绑定一行。再加上 --resend %s 运行。"},
	ReasonReleaseGone:   {"the service says that the binding has lapsed or was released, and that is not proven", "服务端称该绑定已到期或已解绑，但尚未得到证实"},
	ReasonRenewGone:     {"the binding that was to be renewed has lapsed or was released", "要续期的绑定已过期或已解绑"},
	ActionRenewGone:     {"if A still needs a number, run again with --resend %s: the row is then bound anew, which takes an X number", "A 号仍需要中间号时，加 --resend %s 再次运行：该行会重新绑定，占用一个中间号"},
	ActionUnresolved:    {"run axgbind reconcile on the results; if it cannot tell, check in the console whether A is bound, and only then use --resend unknown", "先对结果文件运行 axgbind reconcile 对账；仍无法判定时，在控制台核对 A 号是否已绑定，再决定是否用 --resend unknown"},

	FoundOurs:       {"its answer was lost; a look-up of X found this row's binding, made %s", "应答丢失；按中间号查询，找到本行的绑定，创建于 %s"},
	FoundForeign:    {"its answer was lost; a look-up shows X bound to another A or group (SubsId %s)", "应答丢失；查询显示该中间号已绑定其他 A 号或分组（SubsId %s）"},
	FoundOlder:      {"its answer was lost; a look-up shows that X already had this binding (SubsId %s) since %s, before the row was sent", "应答丢失；查询显示该中间号早在本行发送之前就有这个绑定（SubsId %s，创建于 %s）"},
	FoundOdd:        {"its answer was lost, and a look-up of X shows what no rule covers (SubsId %s)", "应答丢失，按中间号查询的结果不符合任何已知情形（SubsId %s）"},
	FoundMore:       {"BOUND TWICE: %d more bindings of the same A, group, B and Expiration (SubsId and X): %s; axgbind reconcile lists them for axgbind unbind", "重复绑定：另有 %d 条 A 号、分组、B 号和过期时间都相同的绑定（SubsId 和中间号）：%s；对账（axgbind reconcile）会列出，可交给 axgbind unbind"},
	FoundNot:        {"not found among %d X numbers; the list is not known to be complete, so it may be bound all the same", "在 %d 个中间号中未找到；无法确认清单完整，仍可能已绑定"},
	FoundUnlike:     {"its own binding was not found, but A and the group have another that lives (SubsId and X): %s; it may be this row's, shown otherwise or changed since, and another X would be a second one", "未找到完全一致的绑定，但该 A 号和分组有另一条存在的绑定（SubsId 和中间号）：%s；它可能就是本行的（显示不同或之后被修改），再发送会多占一个中间号"},
	FoundBlind:      {"X is not bound to this row, but an earlier call of it, which named another X or none, is still in doubt: reconcile with --x-numbers finds out", "该中间号没有绑定本行，但本行更早的一次请求用的是别的中间号或未指定，结果仍未知；用 reconcile 加 --x-numbers 对账查清"},
	FoundUnclear:    {"its answer was lost, and look-ups of X got no answer that can be read; reconcile asks again", "应答丢失，按中间号查询也没有得到可读的应答；请再用 reconcile 对账"},
	FoundMasked:     {"its answer was lost, and a look-up of X hides the A number, so nobody can tell whose binding it is; ask the vendor to show it to this account", "应答丢失；按中间号查询的结果隐去了 A 号码，无法判断绑定属于谁；请联系服务商对本账号显示完整号码"},
	FoundUnproven:   {"its answer was lost; that look-ups do not show it proves nothing, for no binding of this pool is known to live that was made after it, or shortly before; bind one row of this pool, then reconcile", "应答丢失；查询未查到也不能说明问题，因为该号池没有在它之后（或之前不久）创建的已知绑定可供验证；请先绑定该号池的一行，再用 reconcile 对账"},
	FoundDistrusted: {"its answer was lost, and look-ups of this pool are not believed: they do not show bindings that are known to live, or contradict each other; run reconcile later; if it stays so, ask the vendor", "应答丢失；该号池的查询不可信：没有如实显示已知存在的绑定，或前后矛盾；请稍后再用 reconcile 对账，若一直如此请咨询服务商"},
	FoundNamed:      {"the answer cannot be relied on, but names a binding (SubsId and X): %s", "应答不可信，但其中带有绑定（SubsId 和中间号）：%s"},
	FoundTwice:      {"the answer says OK and names a binding (SubsId and X), %s, whose SubsId line %d has already; of the two only one can have it", "应答为 OK，其中的绑定（SubsId 和中间号）为 %s，但该 SubsId 已属于第 %d 行；两行中只有一行能拥有它"},
	FoundTwiceThere: {"the answer says OK and names a binding (SubsId and X), %s, whose SubsId line %d of batch %s has already; of the two only one can have it", "应答为 OK，其中的绑定（SubsId 和中间号）为 %[1]s，但该 SubsId 已属于批次 %[3]s 第 %[2]d 行；两行中只有一行能拥有它"},
	FoundAbsent:     {"its answer was lost; look-ups showed that it was not bound", "应答丢失；查询表明没有绑定"},

	StopLimit:       {"--limit was reached", "已达到 --limit"},
	StopUntil:       {"the time of --until was reached", "已到 --until 指定的时间"},
	StopInterrupt:   {"the run was interrupted (SIGINT)", "运行被中断（SIGINT）"},
	StopTerminate:   {"the run was asked to end (SIGTERM)", "运行被要求结束（SIGTERM）"},
	StopHangup:      {"the terminal or connection was lost (SIGHUP)", "终端或连接已断开（SIGHUP）"},
	StopClock:       {"the service refuses the time of the calls, which is this machine's; every row would be refused alike", "服务拒绝请求的时间（即本机时间），所有行都会同样被拒"},
	StopToken:       {"the service refuses the temporary key as expired, also one fetched anew; every row would be refused alike", "服务认为临时密钥已过期，重新获取后仍是如此；所有行都会同样被拒"},
	StopAccount:     {"the service refuses the account, key or pool; every row would be refused alike", "服务拒绝了该账号、密钥或号池，所有行都会同样被拒"},
	StopMaxFailures: {"too many rows failed (--max-failures)", "失败的行过多（--max-failures）"},
	StopAllAlike:    {"the first 20 rows sent were all refused with the same code", "最先发送的 20 行全部以同一错误码被拒"},
	StopTrouble:     {"the service stayed in trouble: the probes failed", "服务持续异常：多次探测均失败"},
	StopJournal:     {"the journal could not be written", "journal 无法写入"},
	StopInput:       {"the input changed during the run", "输入文件在运行中被改动"},
	StopInternal:    {"internal fault", "程序内部错误"},
	StopCapacity:    {"pools ran out of X numbers", "号池已无可用中间号"},
	StopNetwork:     {"calls do not reach the service, and that does not mend by itself", "请求无法到达服务端，且不会自行恢复"},
	StopLookups:     {"the service refuses the look-ups that prove whose a binding is, or that it is gone", "服务拒绝了用于核实绑定归属或是否已不存在的查询"},
	StopThrottled:   {"ten minutes without one success: every call was throttled", "连续十分钟没有一次成功：所有请求都被限流"},

	NetNotTrusted:    {"the certificate of %s is signed by an authority that this machine does not trust (%s)\nif a proxy is to open TLS, install its authority's certificate here, or name its file in SSL_CERT_FILE; else find out who answers there", "%s 的证书由本机不信任的机构签发（%s）\n如果是代理有意解密 TLS，请在本机安装它的根证书，或用 SSL_CERT_FILE 指定其文件；否则请查明是谁在应答"},
	NetExpired:       {"the certificate of %s is not valid now, only from and until %s\nset this machine's clock if it is wrong; else the owner of that host has to renew the certificate", "%s 的证书现在不在有效期内（有效期 %s）\n如本机时钟有误请校准；否则请该主机的负责人为证书续期"},
	NetWrongName:     {"the certificate that %s shows is for other hosts (%s)\ncheck --endpoint, DNS and proxy: another host answers there", "%s 出示的证书属于其他主机（%s）\n请检查 --endpoint、DNS 和代理：应答的是另一台主机"},
	NetNoAuthorities: {"the certificate of %[1]s cannot be judged: this machine has no certificates of authorities (CA bundle)\ninstall the package ca-certificates, or name a file in SSL_CERT_FILE", "无法核验 %[1]s 的证书：本机没有根证书（CA）\n请安装 ca-certificates 软件包，或用 SSL_CERT_FILE 指定文件"},
	NetHandshake:     {"%s and axgbind find no TLS in common (%s)\nTLS 1.2 or newer is wanted: check port and scheme of --endpoint and the proxy, or have what stands between brought up to date", "与 %s 无法协商 TLS（原文：%s）\n需要 TLS 1.2 或更高版本：请检查 --endpoint 和代理的端口与协议，或升级中间设备"},
	NetProxyPassword: {"the proxy %[1]s wants a user and a password, or refuses those given (HTTP 407)\nset HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT", "代理 %[1]s 要求用户名和密码，或拒绝了所给的（HTTP 407）\n请把 HTTPS_PROXY 设为 http://用户名:密码@主机:端口"},
	NetProxyURL:      {"%[1]s is not the address of a proxy\nset it to http://HOST:PORT, or unset it", "%[1]s 不是代理的地址\n请设为 http://主机:端口，或取消该变量"},
	NetProxyDown:     {"no connection to the proxy %s (%s)\nstart the proxy, or set HTTPS_PROXY to one that runs", "无法连接代理 %s（原文：%s）\n请启动代理，或把 HTTPS_PROXY 设为可用的代理"},
	NetProxyRefuses:  {"the proxy %s does not connect to the service (%s)\nhave its owner allow host and port of the endpoint", "代理 %s 不肯连接服务端（%s）\n请代理的负责人放行服务地址的主机和端口"},
	NetName:          {"the name of %[1]s is not resolved\ncheck --endpoint and this machine's DNS; where only a proxy leads out, set HTTPS_PROXY", "%[1]s 的域名解析失败\n请检查 --endpoint 和本机 DNS；如只能经代理访问外网，请设置 HTTPS_PROXY"},
	NetRefused:       {"%[1]s refuses connections\ncheck --endpoint and firewalls; where only a proxy leads out, set HTTPS_PROXY", "%[1]s 拒绝连接\n请检查 --endpoint 和防火墙；如只能经代理访问外网，请设置 HTTPS_PROXY"},
	NetNoRoute:       {"there is no route to %[1]s\ncheck this machine's network; where only a proxy leads out, set HTTPS_PROXY", "没有到 %[1]s 的路由\n请检查本机网络；如只能经代理访问外网，请设置 HTTPS_PROXY"},
	NetTimeout:       {"no connection to %[1]s in time\ncheck network and firewalls; where only a proxy leads out, set HTTPS_PROXY", "未能及时连上 %[1]s\n请检查网络和防火墙；如只能经代理访问外网，请设置 HTTPS_PROXY"},
	NetCut:           {"connections to %[1]s are closed before they can be used\ncheck --endpoint, the proxy and firewalls", "与 %[1]s 的连接在可用之前就被关闭\n请检查 --endpoint、代理和防火墙"},
	NetOther:         {"no connection to %s (%s)\ncheck network and proxy", "无法连接 %s（原文：%s）\n请检查网络和代理"},
	NetThrough:       {"%s (through the proxy %s)", "%s（经代理 %s）"},
	ReasonUnreached:  {"The call was not sent, no byte of it left this machine: %s.", "请求未发送，没有任何字节离开本机：%s。"},
	ActionUnreached:  {"Nothing was executed; the row is PENDING. Do this, then run again: %s.", "请求未被执行，该行记为未发送。请先处理，再重新运行：%s。"},
	SayNetwork:       {"network: %s; %s", "网络：%s；%s"},
	SayNetworkWaits:  {"network: %s; axgbind keeps trying; %s", "网络：%s；程序会继续尝试；%s"},
	SayNetworkBack:   {"network: the service is reached again", "网络：已重新连上服务端"},
	OnlineUnreached:  {"online: the service cannot be reached: %s; %s", "联机检查：无法到达服务端：%s；%s"},
	ErrUnreached:     {"the service cannot be reached: %s; nothing was sent\n%s; then run again", "无法到达服务端：%s；未发送任何请求\n%s；然后重新运行"},
	ErrUnreachedLate: {"the service cannot be reached any more: %s\n%s; then run again", "已无法到达服务端：%s\n%s；然后重新运行"},
	OddBegins:        {"%s, begins \"%s\"", "%s，开头为 \"%s\""},
	OddEmpty:         {"%s, empty", "%s，内容为空"},

	SumSimulated:   {"simulated: nothing was bound at the real service", "演练：没有在真实服务上绑定任何号码"},
	SumRows:        {"rows", "行数"},
	SumShare:       {"share", "占比"},
	SumRenewed:     {"%d rows renewed a live binding (%d UpdateSubscription calls)", "续期 %d 行（UpdateSubscription %d 次）"},
	SumReleased:    {"%d rows were bound and have been released since", "%d 行曾绑定，之后已解绑"},
	SumLooks:       {"%d look-ups", "查询 %d 次"},
	SumGone:        {"%d settled rows of the journal are no longer in the input", "台账（journal）中有 %d 行已有结果，但不在本次输入里"},
	SumGoneUnknown: {"rows that left the input while UNKNOWN, and so may be bound: %d (axgbind reconcile)", "已不在输入里但结果未知（UNKNOWN）、可能已绑定的行：%d（请用 axgbind reconcile 对账）"},
	SumEnded:       {"bound rows whose binding has ended at its Expiration: %d", "BOUND 中绑定已到期的行：%d"},
	SumAlready:     {"bound rows that take a binding of another row or batch as theirs: %d", "BOUND 中沿用其他行或其他批次绑定的行：%d"},
	SumCalls:       {"%d calls in %s, retries %d, throttled %d, average %.1f/s, peak %d/s, limit %g/s", "%d 次调用，用时 %s，重试 %d，限流 %d，平均 %.1f/s，峰值 %d/s，上限 %g/s"},
	SumLatency:     {"p50 %s, p95 %s, p99 %s, max %s", "p50 %s，p95 %s，p99 %s，最大 %s"},
	SumFailures:    {"what needs attention", "需要关注"},
	SumLine:        {"line %s", "行 %s"},
	SumLines:       {"lines %s", "行 %s"},
	SumMore:        {" and %d more", " 等，另有 %d 行"},
	SumWarnings:    {"%d rows with warnings", "%d 行有警告"},
	SumResults:     {"results", "结果"},
	SumSameInput:   {"the input has the same bytes as on %s (Beijing time, batch %s): is it yesterday's file?", "输入与 %s（北京时间，批次 %s）的输入逐字节相同：是否误用了昨天的文件？"},
	SumFailed:      {"to correct", "待更正"},
	SumJournal:     {"journal", "台账"},
	SumStop:        {"stopped: %s", "停止原因：%s"},
	SumCode:        {" (%s)", "（%s）"},
	SumCause:       {"cause: %s", "原因：%s"},
	SumFailure:     {"%d %s %s: %s (%s) -> %s", "%d %s %s：%s（%s）-> %s"},
	SumValid:       {"valid", "有效"},
	SumUnbalanced:  {"the counts do not balance: %d rows counted, %d read; please report this", "计数不平：统计 %d 行，读入 %d 行；请反馈此问题"},
	SumMoreCodes:   {"… and %d more codes, see the results", "……另有 %d 种错误码，见结果文件"},

	Exit0:           {"every row is bound", "全部绑定成功"},
	CureAllowEmpty:  {"where a file without rows is right, give --allow-empty", "没有数据行属于正常情况时，请加 --allow-empty"},
	Exit0Empty:      {"the input has a header and no rows: nothing to do", "输入文件只有表头，没有数据行：无需处理"},
	Exit0Check:      {"every row is valid; nothing was sent", "全部行有效，未发送任何请求"},
	Exit1:           {"internal or I/O error; what was sent is recorded", "内部或读写错误；已发送的都有记录"},
	Exit1Lost:       {"internal or I/O error; what was sent stands in the rescue lines above, and not in the journal", "内部或读写错误；已发送的结果见上面以 \"rescue:\" 开头的行，台账（journal）中没有"},
	Exit1Journal:    {"the journal has the fault that is named above; nothing was sent", "台账（journal）有上述问题；未发送任何请求"},
	Exit3:           {"finished; some rows %s", "已完成；部分行%s"},
	Exit3Failed:     {"were refused", "被拒绝"},
	Exit3Invalid:    {"are invalid", "无效"},
	Exit3Held:       {"are held back for someone to decide (HELD)", "暂不发送、等人决定（HELD）"},
	Exit3And:        {"%s, some %s", "%s，部分%s"},
	Exit3Any:        {"were refused, are invalid or are held back", "被拒绝、无效或暂不发送"},
	Exit3Check:      {"some rows %s; nothing was sent", "部分行%s，未发送任何请求"},
	Exit4:           {"some rows are UNKNOWN: they were sent, and nobody knows whether they are bound", "部分行结果未知（UNKNOWN）：已发送，但不知道是否绑定成功"},
	Exit4Gone:       {"rows that left the input are UNKNOWN: %d; they were sent, and nobody knows whether they are bound", "已不在输入里的行中有 %d 行结果未知（UNKNOWN）：已发送，但不知道是否绑定成功"},
	Exit5:           {"some rows are PENDING: they were not executed", "部分行未发送（PENDING）：没有执行，再次运行即可"},
	Exit5Begun:      {"some rows are PENDING: their change or release may be done already; running again is safe", "部分行未确认（PENDING）：变更或解绑可能已执行，可以放心再次运行"},
	Exit5Check:      {"the service could not be asked; nothing was sent", "未能向服务端查询；未发送任何请求"},
	Exit6:           {"the input was refused; nothing was sent", "输入文件被拒绝，未发送任何请求"},
	Exit7Clock:      {"the service refuses every call, since this machine's clock is off; do not retry before it is set", "本机时钟不准，服务拒绝所有调用；校准之前不要重试"},
	Exit7Token:      {"the service refuses every call, since the temporary key has expired; do not retry before it is renewed", "临时密钥已过期，服务拒绝所有调用；更新之前不要重试"},
	Exit7:           {"the service refuses the account; do not retry, call its owner", "服务拒绝了该账号；不要重试，请联系账号负责人"},
	Exit8:           {"too many failures; find the cause before going on", "失败过多；先查明原因再继续"},
	Exit10:          {"usage or configuration error; nothing was sent", "用法或配置错误，未发送任何请求"},
	Exit11:          {"another run holds the journal; nothing was sent", "另一个运行正在使用该台账（journal），未发送任何请求"},
	Exit129:         {"the terminal or connection was lost; drained; rows left are PENDING", "终端或连接已断开，已收尾；剩余的行未发送（PENDING）"},
	Exit130:         {"interrupted after draining; rows left are PENDING", "已中断并收尾；剩余的行未发送（PENDING）"},
	Exit143:         {"ended on request after draining; rows left are PENDING", "已按要求结束并收尾；剩余的行未发送（PENDING）"},
	ExitLine:        {"status %d: %s", "状态 %d：%s"},
	NextLine:        {"next: %s", "下一步：%s"},
	NextRescued:     {"keep the rescue lines, and do what the cure above says before the next run", "保存以 \"rescue:\" 开头的行，下次运行之前按上面的办法处理"},
	NextSweep:       {"find the rest on the complete list of the pool's X numbers: %s", "用号池的完整中间号清单查找其余的行：%s"},
	NextBind:        {"bind the rows that are known not to be bound: %s", "发送已确认未绑定的行：%s"},
	NextProve:       {"bind the rows that are left, which shows whether look-ups tell of bindings in this pool: %s; then find out about the rows UNKNOWN: %s", "先发送剩余的行，借此验证该号池的查询是否可信：%s；再查明结果未知（UNKNOWN）的行：%s"},
	NextProveAny:    {"bind any row of this pool, from another file; then: %s", "先用另一个文件绑定该号池的任意一行；然后运行：%s"},
	NextGoneBack:    {"put the rows that left back into the input and run this again; then find out what became of them: %s", "把移走的行放回输入，再运行一次；然后查明它们是否绑定：%s"},
	NextGone:        {"find out what became of the rows that left the input: %s", "查清已不在输入里的行是否绑定：%s"},
	NextAgain:       {"it is safe to run the same command again: %s", "可以放心再次运行同一命令：%s"},
	NextAgainSame:   {"it is safe to run the same command again", "可以放心再次运行同一命令"},
	NextCapacity:    {"free X numbers of the pool, or add some; then it is safe to run the same command again: %s", "在号池中空出或增加中间号；之后可以放心再次运行同一命令：%s"},
	NextNetwork:     {"mend what keeps the calls from the service; then it is safe to run the same command again: %s", "先排除使请求无法到达服务端的原因；之后可以放心再次运行同一命令：%s"},
	NextThrottled:   {"find out what else uses up the calls of the account, or set a lower --rate; then it is safe to run the same command again: %s", "查明该账号的调用额度还用在何处，或调低 --rate；之后可以放心再次运行同一命令：%s"},
	NextTrouble:     {"when the service answers as it should, it is safe to run the same command again: %s", "待服务端恢复正常后，可以放心再次运行同一命令：%s"},
	NextLookups:     {"have the owner of the account allow the look-ups; then it is safe to run the same command again: %s", "请账号负责人放开查询权限；之后可以放心再次运行同一命令：%s"},
	NextRehearse:    {"a rehearsal begins anew each time, and goes on with no other; all of it: %s", "演练每次从头开始，不接续上一次；完整演练：%s"},
	NextResend:      {"mend the cause, as column %[2]s in %[1]s says; after that, for the rows that were refused and the rest: %[3]s", "先按 %[1]s 的 %[2]s 列消除原因；然后重发被拒绝的行并发送其余的行：%[3]s"},
	WordsSame:       {"the same command", "同一命令"},
	WordsSameWith:   {"the same command with %s", "同一命令加 %s"},
	WordsSameOn:     {"the same command with %s as INPUT, without -o, --failed and --summary", "同一命令，输入改为 %s，去掉 -o、--failed 和 --summary"},
	WordsBindAgain:  {"bind on its input, with -o and the path of its results", "用其输入运行 bind，-o 为其结果文件的路径"},
	WordsReconcile:  {"the command reconcile on the results of this batch%s", "用 reconcile 命令对账，给出本批次的结果%s"},
	NextCorrect:     {"correct the rows in %s and run: %s", "更正 %s 中的行后运行：%s"},
	NextCorrectRows: {"see column %[3]s in %[1]s; correct the rows and run: %[2]s", "查看 %[1]s 的 %[3]s 列，更正后运行：%[2]s"},
	NextHeld:        {"column %[3]s in %[1]s says what to do about the rows HELD; what their code means: %[2]s", "暂不发送（HELD）的行如何处理，见 %[1]s 的 %[3]s 列；错误码的含义：%[2]s"},
	NextHeldSkip:    {"decide about the bindings that hold the rows back; what the code means: %[1]s; to take them as these rows', without a call: %[2]s; to change them to these rows: %[3]s", "决定如何处理占着位置的绑定；错误码的含义：%[1]s；原样沿用这些绑定，不发送请求：%[2]s；按本次的行续期：%[3]s"},
	NextHeldDoubt:   {"calls whose answers were lost hold the rows back; find out what became of them: %s; then again: %s", "有应答丢失的调用占着这些行的位置；查明其结果：%s；再运行：%s"},
	NextHeldRenew:   {"the bindings that hold the rows back cannot be changed to these rows, as column %[2]s in %[1]s says; to take them as they are, without a call: %[3]s; to bind a further X number for each: %[4]s", "占着位置的绑定无法按本次的行续期，原因见 %[1]s 的 %[2]s 列；原样沿用这些绑定，不发送请求：%[3]s；各行另占一个中间号：%[4]s"},
	NextHeldAnother: {"the bindings that hold the rows back can be neither taken nor changed; column %[2]s in %[1]s says what they are; to bind a further X number for each: %[3]s", "占着位置的绑定既不能沿用也不能续期，情况见 %[1]s 的 %[2]s 列；各行另占一个中间号：%[3]s"},
	NextHeldBeyond:  {"no value of --when-bound helps the rows HELD; column %[3]s in %[1]s says what does; what their code means: %[2]s", "暂不发送（HELD）的行无法用 --when-bound 处理，办法见 %[1]s 的 %[3]s 列；错误码的含义：%[2]s"},
	NextHeldEnded:   {"the bindings of the rows HELD have ended, and their places are free at %s (Beijing time); run then: %s; or at once, for a further X number each: %s", "暂不发送（HELD）的行，其位置上的绑定均已到期，最迟 %s（北京时间）空出，届时运行：%s；急需时立即另占中间号：%s"},
	NextHeldUntold:  {"the places of the rows HELD are free at %s (Beijing time) by the service's time, and it is later by this machine's clock alone; when the service answers, run: %s; if they are HELD all the same, set the clock (NTP)", "暂不发送（HELD）的行，其位置按服务端时间最迟 %s（北京时间）空出，目前仅按本机时钟已过此时；待服务端有应答时运行：%s；若仍为 HELD，请校准本机时钟（NTP）"},
	NextHeldToo:     {"the rows HELD want a decision; what their code means: %s", "暂不发送（HELD）的行等人决定；错误码的含义：%s"},
	NextUnknown:     {"nothing sends them again unasked; find out what became of them%[2]s: %[1]s; to send them again all the same, which may take a second X number each: %[3]s", "这些行不会自动重发；请先对账%[2]s：%[1]s；确需重发（每行可能再占一个中间号）：%[3]s"},
	NextUnsettled:   {"find out what became of the rows UNKNOWN: %s; then again: %s", "先查明结果未知（UNKNOWN）的行：%s；再运行：%s"},
	NextNeedsList:   {" (for rows that name no X add --x-numbers LIST.csv, the pool's X numbers)", "（未指定 X 的行需加 --x-numbers LIST.csv，即号池的中间号清单）"},
	NextClockSlow:   {"set this machine's clock (NTP): it is %s slow by the service's Date; then: %s", "请校准本机时钟（NTP）：按服务端的 Date，本机慢了 %s；然后运行：%s"},
	NextClockFast:   {"set this machine's clock (NTP): it is %s fast by the service's Date; then: %s", "请校准本机时钟（NTP）：按服务端的 Date，本机快了 %s；然后运行：%s"},
	NextClock:       {"set this machine's clock (NTP), and see that nothing holds calls up on their way for minutes; then: %s", "请校准本机时钟（NTP），并检查请求在途中是否被拖延数分钟；然后运行：%s"},
	NextToken:       {"set a fresh key where this one came from, AccessKey id, secret and security token from one issue, or use a RAM role; then: %s", "请在原处更新密钥（同一次签发的 AccessKey ID、Secret 和 SecurityToken），或改用 RAM 角色；然后运行：%s"},
	SpanMinutes:     {"%d minutes", "%d 分钟"},
	SpanHours:       {"%d hours", "%d 小时"},
	SpanDays:        {"%d days", "%d 天"},
	NextOwner:       {"have the owner of the account mend it, then: %s", "请账号负责人处理后运行：%s"},

	StartNew:           {"%d rows, %d to send, at most %g calls/s", "共 %d 行，待发送 %d 行，每秒最多 %g 次调用"},
	StartJournal:       {"journal %s: last run %s, live bindings: %d", "台账 %s：上次运行 %s，有效绑定 %d 个"},
	StartKilled:        {"that run has no end in the journal: it was killed, its machine stopped, or the disk was full; what it sent is recorded, and no row is bound twice for it", "该次运行在台账中没有结束记录：被终止、停机或磁盘已满；已发送的都有记录，不会因此重复绑定"},
	StartResume:        {"%d settled, %d new, %d held, %d gone", "已有结果 %d 行，新增 %d 行，暂不发送 %d 行，已不在输入中 %d 行"},
	StartTorn:          {"the journal's last record was torn by a crash: %d bytes dropped; nothing was sent on its strength", "journal 末尾有一条因崩溃未写完的记录，已丢弃 %d 字节；它对应的请求没有发出"},
	StartWithheld:      {"rows with a code that --resend names which are UNKNOWN, and so are not sent: %d (only --resend unknown sends those)", "含 --resend 所给错误码、但结果未知而未发送的行：%d（只有 --resend unknown 才会发送）"},
	StartHeld:          {"rows held back because of other live bindings: %d (see results)", "因已有其他有效绑定而未发送的行：%d（见结果文件）"},
	StartUnproven:      {"rows held back because this file tells of calls for them that the journal does not know: %d (see results)", "因文件表明已发送过、而台账没有记录而暂不发送的行：%d（见结果文件）"},
	StartHeldOver:      {"rows held back because a binding in their place ended less than 24 hours ago: %d (see results)", "因位置上的绑定到期未满 24 小时而未发送的行：%d（见结果文件）"},
	StartEnded:         {"bound rows whose binding has ended at its Expiration: %d; they stay as they are", "绑定已到期的已绑定行：%d，保持不变"},
	StartRenew:         {"%d rows renew a live binding (UpdateSubscription); they take no new X number", "%d 行为已有绑定续期（UpdateSubscription），不占用新的中间号"},
	StartReconcile:     {"%d rows are UNKNOWN: %d are looked up by their X, %d name none and can only be found on a list of X numbers", "结果未知 %d 行：其中 %d 行按 X 查询，%d 行未指定 X，只能按中间号清单查找"},
	SayNeedsList:       {"give the list of the pool's X numbers with --x-numbers to find the others", "用 --x-numbers 给出号池的中间号清单，即可查找其余的行"},
	SaySweepWaits:      {"waiting %s, until no call of these rows can be executed late", "等待 %s，以免这些行的请求迟到执行"},
	OnlineKey:          {"online: asking %s with key %s, once, by a call that changes nothing", "联机检查：用密钥 %[2]s 向 %[1]s 查询一次，不做任何更改"},
	OnlineNoPool:       {"online: no pool key is given, so the pool is not asked about", "联机检查：未给出号池 Key，不检查号池"},
	OnlineClock:        {"online: the clocks agree within a minute", "联机检查：时钟相差在一分钟以内"},
	OnlineAhead:        {"online: the service's clock is %s ahead of this machine's; it refuses calls that are 15 minutes off: set the clock (NTP)", "联机检查：服务端时钟比本机快 %s；相差 15 分钟的请求会被拒绝，请校准时钟（NTP）"},
	OnlineBehind:       {"online: the service's clock is %s behind this machine's; it refuses calls that are 15 minutes off: set the clock (NTP)", "联机检查：服务端时钟比本机慢 %s；相差 15 分钟的请求会被拒绝，请校准时钟（NTP）"},
	OnlineFine:         {"online: the service answers, and takes the key; if a pool was asked about, it knows it", "联机检查：服务端有应答并接受密钥；如检查了号池，号池存在"},
	OnlineRefused:      {"online: %s: %s (%s)", "联机检查：%s：%s（%s）"},
	OnlineUntold:       {"online: cannot be told without binding: whether the key may call BindAxg, whether the groups exist and hold numbers, how many X numbers are free", "联机检查：不绑定就无法得知：密钥能否调用 BindAxg，分组是否存在且有号码，空闲中间号有多少"},
	SayVerifyUnlike:    {"%d rows that these results call BOUND are not compared: their cells are no longer those that were sent (first: line %d)", "%d 行在结果文件中为 BOUND，但内容已不是当时发送的内容，未作核对（首个：第 %d 行）"},
	SayVerifyNoID:      {"%d BOUND rows cannot be asked about: SubsId, SecretNo or PoolKey is missing or damaged (first: line %d)", "%d 行 BOUND 无法核对：SubsId、SecretNo 或 PoolKey 缺失或已损坏（首个：第 %d 行）"},
	SayVerifyLost:      {"%d rows got no answer; run again", "%d 行未得到应答，请再次运行"},
	SayVerifyUnproven:  {"%d rows are shown as gone, which is not believed, for no other binding of their pool is shown as it is known; run again later", "%d 行查询显示已不存在，但同号池已知的其他绑定也没有如实显示，因此不采信；请稍后再次运行"},
	SayVerifyUnread:    {"not compared, for the service does not show it (in how many rows): %s", "服务端未返回，未比较的字段（涉及行数）：%s"},
	SayVerified:        {"%d rows BOUND: %d equal at the service, %d different, %d without answer, %d that cannot be asked about, %d past their Expiration and not asked about", "BOUND %d 行：与服务端一致 %d，不一致 %d，无应答 %d，无法核对 %d，已过期（未查询）%d"},
	VerifyLine:         {"line %d: %s: %s (SubsId %s)", "第 %d 行：%s：%s（SubsId %s）"},
	VerifyDiffers:      {"the row says \"%s\", the service has \"%s\"", "本行为 \"%s\"，服务端为 \"%s\""},
	VerifyDiffersCure:  {"correct the row, or change the binding: axgbind update", "更正本行，或用 axgbind update 更新绑定"},
	VerifyGone:         {"there is no live binding %[1]s on %[2]s (%[3]s)", "%[2]s 上没有有效的绑定 %[1]s（%[3]s）"},
	VerifyGoneCure:     {"it was released before its Expiration, or was given an earlier one; if A still needs a number, bind it under a new Expiration", "绑定在过期之前已解绑，或过期时间被改早；A 号仍需要中间号时，用新的过期时间重新绑定"},
	StartRelease:       {"%d rows: %d to release, %d released already, %d not bound or not selected", "%d 行：待解绑 %d，此前已解绑 %d，未绑定或未选中 %d"},
	StartOthers:        {"left alone: %d rows whose bindings belong to batch %s (results %s): %s", "未处理：%d 行的绑定属于批次 %s（结果 %s）：%s"},
	StartOlder:         {"left alone: %[1]d rows whose bindings batch %[2]s renewed after %[3]s was written: list what it has now: axgbind status %[2]s --bindings > LIST.csv, then: axgbind %[4]s LIST.csv", "未处理：%[1]d 行的绑定在 %[3]s 写出之后已由批次 %[2]s 续期：先列出现有的绑定：axgbind status %[2]s --bindings > LIST.csv，再运行：axgbind %[4]s LIST.csv"},
	StartOthersMay:     {"left alone: %d rows whose bindings batch %s (results %s) may have renewed: settle it first, by running that batch again: %s", "未处理：%d 行的绑定可能已由批次 %s（结果 %s）续期：请先重新运行该批次以确定归属：%s"},
	StartRenewedOnly:   {"left alone: %d rows whose bindings batch %s made (results %s) and this batch renewed: add --renewed", "未处理：%d 行的绑定由批次 %s 创建（结果 %s），本批次只是续期：如要处理，加 --renewed"},
	StartForeign:       {"left alone: %d rows whose bindings no batch of the journal is known to have made: add --foreign, and each is proven by a look-up first", "未处理：%d 行的绑定在台账中没有已知的创建批次：如要处理，加 --foreign，会先逐一查询证实"},
	StartUnsettled:     {"left alone: %d rows UNKNOWN, of which nobody knows whether they have a binding: %s", "未处理：%d 行结果未知（UNKNOWN），不知道是否有绑定：%s"},
	ReleaseTitle:       {"%d bindings of %s would be released", "将解绑 %[2]s 中的 %[1]d 条绑定"},
	ReleaseHead:        {"bindings\tPoolKey\tGroupId\tends", "绑定数\t号池\t分组\t到期日"},
	ReleaseMore:        {"and %d more combinations", "另有 %d 种组合"},
	SayNoneLive:        {"no binding of this batch lives: each was released already, or has lapsed", "本批次没有有效的绑定：此前均已解绑，或已过期"},
	SayNoUnknown:       {"no batch has an UNKNOWN row", "没有批次含有结果未知（UNKNOWN）的行"},
	NextReleaseAgain:   {"run the unbind that was begun once more; column %[2]s of %[1]s says for which rows", "请再次运行已开始的解绑（unbind）；涉及的行见 %[1]s 的 %[2]s 列"},
	NextRelease:        {"release them: %s", "执行解绑：%s"},
	NextTried:          {"bind the file: %s", "绑定整个文件：%s"},
	SayKeptResults:     {"UNKNOWN rows of the results that stand there are not in this input: those results are kept as %s", "原结果文件中有结果未知（UNKNOWN）的行不在本次输入中，原结果已另存为 %s"},
	SayNewBatch:        {"%s: no row that batch %s sent is in this input: a new batch begins; the old one left PENDING %d, UNKNOWN %d", "%s：此处原为批次 %s 的结果，它发送过的行均不在本次输入中：开始新批次；旧批次留下 PENDING %d 行、UNKNOWN %d 行"},
	SayRecognised:      {"%s: the rows of batch %s, whose results were %s", "%s：批次 %s 的行，其结果文件原为 %s"},
	SayFromInput:       {"batch %s has no results at %s: its rows are read from its input %s", "批次 %s 在 %s 没有结果文件：从其输入 %s 读取各行"},
	SayNoJournal:       {"no journal at %s: every row counts as new", "%s 处没有台账（journal）：各行均按新行计"},
	SayPlan:            {"plan: rows %d: new %d, bound already %d, held %d, to renew %d, unknown %d; gone %d", "计划：共 %d 行：新增 %d，已绑定 %d，暂不发送 %d，待续期 %d，结果未知 %d；已不在输入中 %d"},
	Exit0Unbind:        {"every binding is released", "全部解绑完成"},
	Exit0UnbindNone:    {"nothing to release: no row was selected", "没有选中任何行，无需解绑"},
	Exit0Ended:         {"every row was bound, or was released; the bindings of %d have ended at their Expiration", "各行均已绑定或已解绑，其中 %d 行的绑定已到期"},
	Exit0Released:      {"every row is bound, or was released", "各行均已绑定，或已解绑"},
	Exit0DryUnbind:     {"nothing was released yet", "尚未解绑任何绑定"},
	Exit3DryUnbind:     {"some rows cannot be released; nothing was released yet", "部分行无法解绑；尚未解绑任何绑定"},
	Exit0Plan:          {"nothing was sent", "未发送任何请求"},
	Exit3Plan:          {"some rows would not be sent as they are; nothing was sent", "部分行照现在这样不会发送；未发送任何请求"},
	Exit4PlanGone:      {"rows that left the input are UNKNOWN; nothing was sent", "已不在输入里的行中有结果未知（UNKNOWN）的；未发送任何请求"},
	Exit4Plan:          {"some rows are UNKNOWN; nothing was sent", "部分行结果未知（UNKNOWN）；未发送任何请求"},
	Exit0VerifyNone:    {"no row is BOUND: nothing was compared", "没有 BOUND 行，未作任何核对"},
	Exit0Verify:        {"every BOUND row that has not lapsed is equal to what the service shows of its binding", "未过期的 BOUND 行与服务端返回的绑定信息全部一致"},
	Exit3Verify:        {"some BOUND rows are not what the service has", "部分 BOUND 的行与服务端不一致"},
	Exit5Verify:        {"some BOUND rows got no answer; run again", "部分 BOUND 的行未得到应答，请再次运行"},
	SayAskFree:         {"asking which of the %d X numbers on the list are free; nothing is bound meanwhile", "正在查询清单中 %d 个中间号哪些空闲，期间不会绑定"},
	SayFree:            {"free X numbers for %d of %d rows (%d requests)", "%[2]d 行中有 %[1]d 行分到空闲中间号（查询 %[3]d 次）"},
	SayFreeLost:        {"%d X numbers gave no answer and are not used", "%d 个中间号未查询到状态，不使用"},
	SayShort:           {"too few free X numbers on the list: %s: %d rows, %d numbers; the rest stays PENDING", "清单中空闲中间号不足：%s：%d 行，%d 个号码；其余行保持未发送"},
	SayMoreShort:       {"... and %d more cities or pools with too few", "……另有 %d 个城市或号池号码不足"},
	SayAsked:           {"asked %d of %d", "已查询 %d / %d"},
	SaySwept:           {"swept the list for %d rows: %d are bound, %d are not bound, %d stay UNKNOWN", "按清单对账 %d 行：已绑定 %d，未绑定 %d，仍结果未知 %d"},
	SaySweptTwice:      {"%d BINDINGS TOO MANY: column Reason names their SubsId and X, and %s lists them; what would be released: %s", "重复绑定 %d 条：Reason 列给出其 SubsId 和中间号，清单为 %s；查看将解绑的内容：%s"},
	SaySweptLost:       {"%d X numbers could not be asked, so no row was called not bound; run again", "%d 个中间号未能查询，因此没有判定任何行为未绑定；请再次运行"},
	SaySweptUnlisted:   {"the list holds no X number of pool %s, so no row of it was called not bound", "清单中没有号池 %s 的中间号，因此没有判定该号池的任何行为未绑定"},
	SaySweptUnproven:   {"no binding of pool %s is known to live that was made after the lost calls, or shortly before, so no row of it was called not bound; bind one row of this pool, then run this again", "号池 %s 没有在丢失的请求之后（或之前不久）创建的已知绑定可供验证，因此没有判定该号池的任何行为未绑定；请先绑定该号池的一行，再运行本命令"},
	SaySweptDistrusted: {"look-ups of pool %s do not show bindings that are known to live, or contradict each other, so no row of it was called not bound; run this again later; if it stays so, ask the vendor", "号池 %s 的查询没有如实显示已知存在的绑定，或前后矛盾，因此没有判定该号池的任何行为未绑定；请稍后再运行本命令，若一直如此请咨询服务商"},
	SaySweptForeign:    {"the list is not complete: this batch has got %d X numbers that it does not hold, so no row was called not bound", "清单不完整：本批次得到过清单之外的 %d 个中间号，因此没有判定任何行为未绑定"},
	StartLearned:       {"an earlier run of this journal was throttled at %.4g calls/s; starting just below and going up from there", "此前的运行在每秒 %.4g 次时被流控，本次从略低处开始，再逐步提高"},
	StartLook:          {"looking up %d rows whose outcome is unknown and whose X is named", "正在查询 %d 个结果未知且指定了中间号的行"},
	SayLookBarred:      {"the service does not allow look-ups (%s): lost answers stay UNKNOWN; grant dypls:QuerySubsId and dypls:QuerySubscriptionDetail", "服务不允许查询（%s）：丢失的应答保持结果未知；请授予 dypls:QuerySubsId 和 dypls:QuerySubscriptionDetail 权限"},
	SayLookUnproven:    {"no binding of pool %s is known to live by which its look-ups could be checked: what they do not show is not taken for gone; bind one row of this pool, then run this again", "号池 %s 没有可用来验证查询的已知绑定：未查到的绑定不视为不存在；请先绑定该号池的一行，再运行本命令"},
	SayLookDistrusted:  {"look-ups of pool %s do not show bindings that are known to live, or contradict each other: what they do not show is not taken for gone; run this again later; if it stays so, ask the vendor", "号池 %s 的查询没有如实显示已知存在的绑定，或前后矛盾：未查到的绑定不视为不存在；请稍后再运行本命令，若一直如此请咨询服务商"},
	SayLookLags:        {"look-ups of pool %s show new bindings late: waiting %s at most; it can be stopped meanwhile", "号池 %s 的查询显示新绑定较慢：至多等待 %s；可以随时中断"},
	SayLookMasked:      {"look-ups of pool %s hide the A number: they settle no row; ask the vendor to show it to this account", "号池 %s 的查询隐去了 A 号码，无法判定任何行；请联系服务商对本账号显示完整号码"},
	StartCompact:       {"journal compacted, %d MiB -> %d MiB", "台账（journal）已压缩，%d MiB -> %d MiB"},
	StartLeft:          {"%d rows that ended over %d days ago left the journal", "%d 行结束已超过 %d 天，已移出台账（journal）"},
	StartUntold:        {"the service did not tell its time (%s): what has ended by this machine's clock alone holds its rows back, and stays in the journal, until a later run", "未能从服务端得知其时间（%s）：仅按本机时钟已到期的绑定仍占用其位置，也不移出台账（journal），待以后的运行处理"},
	StartNotCompacted:  {"the disk has no room to write the journal anew, so it stays as it is: %s", "磁盘空间不足，无法重写台账（journal），本次保持原样：%s"},
	StartTaken:         {"rows that take a live binding as theirs: %d", "直接采用已有绑定的行：%d"},
	StartNothing:       {"nothing to send", "没有需要发送的行"},
	SayBrake:           {"the service is in trouble: no more rows are admitted, probing with one row at a time", "服务异常：暂停发送，每次用一行探测"},
	SayProbe:           {"probe %d of %d failed", "第 %d 次探测失败（共 %d 次）"},
	SayProbeFirst:      {"probe %d failed", "第 %d 次探测失败"},
	SayBrakeFree:       {"a probe succeeded, going on", "探测成功，继续发送"},
	SayFirstLost:       {"the first call of this run got no answer that can be read (%s): no other row is sent until the service answers", "本次运行的首次请求没有得到可识别的应答（%s）：服务恢复应答之前，不再发送其他行"},
	SayLookRefused:     {"the service refuses a look-up (%s): %s Rows whose binding it would prove are left as they are. %s", "服务拒绝查询（%s）：%s需要它来核实绑定的行保持不变。%s"},
	SayRetryAfter:      {"the service asks to wait %s (%s): no call is made until then", "服务端要求等待 %s（%s）：在此之前不发送请求"},
	SayWaitsCalls:      {"waiting %s for rows on whose bindings an earlier call may still be executed", "等待 %s：部分行的绑定上，先前的请求仍可能被执行"},
	SayStaleClock:      {"the service refuses the time of a call, which is this machine's (%s): the other rows wait until one row has tried once more", "服务拒绝请求的时间，即本机时间（%s）：其余行等待，先用一行再试一次"},
	SayStale:           {"the service calls the credential or the clock out of date (%s): the other rows wait until one row has tried with a fresh credential", "服务返回凭证已过期或时间不准（%s）：其余行等待，先用一行以新凭证重试"},
	SayRateCut:         {"slowed to %.1f calls/s: %.0f%% of answers were throttled", "降速到每秒 %.1f 次：%.0f%% 的应答被限流"},
	SayRateBack:        {"back to %.1f calls/s: slowing down did not help, %.0f%% of answers are throttled all the same", "恢复到每秒 %.1f 次：降速无效，仍有 %.0f%% 的应答被限流"},
	SayPlace:           {"no X numbers left in %s: its remaining rows stay PENDING", "%s 已无可用中间号：其余行未发送（PENDING）"},
	SayDraining:        {"stopping: no more rows are admitted, waiting for calls under way; a second signal leaves at once", "正在停止：不再发送新行，等待进行中的调用；再发一次信号立即退出"},
	SayLeaveAtOnce:     {"left at once; the journal suffices: run the same command again", "已立即退出；journal 记录完整，再次运行同一命令即可"},
	SayResultsBusy:     {"%s cannot be replaced (open in Excel?); trying for 10 s", "%s 无法替换（是否在 Excel 中打开？），重试 10 秒"},
	SayKeptNew:         {"until then the results are in %s", "在此之前，结果在 %s"},
	SayKeptBeside:      {"%s %s; it is kept, and the new one is %s", "%s %s，已保留；新文件为 %s"},
	SayInput:           {"input: %s, %s", "输入：%s，%s"},
	SayPrefixed:        {"the input has columns named like ours, so the results columns are called AxgLine, AxgStatus, ...", "输入中有同名列，结果列改名为 AxgLine、AxgStatus……"},
	SayUnread:          {"warning: column %[1]s (%[2]s) is not read and goes into no call; %[3]s", "提醒：%[1]s 列（%[2]s）不会被读取，也不会发送；%[3]s"},
	SayRemark:          {"note: %[1]s; %[2]s", "提示：%[1]s；%[2]s"},
	ColumnMap:          {"if it is %[1]s, add %[2]s", "如果它就是 %[1]s，请加上 %[2]s"},
	ColumnZone:         {"if it is %[1]s, turn its times into Beijing time and rename its header to %[1]s", "如果它就是 %[1]s，请先把时间换算为北京时间，再把表头改为 %[1]s"},
	ColumnRename:       {"if it is %[1]s, rename its header to %[1]s", "如果它就是 %[1]s，请把表头改为 %[1]s"},
	SayNoPool:          {"no pool key: bind will want --pool-key or a column PoolKey", "没有号池 Key：bind 需要 --pool-key 或 PoolKey 列"},
	SayNetworkFS:       {"%s is on a network file system: locks and fsync may not hold there; put it on a local disk with --journal", "%s 在网络文件系统上，锁和落盘可能不可靠；请用 --journal 放到本地磁盘"},

	TrialTitle:       {"First contact of axgbind %s with %s, %s\npool %s, X number %s, SubsId %s\n", "axgbind %s 与 %s 的首次接触，%s\n号池 %s，中间号 %s，SubsId %s\n"},
	TrialSimulated:   {"This was a simulated run: it says nothing of the real service.", "本次为演练，不代表真实服务。"},
	TrialHolds:       {"holds", "成立"},
	TrialDiffers:     {"DIFFERS", "不符"},
	TrialNotSeen:     {"not seen", "未见"},
	TrialLine:        {"%s: %s", "%s：%s"},
	TrialTotal:       {"%d hold, %d differ, %d were not seen", "成立 %d，不符 %d，未见 %d"},
	TrialUntried:     {"Not tried, for it would take a second X number: whether one A may have several, and what a second BindAxg of the same A and X answers.", "未试（会多占一个中间号）：一个 A 能否有多个中间号；同一 A、X 再次 BindAxg 的应答。"},
	SaysDate:         {"answers tell the service's time (header Date)", "应答带有服务端时间（Date 头）"},
	SaysClock:        {"this machine's clock is the service's, to a minute", "本机时钟与服务端相差不超过一分钟"},
	SaysSubsID:       {"BindAxg gives a SubsId of 16 digits, as text", "BindAxg 返回 16 位数字文本的 SubsId"},
	SaysShown:        {"QuerySubsId shows a new binding at once", "QuerySubsId 立即能查到新绑定"},
	SaysListed:       {"QuerySubsId names the SubsId that BindAxg gave, and no other", "QuerySubsId 返回的正是 BindAxg 给出的 SubsId，别无其他"},
	SaysDetail:       {"QuerySubscriptionDetail shows the binding that was asked about", "QuerySubscriptionDetail 返回所查的绑定"},
	SaysDetailA:      {"it shows A as it was sent", "其中 PhoneNoA 与所发一致"},
	SaysDetailB:      {"it shows B as it was sent", "其中 PhoneNoB 与所发一致"},
	SaysDetailGroup:  {"it shows GroupId as it was sent", "其中 GroupId 与所发一致"},
	SaysExpires:      {"it shows ExpireDate in Beijing time, to the second", "其中 ExpireDate 为北京时间，精确到秒"},
	SaysCreated:      {"it shows GmtCreate in Beijing time, as the call was made", "其中 GmtCreate 为北京时间，与调用时刻相符"},
	SaysLive:         {"it shows Status 1 for a live binding", "有效绑定的 Status 为 1"},
	SaysRest:         {"it shows NeedRecord, CallRestrict, ASRStatus, ASRModelId", "其中有 NeedRecord、CallRestrict、ASRStatus、ASRModelId"},
	SaysNoOutID:      {"it does not show OutId", "其中没有 OutId"},
	SaysNumberBound:  {"QuerySecretNoDetail shows SecretStatus 1 for an X that has a binding", "有绑定的中间号，QuerySecretNoDetail 的 SecretStatus 为 1"},
	SaysCertified:    {"its CertifyStatus is 1", "其 CertifyStatus 为 1"},
	SaysWrongID:      {"a look-up of a SubsId that is not of this X is isv.SUBS_NOT_EXIST", "查询不属于该中间号的 SubsId，返回 isv.SUBS_NOT_EXIST"},
	SaysUnknownX:     {"a look-up of an X that is not of the pool is isv.NO_NOT_EXIST", "查询不属于该号池的中间号，返回 isv.NO_NOT_EXIST"},
	SaysUpdate:       {"UpdateSubscription changes Expiration", "UpdateSubscription 能修改 Expiration"},
	SaysUpdateShown:  {"look-ups show the change at once", "查询立即能看到该修改"},
	SaysUpdateAgain:  {"the same change made again is OK", "再做一次同样的修改返回 OK"},
	SaysRelease:      {"UnbindSubscription ends the binding", "UnbindSubscription 能解绑"},
	SaysFreed:        {"QuerySubsId shows at once that X is free", "解绑后 QuerySubsId 立即显示中间号空闲"},
	SaysFreeForm:     {"of a free X it answers OK with an empty SubsId", "空闲中间号返回 OK 和空的 SubsId"},
	SaysEnded:        {"a binding that has ended is shown with Status 0", "已结束的绑定显示 Status 0"},
	SaysUnbindAgain:  {"a second UnbindSubscription is isv.SUBS_NOT_EXIST", "再次解绑（UnbindSubscription）返回 isv.SUBS_NOT_EXIST"},
	SaysUpdateEnded:  {"an update of a binding that has ended is isv.FORBIDDEN_ACTION", "修改已结束的绑定返回 isv.FORBIDDEN_ACTION"},
	SaysNumberFree:   {"QuerySecretNoDetail shows SecretStatus 0 for a free X", "空闲中间号的 SecretStatus 为 0"},
	SeenNothing:      {"there was no answer to tell it", "没有可判断的应答"},
	SeenNotSent:      {"the row has none", "该行没有填写"},
	SeenValue:        {"%s", "%s"},
	SeenAbsent:       {"absent", "没有"},
	SeenNull:         {"null", "值为空"},
	SeenEmpty:        {"an empty text", "空文本"},
	SeenAhead:        {"the service's is %s ahead", "服务端快 %s"},
	SeenBehind:       {"the service's is %s behind", "服务端慢 %s"},
	SeenSameTime:     {"so it is", "相符"},
	SeenNoText:       {"no text", "不是文本"},
	SeenLength:       {"a text of %d characters", "%d 个字符的文本"},
	SeenAtOnce:       {"by the first look-up", "首次查询即可见"},
	SeenAfter:        {"only after %s", "%s 后才可见"},
	SeenNever:        {"not within %s", "%s 内一直未见"},
	SeenAsBound:      {"the same", "一致"},
	SeenSeveral:      {"%d of them", "共 %d 个"},
	SeenAnother:      {"another", "另一个值"},
	SeenOtherField:   {"another %s", "%s 不同"},
	SeenCode:         {"%s", "%s"},
	SeenLacks:        {"without %s", "缺少 %s"},
	SeenAsSent:       {"as it was sent", "一致"},
	SeenCountry:      {"with a country code before it", "前面多了国家代码"},
	SeenForm:         {"%s in another form", "%s 形式不同"},
	SeenMasked:       {"masked", "已打码"},
	SeenBeijing:      {"so it is", "相符"},
	SeenUTC:          {"in UTC", "世界时"},
	SeenAll:          {"so it does", "都有"},
	SeenThere:        {"it is there", "有"},
	SeenStatus:       {"Status %s", "Status %s"},
	MeansKnown:       {"axgbind knows this form too and takes it for the same", "axgbind 也认识这种形式，视为相同"},
	MeansUTC:         {"such times are read too, once look-ups of another binding of the pool have shown that they are in UTC", "这样的时间也能识别，只要本号池另一条绑定的查询已表明时间为世界时"},
	MeansDate:        {"nothing is done on the strength of this machine's clock: what waits for the end of a binding goes on waiting", "不会只凭本机时钟行事：等待绑定到期的行会一直等待"},
	MeansClock:       {"ages are counted in the service's time; set this machine's clock: beyond 15 minutes every call is refused", "时间按服务端计算；请校准本机时钟：相差超过 15 分钟，所有调用都会被拒绝"},
	MeansSubsID:      {"ids of up to 40 digits are taken as they are; see that no spreadsheet rounds them", "40 位以内的编号原样使用；注意不要被电子表格四舍五入"},
	MeansShown:       {"a look-up that finds nothing settles no row before three times that time, at least 30 s", "查询无结果时，至少等到该时间的三倍（不少于 30 秒）才据此下结论"},
	MeansUnknown:     {"a row whose answer is lost stays UNKNOWN though its X is named", "即使指定了中间号，应答丢失的行仍为结果未知（UNKNOWN）"},
	MeansStatus:      {"look-ups take live bindings for ended ones, so they settle nothing and verify finds every row gone: do not rely on them", "查询会把有效绑定当作已结束：不能据此下结论，verify 会报告每行都已失效，请勿依赖"},
	MeansNotCompared: {"B is not compared", "不核对 PhoneNoB"},
	MeansRest:        {"verify cannot compare these fields, and says so", "verify 无法核对这些字段，并会说明"},
	MeansOutID:       {"more than axgbind asks of it: look-ups could tell calls apart by OutId", "比 axgbind 所需更多：查询可以凭 OutId 区分各次调用"},
	MeansNumber:      {"the number stock (--x-numbers) is read wrongly: do not rely on it", "中间号库存（--x-numbers）会读错，请勿依赖"},
	MeansUncertified: {"calls through this X may not connect, though it is BOUND", "虽为 BOUND，经此中间号的电话可能接不通"},
	MeansWrongID:     {"a SubsId that was damaged in a file may be taken for another binding's: update and unbind by the results of a batch, never by a list", "文件中损坏的 SubsId 可能被当成别的绑定：update 和 unbind 请用批次的结果文件，不要用清单"},
	MeansUnknownX:    {"numbers of other pools on a list may pass for free ones: see that the list is of one pool", "清单中其他号池的号码可能被当作空闲：请确保清单只含一个号池"},
	MeansUpdate:      {"renewals and updates are refused: bind --when-bound renew and update will not work", "续期和修改会被拒绝：bind --when-bound renew 与 update 无法使用"},
	MeansUpdateShown: {"verify may call renewed bindings different", "verify 可能把已续期的绑定报告为不一致"},
	MeansUpdateAgain: {"an update whose answer was lost is made again, and may be FAILED though it was done", "应答丢失的修改会再次发起，可能已完成却显示 FAILED"},
	MeansRelease:     {"the binding still takes its X number", "该绑定仍占用中间号"},
	MeansFreed:       {"a binding that was released is taken for live so long", "在此期间，已解绑的绑定会被当作有效"},
	MeansFreeForm:    {"it is not taken for free: rows that were not executed stay UNKNOWN though their X is named", "不会视为空闲：即使指定了中间号，未执行的行仍为结果未知（UNKNOWN）"},
	MeansEnded:       {"the end of a binding is not believed: its rows wait for a person", "不会据此认定绑定已结束，相关行需人工处理"},
	MeansUnbindAgain: {"a release whose answer was lost is made again, and may be FAILED though it was done", "应答丢失的解绑会再次发起，可能已完成却显示 FAILED"},
	MeansUpdateEnded: {"a renewal of a binding that has ended is not known for what it is: the row is FAILED", "无法识别对已结束绑定的续期：该行为 FAILED"},
	AskTrial:         {"about to try the real service with the row on line %d: 1 BindAxg call takes an X number, up to %d look-ups,\n2 UpdateSubscription calls change its Expiration, 1 UnbindSubscription call releases it; then 1 more of each of these two, which should be refused", "即将用第 %d 行试真实服务：1 次 BindAxg 调用占用一个中间号，至多 %d 次查询，\n2 次 UpdateSubscription 调用修改 Expiration，1 次 UnbindSubscription 调用解绑；之后这两种各再调用 1 次，应被拒绝"},
	SayTrialLooks:    {"line %d is bound; looking it up, changing its Expiration and releasing it", "第 %d 行已绑定；接着查询、修改 Expiration 并解绑"},
	SayTrialStopped:  {"stopped: the binding is released first", "已停止：先解绑该绑定"},
	ErrTrialLine:     {"no row begins on line %d of %s\ngive the line on which a row starts, as an editor counts lines: the header is line 1", "%[2]s 的第 %[1]d 行不是某行数据的开头\n给出数据行起始的行号（按编辑器的计数，表头是第 1 行）"},
	ErrTrialAsk:      {"a trial of the real service takes an X number for a while, and nobody is there to be asked\nrun it on a terminal, or with --yes", "试真实服务会短暂占用一个中间号，而这里无人可询问\n请在终端上运行，或加上 --yes"},
	ErrTrialRow:      {"the row on line %d cannot be tried: %s %s: %s\n%s", "第 %d 行不能用来试：%s %s：%s\n%s"},
	ErrTrialBound:    {"the row on line %d is BOUND already (SubsId %s)\ntry another line; if an earlier trial was cut short, take it back: %s", "第 %d 行已绑定（BOUND，SubsId %s）\n换一行；如果是之前的试用中断了，先解绑：%s"},
	ErrTrialOpen:     {"an earlier trial whose results are %s was cut short: one of its rows is still BOUND or UNKNOWN\ntake it back: %s; or ask what became of it: %s", "结果文件为 %s 的上一次试用中断，其中仍有 BOUND 或结果未知（UNKNOWN）的行\n先解绑：%s；或先对账：%s"},
	Exit0Trial:       {"the service is as axgbind takes it to be, so far as it was seen; X is released", "就所见而言，服务与 axgbind 的假定一致；中间号已解绑"},
	Exit3Trial:       {"%d assumptions do not hold: keep the table; X is released", "%d 条假定不成立，请保存此表；中间号已解绑"},
	ExitTrialBound:   {"the binding of the trial was not released and takes an X number", "试用的绑定尚未解绑，仍占用中间号"},
	ExitTrialStopped: {"stopped; X is released", "已停止；中间号已解绑"},
	ExitTrialWrite:   {"the table could not be written to standard output (%s); X is released", "此表无法写到标准输出（%s）；中间号已解绑"},
	FlagTrial:        {"first contact: bind the row on this `LINE`, look it up, change it, release it, and print which assumptions hold", "首次接触：绑定此`行号`的行，查询、修改、解绑，并列出哪些假定成立"},

	AskRun:     {"about to make up to %d real BindAxg calls, in about %s", "即将发起最多 %d 次真实的 BindAxg 调用，约需 %s"},
	AskInit:    {"no journal at %s: nothing that was bound before is known. Begin a journal there?", "%s 处没有台账（journal）：以前绑定过的一概不知。在此开始新的台账吗？"},
	AskLate:    {"the earliest Expiration, %s, passes before that; rows not sent in time become INVALID", "最早的过期时间 %s 会先到；来不及发送的行将变为 INVALID"},
	AskGo:      {"go on? [y/N] ", "继续吗？[y/N] "},
	AskStopped: {"stopped at the question; nothing was sent\nrun the same command again", "在提问处被中止，未发送任何请求\n再次运行同一命令即可"},
	AskRefused: {"not confirmed; nothing was sent\nanswer y, or use --yes", "未确认，未发送任何请求\n回答 y，或使用 --yes"},

	ProgressTime:      {"%s, %s", "已用 %s，%s"},
	ProgressETA:       {"eta %s", "预计还需 %s"},
	ProgressNoETA:     {"eta unknown", "剩余时间未知"},
	ProgressReleased:  {"released %d", "解绑 %d"},
	ProgressBound:     {"bound %d", "绑定 %d"},
	ProgressFailed:    {"failed %d", "失败 %d"},
	ProgressInvalid:   {"invalid %d", "无效 %d"},
	ProgressUnknown:   {"unknown %d", "结果未知 %d"},
	ProgressPending:   {"not sent %d", "未发送 %d"},
	ProgressLeft:      {"left %d", "剩余 %d"},
	ProgressBefore:    {"settled before %d", "此前已有结果 %d"},
	ProgressCalls:     {"%.1f of %g calls/s  in flight %d", "每秒 %.1f 次，上限 %g  进行中 %d"},
	ProgressLatency:   {"p50 %s  p99 %s", "p50 %s  p99 %s"},
	ProgressBrake:     {"slow: brake pulled, the service is in trouble; one row at a time probes it", "变慢原因：服务异常，已暂停发送，每次只用一行探测"},
	ProgressThrottled: {"slow: throttled, limit cut to %.1f calls/s", "变慢原因：被限流，上限降到每秒 %.1f 次"},
	ProgressWaiting:   {"slow: %d rows wait until earlier calls on their bindings are past", "变慢原因：%d 行在等待，直到先前对其绑定的请求不会再被执行"},
	ProgressAsked:     {"slow: the service asked to wait before the next call", "变慢原因：服务端要求稍后再发送"},
	ProgressLooking:   {"slow: waiting for look-ups of %d rows whose answer was lost", "变慢原因：%d 行应答丢失，正在等待查询结果"},
	ProgressInFlight:  {"slow: all %d calls that may be in flight are (latency, --max-inflight)", "变慢原因：%d 个并发已占满（延迟高，或 --max-inflight 偏小）"},
	ProgressReading:   {"pass %d of %d  findings %d  %s", "第 %d/%d 遍  问题 %d  %s"},

	ErrLine:            {"axgbind: %s", "axgbind：%s"},
	WarnLine:           {"axgbind: warning: %s", "axgbind：警告：%s"},
	CureLine:           {"  cure: %s", "  办法：%s"},
	ErrUsage:           {"%s\nsee axgbind%s --help", "%s\n见 axgbind%s --help"},
	ErrNumbers:         {"%s: the list of X numbers cannot be used: %s\ngive a CSV with a column SecretNo (and City, PoolKey if known), or one number a line", "%s：中间号清单无法使用：%s\n请提供含 SecretNo 列（可有 City、PoolKey）的 CSV，或每行一个号码"},
	ErrAsk:             {"the service could not be asked: %s; nothing was sent\nrun again; axgbind explain tells what a code means", "无法向服务端查询：%s；未发送任何请求\n请再次运行；axgbind explain 可解释错误码"},
	ErrStopped:         {"stopped by a signal; nothing was sent\nrun the same command again", "被信号中止；未发送任何请求\n再次运行同一命令即可"},
	ErrNotBind:         {"%s holds the results of %s, not those of a bind\ngive the results of the bind, such as july.results.csv", "%s 是 %s 的结果，不是 bind 的结果\n请给出 bind 的结果文件，例如 july.results.csv"},
	ErrOutOther:        {"%s holds the results of %s; they will not be replaced\ngive another path with -o", "%s 是 %s 的结果，不会覆盖\n用 -o 指定其他路径"},
	ErrNoBatch:         {"%s: no batch of journal %s\naxgbind status lists its batches", "%s：不是台账 %s 中的批次\n用 axgbind status 列出各批次"},
	ErrNotItsFile:      {"the results of batch %s do not stand at %s any more\ngive the file where they are now; or run the same command as before once more, with another -o", "批次 %s 的结果文件已不在 %s\n请给出它现在的位置；或换一个 -o 再次运行原来的命令"},
	ErrNoResults:       {"batch %s has no results at %s, and %s\ngive the results, if they stand elsewhere now", "批次 %s 在 %s 没有结果文件，而且%s\n结果文件如果在别处，请给出它现在的位置"},
	ErrNoCells:         {"batch %s has no results at %s, whose cells an update takes\ngive the results, if they stand elsewhere now\nelse have them written anew, change their cells, and run this again: %s", "批次 %s 在 %s 没有结果文件，update 需要其中的内容\n结果文件如果在别处，请给出它现在的位置\n否则先重新写出，改好内容后再运行本命令：%s"},
	ErrNoneKnown:       {"batch %s has no binding that is known, and %d rows UNKNOWN, which may have one\nfind out what became of them, then run this again: %s", "批次 %s 没有已知的绑定，但有 %d 行结果未知（UNKNOWN），可能已绑定\n先对账查明，再运行本命令：%s"},
	WhyInputGone:       {"its input %s is not there", "其输入 %s 不在原处"},
	WhyInputChanged:    {"its input %s is not what it was", "其输入 %s 的内容已变"},
	WhyInputPiped:      {"its input was standard input", "其输入来自标准输入"},
	CureInputBack:      {"else put its input back as it was (SHA-256 %s…), and then: %s", "否则把其输入恢复原样（SHA-256 %s…）后运行：%s"},
	CureInputAgain:     {"or, only with the same rows as its input, have the results written anew: %s", "或者，仅当输入仍是同样的行时，重新写出结果：%s"},
	CureInputNone:      {"else only the console tells what became of its rows", "否则只能在控制台查明各行的结果"},
	ErrManyUnknown:     {"%d batches have UNKNOWN rows\nsettle one after the other: %s", "有 %d 个批次含有结果未知（UNKNOWN）的行\n请逐一处理：%s"},
	ErrAtMost:          {"%d of %d rows would be sent, --at-most allows %s; nothing was sent\nsee whether this is the right file: axgbind bind --dry-run; if it is, give a higher --at-most", "%[2]d 行中有 %[1]d 行要发送，而 --at-most 只允许 %[3]s；没有发送任何内容\n先用 axgbind bind --dry-run 确认文件是否正确；如无误，把 --at-most 调高"},
	ErrNotResults:      {"%s is no results file of axgbind\ngive the path of the results, such as july.results.csv", "%s 不是 axgbind 的结果文件\n请给出结果文件路径，例如 july.results.csv"},
	ErrNotItsJournal:   {"journal %[1]s knows no batch with the rows of %[2]s\ngive the results of a batch that it knows (axgbind status lists them), or name the journal that knows them with --journal", "台账 %[1]s 中没有与 %[2]s 各行相符的批次\n请给出其中已有批次的结果（axgbind status 可列出），或用 --journal 指定记录了它们的台账"},
	ErrFlagNeeds:       {"--%s says something about --%s, which is not given\ngive both, or neither", "--%s 是对 --%s 的说明，但后者未给出\n请同时给出，或都不给"},
	ErrNoCommand:       {"no command\ntry: axgbind bind --simulate samples/bindings.csv, or axgbind --help", "没有给出命令\n试试：axgbind bind --simulate samples/bindings.csv，或 axgbind --help"},
	ErrArgDash:         {"argument %[1]d begins like a flag, with %[2]s where a hyphen belongs: it was pasted from a text that changes hyphens\ntype it with hyphens: %[3]s", "第 %[1]d 个参数像是选项，但其中的 %[2]s 不是连字符：它是从会改动连字符的文本中粘贴来的\n请用连字符重新输入：%[3]s"},
	ErrArgs:            {"%[1]s wants exactly one INPUT file, got %[2]d\nname the CSV file, or - for standard input: axgbind %[1]s INPUT.csv", "%[1]s 需要且只需要一个输入文件，实际给了 %[2]d 个\n写上 CSV 文件名，或用 - 表示标准输入：axgbind %[1]s INPUT.csv"},
	ErrFlagValue:       {"--%s: %s\ncorrect the value; see --help", "--%s：%s\n请更正取值，见 --help"},
	ErrMasked:          {"%s: %s is a masked value, as axgbind prints it\ngive the whole value", "%s：%s 是 axgbind 输出时脱敏的值\n请给出完整的值"},
	ErrFlagClash:       {"--%s and --%s exclude each other\nleave one of them out", "--%s 与 --%s 不能同时使用\n去掉其中一个"},
	ErrEnvValue:        {"environment variable %s: %s\ncorrect it or unset it", "环境变量 %s：%s\n请更正或清除"},
	ErrEnvUnknown:      {"environment variable %[1]s: axgbind reads no variable of this name; the nearest that it reads is %[2]s\nrename it to %[2]s if that is meant, or unset it", "环境变量 %[1]s：axgbind 不读取这个名称；最接近的是 %[2]s\n如果指的是 %[2]s，请改名；否则清除该变量"},
	ErrEnvService:      {"environment variable %[1]s: axgbind reads no variable of this name; the nearest that it reads is %[2]s; Kubernetes sets such names for a Service called axgbind\nset enableServiceLinks: false in the specification of the pod, or unset it", "环境变量 %[1]s：axgbind 不读取这个名称；最接近的是 %[2]s；集群中名为 axgbind 的 Service 会让 Kubernetes 设置这类变量\n请在 Pod 规格中设置 enableServiceLinks: false，或清除该变量"},
	ErrEnvFlagOnly:     {"environment variable %[1]s: --%[2]s can only be given on the command line, for one run, never by a variable\nunset the variable; if this run is meant to have it, add --%[2]s to the command", "环境变量 %[1]s：--%[2]s 只能在命令行中为单次运行指定，不能通过环境变量设置\n请清除该变量；本次运行确实需要时，在命令中加上 --%[2]s"},
	ErrEnvQuotes:       {"environment variable %s: its value begins or ends with a quotation mark, which would be part of it\nwrite the value without quotation marks in the file of variables, or check the command that sets it", "环境变量 %s：值的开头或结尾有引号，引号会成为值的一部分\n在环境变量文件中去掉引号，或检查设置该变量的命令"},
	ErrEnvUnseen:       {"environment variable %s: its value holds a character that cannot be seen (%s)\ntype the value anew", "环境变量 %s：值中含有不可见字符（%s）\n请重新输入该值"},
	ErrArgEnd:          {"%s ends with a character that cannot be seen (%s)\nif the command stands in a script with Windows line ends, save the script with Unix line ends; otherwise type the argument anew", "%s 以不可见字符（%s）结尾\n如果命令写在脚本里，请去掉每行末尾的回车符后再保存；否则请重新输入该参数"},
	ErrArgEmpty:        {"%s: the path is empty\ngive a path, or leave it out; a variable of the shell may be unset or misspelt", "%s：路径为空\n请指定路径，或去掉该参数；可能是 shell 变量没有设置或拼写错误"},
	ErrArgPath:         {"%s: the path begins or ends with a blank, or stands in quotation marks that are part of it\nwrite it without them; for a file that is really called so, put its folder before it: ./NAME", "%s：路径的开头或结尾有空格，或引号成了路径的一部分\n请去掉；如果文件确实这样命名，在前面写上目录，如 ./文件名"},
	ErrArgStdout:       {"%s wants a file; - would be a file of that name, not standard output\nname a file, or /dev/stdout", "%s 需要文件名；- 会成为名为 - 的文件，而不是标准输出\n请写文件名，或 /dev/stdout"},
	ErrArgUnseen:       {"%s: the path holds a character that cannot be seen (%s)\ntype it anew", "%s：路径中含有不可见字符（%s）\n请重新输入"},
	ArgPlace:           {"argument %d", "第 %d 个参数"},
	ErrNoInput:         {"input %s: %s\ncheck the name and the folder", "输入文件 %s：%s\n请检查文件名和所在目录"},
	ErrInputDir:        {"input %s is a directory\nname the CSV file in it", "输入 %s 是目录\n请写出其中的 CSV 文件"},
	ErrInputRead:       {"input %s cannot be read: %s\ncheck the file and the disk", "输入文件 %s 无法读取：%s\n请检查文件和磁盘"},
	ErrStdinOut:        {"input from standard input needs -o\nadd -o RESULTS.csv", "从标准输入读取时必须给出 -o\n加上 -o RESULTS.csv"},
	ErrInvalid:         {"%d of %d rows are invalid and --strict is set\ncorrect them (axgbind check lists them) or leave --strict out", "%d 行（共 %d 行）无效，且设置了 --strict\n先更正（axgbind check 会列出），或去掉 --strict"},
	ErrOutEqual:        {"results path %s is the input itself\ngive another path with -o", "结果路径 %s 就是输入文件\n用 -o 指定其他路径"},
	ErrOutStdout:       {"-o - is refused: a run that is safe to repeat needs its results in a file\ngive a path with -o", "不支持 -o -：要能安全重跑，结果必须写入文件\n用 -o 指定路径"},
	ErrOutWrite:        {"results %s cannot be written: %s\nclose it in other programs, check the folder's permissions, or give another path with -o", "结果文件 %s 无法写入：%s\n在其他程序中关闭它、检查目录权限，或用 -o 指定其他路径"},
	ErrOutDir:          {"results path %s is a directory\ngive a file with -o", "结果路径 %s 是目录\n用 -o 指定文件"},
	ErrOutOrphan:       {"results %s name bindings that the journal does not know; they will not be replaced\nif they are about the rows of this input, give that very file as INPUT: its verdicts count. If they are about other rows, give another path with -o", "结果文件 %s 中有台账不知道的绑定，不会覆盖\n如果它们就是本次输入的行，把该文件本身作为输入，其中的结论有效。如果是别的行，用 -o 指定其他路径"},
	ErrBeside:          {"results %s stand beside the input and name bindings that the journal does not know: it may be an old copy, or another one; nothing was sent\ngive that file as INPUT: its verdicts count. If they are about other rows, move them to another folder", "输入旁边的结果文件 %s 中有台账不知道的绑定：台账可能是旧副本，或不是同一份；未发送任何请求\n把该文件作为输入，其中的结论有效。如果是别的行，把它移到别的目录"},
	ErrSamePath:        {"%s and %s are the same file: %s\ngive each its own path", "%s 与 %s 是同一个文件：%s\n请分别指定路径"},
	ErrEndpoint:        {"endpoint %s: %s\nuse https://HOST; plain http only for 127.0.0.1, [::1] or localhost", "服务地址 %s：%s\n请写成 https://主机名，不带用户名、路径和参数；只有 127.0.0.1、[::1] 或 localhost 可用 http"},
	ErrNoKey:           {"no credentials: %s\nset ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or rehearse with --simulate", "没有可用的凭证：%s\n设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或用 --simulate 演练"},
	ErrKeyForm:         {"the access key found cannot be right: %s\nput it there anew as it was issued, each part on one line of its own, without quotation marks", "找到的 AccessKey 不正确：%s\n请按签发时的原样重新填写，每一项单独一行，不加引号"},
	ErrSourceFault:     {"no credentials: %s\nmend that, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or rehearse with --simulate", "没有可用的凭证：%s\n请更正，或设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或用 --simulate 演练"},
	ErrNoPool:          {"no pool key\nadd --pool-key KEY or a column PoolKey; the console of Phone Number Protection shows the key of each pool", "没有号池 Key\n加上 --pool-key KEY 或 PoolKey 列；号池 Key 可在号码隐私保护控制台查到"},
	ErrJournal:         {"journal %s: %s\nmend the disk or folder, then run the same command again; a journal in another place would know nothing of what was bound", "journal %s：%s\n请修复磁盘或目录，然后再次运行同一命令；换一个位置的台账不知道此前绑定过什么"},
	ErrTaken:           {"axgbind keeps a file of its own at %s, and what stands there %s\nlook at it and move it away; the journal belongs into a folder that nobody else writes to", "%s 是 axgbind 自用文件的位置，但那里的文件%s\n请查看后移走；台账应放在其他人不能写入的目录"},
	ErrJournalNames:    {"journal %s has a second name (a hard link), by which another run could bind at the same time\nremove the other name, or make it a copy", "journal %s 还有另一个名字（硬链接），另一个运行可能借此同时绑定\n删除另一个名字，或改为复制一份"},
	ErrNotJournal:      {"%s is not an axgbind journal\nname the right file with --journal", "%s 不是 axgbind 的 journal\n用 --journal 指定正确的文件"},
	ErrNewer:           {"journal %s: %s\nuse the axgbind that wrote it, or a newer one", "journal %s：%s\n请使用写入它的版本或更新的版本"},
	ErrOlder:           {"journal %s was written by an older axgbind, in a format that this version does not read\nfinish that batch with the version that wrote it", "journal %s 由旧版本的 axgbind 写入，当前版本无法读取该格式\n请用写入它的版本完成这个批次"},
	ErrDamaged:         {"journal %[1]s is damaged at line %[2]d: %[3]s; what was sent is not certain, so nothing is\nsee what is damaged and what helps: %[4]s", "台账（journal）%[1]s 第 %[2]d 行损坏：%[3]s；无法确定哪些已发送，因此不发送\n查看损坏之处和处理办法：%[4]s"},
	ErrSimulated:       {"journal %s is of a simulated run; a real run must not trust it\nchoose another path with -o or --journal", "journal %s 来自演练，真实运行不能采用\n用 -o 或 --journal 换路径"},
	ErrReal:            {"journal %s is of a real run; a simulated run must not touch it\nleave -o and --journal out, or choose another path", "journal %s 来自真实运行，演练不能改动\n去掉 -o 和 --journal，或换路径"},
	ErrSimInput:        {"input %s holds the results of a simulated run; a real run must not take them for bindings\ngive the original input", "输入 %s 是演练的结果，真实运行不能当作绑定\n请使用原始输入文件"},
	ErrLocked:          {"journal %s is in use: %s\nwait for that run to end, or have this one wait: --wait 2h", "台账（journal）%s 正在使用：%s\n等待该运行结束，或让本次运行等待：--wait 2h"},
	ErrSimulator:       {"simulator: %s\ncorrect the flag; see axgbind simulate --help", "模拟服务：%s\n请更正参数，见 axgbind simulate --help"},
	ErrListen:          {"simulator cannot listen: %s\nchoose another --listen address on loopback", "模拟服务无法监听：%s\n用 --listen 换一个本机回环地址"},
	ErrWrite:           {"%s cannot be written: %s\ncheck that its folder is there, may be written to and has free space, or give another path", "%s 无法写入：%s\n检查目录是否存在、能否写入、空间是否足够，或换一个路径"},
	ErrUnwritten:       {"%s cannot be written: %s\nnothing is lost, the journal has every outcome: %s, then run the same command again", "%s 无法写入：%s\n没有丢失任何内容，journal 中有每一行的结果：%s，然后再次运行同一命令"},
	CureFull:           {"free some space on its disk", "请在其磁盘上腾出空间"},
	CureHandles:        {"allow more open files (ulimit -n)", "请允许打开更多文件（ulimit -n）"},
	CureFileSize:       {"allow larger files (ulimit -f)", "请允许更大的文件（ulimit -f）"},
	CureReadOnly:       {"make its file system writable", "请让其文件系统可写"},
	CureInTheWay:       {"move away what stands at its path", "请移走占用该路径的内容"},
	CureFolder:         {"make its folder again", "请重新建立其目录"},
	CureForbidden:      {"let this user write there", "请允许当前用户写入该处"},
	CureBusy:           {"close it in the other program", "请在其他程序中关闭该文件"},
	CureOther:          {"mend the cause", "请排除原因"},
	ErrInputLost:       {"input %s is not what it was when the run began (%s): there are no results without it\nnothing is lost, the journal has every outcome: put back the input as it was (SHA-256 %s…) and run the same command again for its results", "输入文件 %s 与运行开始时不同（%s）：缺少原文件无法写出结果\n没有丢失任何内容，journal 中有每一行的结果：请恢复原来的输入文件（SHA-256 %s…），再次运行同一命令即可得到结果"},
	ErrHandles:         {"too few files can be opened: %s; nothing was sent\nallow more open files (ulimit -n) and run the same command again", "可打开的文件过少：%s；未发送任何请求\n请允许打开更多文件（ulimit -n），再次运行同一命令"},
	ErrRestored:        {"journal %s was deleted or moved during the run; it was written there again\nfind out who did that; nothing is lost: run the same command again", "journal %s 在运行中被删除或移走；已重新写入原处\n请查明原因；没有丢失任何内容：再次运行同一命令"},
	ErrRestoredBeside:  {"journal %s was replaced by another file during the run; what this run recorded is in %s\nput it back in its place before anything is sent: without it rows are bound again", "journal %s 在运行中被另一个文件取代；本次运行的记录在 %s\n发送任何请求前请把它放回原处：离开它，已绑定的行会再绑定一次"},
	ErrLostJournal:     {"journal %s was deleted or moved during the run and cannot be written again: %s\nsend nothing before the bindings of this run are accounted for: without its journal rows are bound again", "journal %s 在运行中被删除或移走，且无法重新写入：%s\n查清本次运行的绑定之前不要再发送：离开 journal，已绑定的行会再绑定一次"},
	ErrRun:             {"%s\nnothing that was sent is lost: mend the cause and run the same command again", "%s\n已发送的都有记录：排除原因后再次运行同一命令"},
	ErrRescue:          {"the journal could not record these outcomes; keep the lines: the next run calls these rows UNKNOWN, and only here stands what became of them", "journal 未能记录以下结果，请保存这些行：下次运行会把它们视为结果未知，真实结果只在这里"},
	ErrRescueLost:      {"the journal had what became of these rows, and has lost it; keep the lines: only here it stands (end=ok: done, end=lost: nobody knows)", "台账（journal）原有以下各行的结果，现已丢失，请保存这些行：结果只在这里（\"end=ok\" 已执行，\"end=lost\" 结果未知）"},
	ErrRunLost:         {"%s; what this run sent is not in the journal any more\nkeep the rescue lines: nothing else tells what this run did; find out who wrote over the journal\nbefore the next run, take the rows of the lines with end=ok out of the input (line= is their line), and look up those with end=lost in the console; only then: axgbind journal check --accept", "%s；本次运行发送的内容已不在台账（journal）中\n请保存以 \"rescue:\" 开头的行：本次运行的结果只在这里；并查明是谁覆盖了台账\n下次运行之前，从输入中删去 \"end=ok\" 的行（\"line=\" 为行号），在控制台查明 \"end=lost\" 的行；然后才运行 axgbind journal check --accept"},
	ErrNoJournal:       {"there is no journal at %[1]s, so nothing that was bound before is known; nothing was sent\nfind the journal, and name its place with --journal or AXGBIND_JOURNAL; only if nothing was ever bound with axgbind, begin one: %[2]s", "%[1]s 处没有台账（journal），此前绑定过什么无从得知，未发送任何请求\n请找到原来的台账，用 --journal 或 AXGBIND_JOURNAL 指明位置；只有从未用 axgbind 绑定过时才新建：%[2]s"},
	ErrNoSource:        {"there is no journal at %[1]s, so nothing was copied\nthe journal is %[2]s: to copy that one, type %[3]s", "%[1]s 处没有台账（journal），未复制\n台账是 %[2]s，要复制它请运行 %[3]s"},
	ErrNoSourceFound:   {"there is no journal at %s, so nothing was copied\nfind the journal, and name its place with --journal", "%s 处没有台账（journal），未复制\n请找到台账，用 --journal 指明位置"},
	ErrGoneJournal:     {"the journal %[1]s is gone: its lock file knows of %[2]d records; nothing was sent, since what was bound is not known\nput the journal back, or its newest copy; only if there is none, begin a new one, which asks for the results of its batches: %[3]s", "台账（journal）%[1]s 不见了：其锁文件记得有 %[2]d 条记录；无法确定绑定过什么，未发送任何请求\n请放回台账或其最新副本；确实没有时才新建，新台账会要求补入各批次的结果：%[3]s"},
	ErrNoLock:          {"journal %[1]s stands there without its lock file, which alone tells whether it is the newest copy; nothing was sent\nif no run came after its last one (%[2]s), say so: %[3]s\nelse put back the newest copy of the journal, and its lock file beside it", "台账（journal）%[1]s 旁边没有锁文件，无法判断它是否为最新的一份；未发送任何请求\n如果它的最后一次运行（%[2]s）之后再没有运行过，请确认：%[3]s\n否则请放回最新的台账及其锁文件"},
	ErrPutBack:         {"journal %[1]s was put back with its lock file: both are copies, and what was sent since they were made is not known; nothing was sent\nif no run came after its last one (%[2]s), say so: %[3]s\nelse put back the newest copy of the journal; without one, give the results of each later run, unchanged, as INPUT, and then say so", "台账（journal）%[1]s 连同锁文件是放回来的副本，复制之后发送过什么无从得知；未发送任何请求\n如果它的最后一次运行（%[2]s）之后再没有运行过，请确认：%[3]s\n否则请放回最新的台账；没有时，先把之后每次运行的结果文件未经改动地各作为输入运行一次，再确认"},
	ErrBrought:         {"journal %[1]s was put back from a copy; what these results say is recorded now, whether it lacks other runs is not known; nothing was sent\ngive the results of each other run that came since the copy, unchanged, as INPUT; when all are given, say so: %[2]s", "台账（journal）%[1]s 是放回来的副本；本结果文件的内容已记入，是否还缺其他运行无从得知；未发送任何请求\n请把复制之后其他每次运行的结果文件未经改动地各作为输入运行一次；全部给出后请确认：%[2]s"},
	ErrCopy:            {"journal %[1]s is a copy of the one that was in use at %[4]s; what was sent there since is not known; nothing was sent\nif no run came after its last one (%[2]s), here or there, say so: %[3]s\nelse use the newest copy; a journal is carried over with axgbind journal copy", "台账（journal）%[1]s 是在 %[4]s 使用的那份的副本，之后那边发送过什么无从得知；未发送任何请求\n如果它的最后一次运行（%[2]s）之后，两边都再没有运行过，请确认：%[3]s\n否则请使用最新的一份；要转移台账，请用 axgbind journal copy"},
	ErrMoved:           {"the journal %[1]s was carried to %[2]s, and is not used here any more; nothing was sent\nuse it there: %[3]s\nor set %[4]s", "台账（journal）%[1]s 已转移到 %[2]s，此处不再使用；未发送任何请求\n请在新位置使用：%[3]s\n或设置 %[4]s"},
	ErrCopied:          {"%[1]s is a copy of the journal %[2]s, which is still in use: each would send what the other has sent; nothing was sent\nuse that one: %[3]s; to carry it over: axgbind journal copy", "%[1]s 是台账 %[2]s 的副本，而后者仍在使用：两份会重复发送对方已发送的内容；未发送任何请求\n请使用原来那份：%[3]s；要转移它：axgbind journal copy"},
	ErrNotRetired:      {"the journal was copied, but the old one, %s, could not be set aside: %s\nremove or rename it by hand before the next run: of two, each would send what the other has sent", "台账已复制，但旧台账 %s 无法停用：%s\n下次运行前请手动移走或改名：两份会重复发送对方已发送的内容"},
	ErrPlaceRelative:   {"%s=%s is no absolute path: it would name another journal in every folder\nset it to an absolute path", "%s=%s 不是绝对路径：在不同目录下会指向不同的台账（journal）\n请改为绝对路径"},
	ErrPlaceFolder:     {"the journal's folder %[1]s cannot be used: %[2]s; no other is taken in its place, since that would be another memory\ngive this user the right to read and write there, or run as the user who has it", "台账（journal）目录 %[1]s 无法使用：%[2]s；不会改用其他目录，否则就成了另一份记录\n请授予当前用户读写权限，或以有权限的用户运行"},
	ErrPlaceHome:       {"no folder for the journal: this user has no home folder\nname the journal's place with --journal, or in the variable %s", "找不到台账（journal）的目录：当前用户没有主目录\n请用 --journal 或变量 %s 指明台账的位置"},
	ErrInstance:        {"journal %s is of another simulator\nleave --journal out: each simulator has a journal of its own", "%s 是另一个模拟服务的台账（journal）\n去掉 --journal：每个模拟服务各有自己的台账"},
	ErrInstanceChanged: {"what answers at %s is not what answered when this command began; nothing was sent\nrun the same command again", "%s 处的应答方与命令开始时不同；未发送任何请求\n再次运行同一命令"},
	ErrInstanceAnswer:  {"%s does not answer, so it is not known whether it is a simulator; nothing was sent\nstart it again, or give another --endpoint", "%s 没有应答，无法判断它是不是模拟服务，未发送任何请求\n请重新启动它，或用 --endpoint 指定其他地址"},
	ErrBehind:          {"journal %[1]s %[2]s; what these batches sent is not certain, so nothing is sent: %[3]s\nput back the newest copy of the journal; without one, give the results that each wrote last, unchanged, as INPUT, once, with the --pool-key of its run: %[4]s\nof one that was killed nobody can tell: compare with the console, then %[6]s", "台账（journal）%[1]s %[2]s；以下批次发送过什么无法确定，因此不发送：%[3]s\n请放回最新的台账；没有时，把每个批次最后写出、未经改动的结果文件各作为输入运行一次，并带上当时的 --pool-key：%[4]s\n被强制终止的批次无法判断：与控制台核对后运行 %[6]s"},
	ErrBehindKilled:    {"journal %[1]s %[2]s; what these batches sent is not certain, so nothing is sent: %[3]s\nput back the newest copy of the journal: the last run of each did not end, so no results tell what it sent\nwithout one, compare with the console, then %[6]s", "台账（journal）%[1]s %[2]s；以下批次发送过什么无法确定，因此不发送：%[3]s\n请放回最新的台账：这些批次最后一次运行没有正常结束，没有结果文件能说明发送过什么\n没有时与控制台核对，然后运行 %[6]s"},
	ErrBehindSome:      {"journal %[1]s %[2]s; what these batches sent is not certain, so nothing is sent: %[3]s\nput back the newest copy of the journal; without one, give the results that each wrote last, unchanged, as INPUT, once, with the --pool-key of its run: %[4]s\nthe last run of these did not end, so no results tell what it sent: %[5]s: compare with the console, then %[6]s", "台账（journal）%[1]s %[2]s；以下批次发送过什么无法确定，因此不发送：%[3]s\n请放回最新的台账；没有时，把每个批次最后写出、未经改动的结果文件各作为输入运行一次，并带上当时的 --pool-key：%[4]s\n这些批次最后一次运行没有正常结束，没有结果文件能说明发送过什么：%[5]s：与控制台核对后运行 %[6]s"},
	ErrBehindUnnamed:   {"journal %[1]s %[2]s; what was sent since is not known, so nothing is sent\nput back the newest copy of the journal; without one, give the results of each later run, unchanged, as INPUT, compare with the console, then %[3]s", "台账（journal）%[1]s %[2]s；此后发送过什么无从得知，因此不发送\n请放回最新的台账；没有时，先把之后每次运行的结果文件未经改动地各作为输入运行一次，与控制台核对，然后运行 %[3]s"},
	WhyBehind:          {"has %d records, and once had %d: it is an old copy", "只有 %d 条记录，此前曾有 %d 条：这是一份旧的副本"},
	WhyOtherJournal:    {"is not the one that stood there before", "不是此前这里的那一份"},
	LostBatch:          {"batch %s (results %s)", "批次 %s（结果 %s）"},
	ErrWaits:           {"journal %[1]s is in use, and another run of the same batch (results %[2]s) waits for it already\nnothing to do: that run will do the work of this one", "台账（journal）%[1]s 正在使用，而且同一批次（结果 %[2]s）已有一个运行在等待\n无需处理：那个运行会完成同样的工作"},
	SayWaiting:         {"journal %s is in use: %s; waiting for it, at most %s", "台账（journal）%s 正在使用：%s；等待中，最多 %s"},
	FlagWait:           {"wait so long for a run that has the journal (default: end at once with 11)", "台账（journal）正被另一个运行使用时，最多等待这么久（默认立即以状态 11 结束）"},
	FlagBackup:         {"only keep a copy: the journal stays in use where it is", "只保留一份备份：台账仍在原处使用"},
	HolderUnknown:      {"a run that has sent nothing yet", "一个尚未开始发送的运行"},
	HolderUntold:       {"a run of which nothing is known, since its lock file is gone", "一个运行（其锁文件已不在，无从得知是哪一个）"},
	HolderRun:          {"pid %d, host %s, since %s, batch %s (input %s), %d of %d rows left", "进程 %d，主机 %s，开始于 %s，批次 %s（输入 %s），剩余 %d 行，共 %d 行"},
	HolderLeft:         {"pid %d, host %s, since %s, batch %s (input %s), %d of %d rows left, about %s", "进程 %d，主机 %s，开始于 %s，批次 %s（输入 %s），剩余 %d 行，共 %d 行，约需 %s"},
	ErrOutput:          {"%s %s; it will not be overwritten\ngive another path with %s, or move that file away", "%s %s，不会覆盖\n用 %s 指定其他路径，或先移走该文件"},
	ErrTemplate:        {"%s exists\nchoose another name, or delete it first", "%s 已存在\n换一个文件名，或先删除它"},

	ErrNoCode: {"no code or rule is called %s\ndid you mean: %s; axgbind explain lists them all", "没有名为 %s 的错误码或规则\n是否想查：%s；axgbind explain 可列出全部"},

	StatusJournal:   {"journal %s, id %s", "台账（journal）%s，编号 %s"},
	StatusLast:      {"  last run  %s, %s of batch %s", "  上次运行  %s，批次 %[3]s 的 %[2]s"},
	StatusLive:      {"  live      %d bindings (axgbind status --bindings lists them)", "  有效绑定  %d 个（清单：axgbind status --bindings）"},
	StatusBatches:   {"  batches   %d, the one that ran last first", "  批次      %d 个，最近运行的在前"},
	StatusBatch:     {"batch %s  %s, results %s", "批次 %s  %s，结果 %s"},
	StatusOfJournal: {"  journal   %s", "  台账      %s"},
	StatusOf:        {"  about     batch %s, results %s", "  针对      批次 %s，结果 %s"},
	StatusPassed:    {"  passed on %d bindings that batch %s renewed since, results %s", "  已转出    %d 个绑定之后由批次 %s 续期，结果 %s"},
	StatusRows:      {"  input     %d rows, %s", "  输入      %d 行，%s"},
	StatusReleased:  {"  released  %d", "  已解绑    %d"},
	StatusKnown:     {"  sent      BOUND %d (live %d, lapsed %d), FAILED %d, UNKNOWN %d, PENDING %d, on the way %d", "  已发送    BOUND %d（有效 %d，已到期 %d），FAILED %d，UNKNOWN %d，PENDING %d，进行中 %d"},
	StatusRunning:   {"  running   since %s", "  运行中    开始于 %s"},
	StatusHolder:    {"  holder    %s", "  持有者    %s"},
	StatusEnded:     {"  ended     %s with status %d: %s", "  已结束    %s，状态 %d：%s"},
	StatusNext:      {"next, as that run said (relative paths are of the folder in which it ran):", "下一步（该次运行所述；相对路径以其运行时的目录为准）："},
	StatusDied:      {"  killed    the run since %s did not end in good order: run the same command again", "  被中断    %s 开始的运行没有正常结束：再次运行同一命令即可"},
	StatusNoRun:     {"  no run was recorded yet", "  尚无运行记录"},
	StatusPace:      {"  pace      %d calls, throttled %d, limit %.1f/s, in flight %d, p50 %.0f ms, p99 %.0f ms", "  速度      调用 %d 次，限流 %d，上限 %.1f/s，进行中 %d，p50 %.0f 毫秒，p99 %.0f 毫秒"},
	StatusRuns:      {"  runs      %d, the first %s", "  运行次数  %d，首次 %s"},
	ErrForgetNumber: {"%s is no phone number\ngive it as an input may: 13800138000, \"+86 138 0013 8000\" or 0571-88992688", "%s 不是电话号码\n请按输入文件中的写法给出：13800138000、\"+86 138 0013 8000\" 或 0571-88992688"},
	ErrForgetNeeded: {"%[1]s is still needed: %[2]s%[3]s; nothing was changed\nend that first: %[4]s", "号码 %[1]s 仍然需要：%[2]s%[3]s；未做任何改动\n请先处理：%[4]s"},
	WhyForgetUntold: {"binding %[1]s of batch %[2]s ended %[3]s by this machine's clock; by the service's, which counts, no run has heard so", "批次 %[2]s 的绑定 %[1]s 按本机时钟已于 %[3]s 到期；以服务端时间为准，而尚无运行得知其已到期"},
	WhyForgetLives:  {"binding %[1]s of batch %[2]s may live, it ends %[3]s", "批次 %[2]s 的绑定 %[1]s 可能仍有效，到期时间 %[3]s"},
	WhyForgetDoubt:  {"a call of batch %[1]s, line %[2]d, is in doubt", "批次 %[1]s 第 %[2]d 行有一次请求结果未知"},
	ForgetMore:      {", and %d more", "，另有 %d 处"},
	ForgetUnnamed:   {"axgbind unbind LIST.csv --yes (a list with SubsId %s)", "axgbind unbind LIST.csv --yes（解绑，清单中含 SubsId %s）"},
	ForgetDone:      {"the journal was written anew: %d records held the number, and none does", "台账（journal）已重写：原有 %d 条记录含有该号码，现已全部去除"},
	ForgetWould:     {"%d records of the journal hold the number, and would lose it", "台账（journal）中有 %d 条记录含有该号码，将被去除"},
	ForgetNone:      {"no record of the journal holds the number", "台账（journal）中没有记录含有该号码"},
	ForgetCopies:    {"old copies and simulated journals beside it: %d held the number, and none does", "台账旁的旧副本和演练台账：原有 %d 个含有该号码，现已全部去除"},
	ForgetInCopies:  {"old copies and simulated journals beside it: %d hold the number, and would lose it", "台账旁的旧副本和演练台账：有 %d 个含有该号码，将被去除"},
	ForgetFiles:     {"files that hold the number, on standard output: %d; delete them, or it in them, by hand", "仍含有该号码的文件（见标准输出）：%d 个；请手动删除文件或其中的号码"},
	ForgetNoFiles:   {"no other known file holds the number; copies that others made are not known here", "没有其他已知文件含有该号码；他人复制的文件无从得知"},
	ForgetUnread:    {"nobody can tell whether %s holds the number: %s", "无法判断 %s 是否含有该号码：%s"},
	ErrReadMasked:   {"the journal keeps %s of the run before only masked, so the rows cannot be read as they were\ngive it again: %s", "上次运行的 %s 在台账（journal）中只保存了打码形式，无法按原样读取各行\n请重新给出：%s"},

	ExplainCodes:   {"Codes of the service, and of what became of a call:", "服务的错误码，以及调用结果的代码："},
	ExplainRules:   {"Rules that a row is checked against before it is sent:", "发送前逐行检查的规则："},
	ExplainMeaning: {"meaning", "含义"},
	ExplainClass:   {"class", "类别"},
	ExplainDoes:    {"axgbind", "处理"},
	ExplainCause:   {"cause", "原因"},
	ExplainCure:    {"cure", "办法"},
	ExplainWho:     {"who", "责任人"},
	ExplainSource:  {"source", "来源"},
	DoesDone:       {"records the row as BOUND; it is never sent again", "该行记为 BOUND，不会重发"},
	DoesThrottled:  {"waits at least 1 s, slows the run down, and sends the row again; it was not executed", "至少等待 1 秒并降速，然后重发该行；请求未被执行"},
	DoesNotSent:    {"tries again up to --retries times, then pauses the run, probes, and stops with status 5; the row stays PENDING", "最多重试 --retries 次，之后暂停并探测，仍失败则以状态 5 停止；该行保持未发送（PENDING）"},
	DoesStaleClock: {"tries once more, with the time of then; a second time stops the run with status 7", "以当时的时间再试一次；再次出现则以状态 7 停止"},
	DoesStale:      {"fetches the credential anew and tries once more; a second time stops the run with status 7", "重新获取凭证再试一次；再次出现则以状态 7 停止"},
	DoesRow:        {"records the row as FAILED and goes on; if the first 20 rows all get the same refusal, stops with status 8", "该行记为 FAILED 并继续；若最先发送的 20 行全部以同一原因被拒，则以状态 8 停止"},
	DoesCapacity:   {"leaves the row PENDING; 20 such answers in a row from different A numbers stop that pool and city; status 5", "该行保持未发送（PENDING）；来自不同 A 号的连续 20 次此类应答会停止该号池和城市；状态 5"},
	DoesAccount:    {"stops admitting rows at once, leaves the rest PENDING, and ends with status 7", "立即停止发送，其余行保持未发送（PENDING），以状态 7 结束"},
	DoesAmbiguous:  {"records the row as UNKNOWN and never sends it again by itself; 20 such ends in a row pause the run", "该行记为结果未知（UNKNOWN），绝不自动重发；连续 20 次会暂停运行"},
	DoesHold:       {"holds the row back as HELD; it is not sent, and a person decides", "该行记为暂不发送（HELD），等人决定"},
	DoesTake:       {"takes the earlier binding as this row's: BOUND, not sent", "采用已有绑定：该行记为 BOUND，不发送"},
	DoesLeave:      {"leaves the row PENDING without sending it; run again when the pool has numbers", "该行保持未发送（PENDING）；号池有号后再次运行"},
	DoesInvalid:    {"records the row as INVALID; it is not sent", "该行记为 INVALID，不发送"},
	DoesWarn:       {"warns and sends the row all the same; the service decides", "给出警告但照常发送，由服务端判断"},

	HelpRoot:        {"bind phone numbers to middle numbers in bulk, safely", "批量绑定中间号（AXG），随时可以安全重跑"},
	HelpRootLong:    {"axgbind reads rows of A, B, group and expiration from a CSV, checks them, makes one\nrate-limited BindAxg call per row, and writes a results CSV with X numbers, binding\nids and error codes. Running it again is always safe: what is bound is not sent again.", "axgbind 从 CSV 读取 A 号、B 号、分组和过期时间，逐行检查，按限速为每行调用一次\nBindAxg，并写出包含中间号、绑定 ID 和错误码的结果 CSV。随时可以重跑：已绑定的行不会重发。"},
	HelpRootExample: {"  axgbind template -o bindings.csv               # a file to fill in\n  axgbind check bindings.csv                     # find every fault, send nothing\n  axgbind bind --simulate bindings.csv           # rehearse without the service\n  axgbind journal init                           # once: the memory of what is bound\n  axgbind bind bindings.csv --pool-key FC1...    # the real thing", "  axgbind template -o bindings.csv               # 生成待填写的文件\n  axgbind check bindings.csv                     # 检查所有问题，不发送\n  axgbind bind --simulate bindings.csv           # 不连服务先演练\n  axgbind journal init                           # 只做一次：新建台账（journal）\n  axgbind bind bindings.csv --pool-key FC1...    # 正式绑定"},
	HelpBind:        {"check, then bind every row of a CSV", "检查并绑定 CSV 的每一行"},
	HelpBindLong:    {"Checks every row, makes one BindAxg call per valid row, and writes the results beside\nthe input. What was sent stands in the journal, one for all batches (axgbind journal\n--help), so the same command goes on after any crash, and no row is bound twice, from\nwhatever file. A row whose place is taken by another binding is HELD: --when-bound decides.\n\nBefore the first real batch, --trial LINE finds out with one row which assumptions about\nthe service hold: it makes one binding, a batch of its own (INPUT base + .trial.csv),\nlooks it up, changes its Expiration, releases it and prints a table to keep. Afterwards\nthe file is bound as if there had been no trial.", "检查每一行，为每个有效行调用一次 BindAxg，并把结果写在输入文件旁边。已发送的内容\n记录在台账（journal）中，所有批次共用（见 axgbind journal --help），因此任何中断之后用\n同一命令即可继续，无论来自哪个文件，都不会重复绑定。位置已被其他绑定占用的行暂不发送\n（HELD），由 --when-bound 决定。\n\n第一批真实绑定之前，--trial 行号 用一行查明对服务的哪些假定成立：建立一条绑定（自成一个\n批次，结果为输入文件名 + .trial.csv），查询、修改 Expiration、解绑，并打印一张可保存的表。\n之后整个文件照常绑定，如同没有试过。"},
	HelpBindExample: {"  axgbind bind --simulate samples/bindings.csv\n  axgbind bind july.csv --pool-key FC100000000000001 --rate 500\n  axgbind bind july.csv --pool-key FC100000000000001 --limit 10     # a canary; run again to go on\n  axgbind bind july.csv --pool-key FC100000000000001 --dry-run      # what would be sent\n  axgbind bind july.csv --pool-key FC100000000000001 --trial 2      # first contact: one row, released again\n  axgbind bind night.csv --pool-key FC100000000000001 --default Expiration=+30d \\\n      --when-bound renew --renew-before 7d --at-most 5000           # every night", "  axgbind bind --simulate samples/bindings.csv\n  axgbind bind july.csv --pool-key FC100000000000001 --rate 500\n  axgbind bind july.csv --pool-key FC100000000000001 --limit 10     # 先试 10 行，再次运行继续\n  axgbind bind july.csv --pool-key FC100000000000001 --dry-run      # 只看会发送什么\n  axgbind bind july.csv --pool-key FC100000000000001 --trial 2      # 首次接触：用一行试真实服务，随后解绑\n  axgbind bind night.csv --pool-key FC100000000000001 --default Expiration=+30d \\\n      --when-bound renew --renew-before 7d --at-most 5000           # 每晚：已绑定的续期，新的绑定"},
	HelpCheck:       {"find every fault of a CSV; no network, nothing is written", "检查 CSV 的所有问题；不联网，不写文件"},
	HelpCheckLong:   {"The checks of bind, and nothing else: no network, no credentials, no journal. Findings\ngo to standard output, one a line. Rows whose Expiration comes before their turn at --rate are among\nthem; --online alone asks the service.", "与 bind 相同的检查，仅此而已：不联网、不需要凭证、不碰台账（journal）。发现的问题逐行写到\n标准输出，其中包括按 --rate 轮到之前就会过期的行。只有 --online 会询问服务端。"},
	HelpUpdate:      {"change live bindings: renew them, or give them another B, group, restriction", "更新有效绑定：续期，或更换 B 号、分组、呼叫限制等"},
	HelpUpdateLong: {`Makes one UpdateSubscription call for each thing that is to change of the bindings that FILE names: the results of a
batch, or a list with the new values that names each binding by PoolKey, SecretNo and SubsId, or by PoolKey, PhoneNoA and
GroupId where one binding lives (axgbind status --bindings writes one). --field says what changes; without it, Expiration.
Of a batch's results, what another batch renewed since is left alone (HELD), and so is a row that would take back what was
changed since its file was written. It takes no new X number, and may be run again at any time: a call whose answer was lost
is made again. The service knows three changes more, which are not offered: updateNoA (A is by what a binding is known
again), updateCallDisplayType and updateAsr (no look-up shows for certain what they did).`,
		`对文件指明的每条绑定，每项更改发送一次 UpdateSubscription。文件可以是批次的结果文件，也可以是含新值的清单，以 PoolKey、SecretNo
和 SubsId 指明绑定；只有一条有效绑定时，PoolKey、PhoneNoA 和 GroupId 即可（axgbind status --bindings 可写出清单）。
--field 指定要更新的字段，缺省为 Expiration（续期）。按批次的结果文件更新时，其他批次之后续期过的不动（HELD）；
会撤回该文件写出之后变更的行也不动。不占用新的中间号，可随时重跑：结果丢失的请求会再次发送。服务端另有三种更改，本命令不提供：
updateNoA（绑定靠 A 号码识别）、updateCallDisplayType 和 updateAsr（查询不一定能确认改后的结果）。`},
	HelpUpdateExample: {"  axgbind update july.results.csv --pool-key FC100000000000001      # new Expiration in the file\n  axgbind update moved.csv --field PhoneNoB --field GroupId --pool-key FC100000000000001\n  axgbind status july.results.csv --bindings > live.csv             # a list, to change and feed to update", "  axgbind update july.results.csv --pool-key FC100000000000001      # 文件中已改为新的过期时间：续期\n  axgbind update moved.csv --field PhoneNoB --field GroupId --pool-key FC100000000000001\n  axgbind status july.results.csv --bindings > live.csv             # 写出清单，修改后交给 update"},
	HelpUnbind:        {"undo: release the bindings of a batch, or a part of them", "撤销：解绑批次的全部或部分绑定"},
	HelpUnbindLong: {`Makes one UnbindSubscription call for the binding of each BOUND row of a batch, named by its results or id, or of a list that
names bindings as update takes it. Without --yes it only tells what would be released, by pool, group and day of Expiration.
It releases what the batch made and still holds. What another batch made, or renewed since, is HELD and named with its
holder: --renewed also releases what this batch only renewed, --foreign what the journal does not know. A binding that is
gone already counts as released, and the command may be run again at any time. SecretNo and SubsId come from the journal;
ids that only the file tells are compared with the service first, and a row whose id a spreadsheet damaged is refused.
A released row is not bound again, unless by bind --resend released.`,
		`对批次（以结果文件或编号指明）中每个 BOUND 行的绑定调用一次 UnbindSubscription；也可用于指明绑定的清单，形式与 update 相同。
不加 --yes 时只列出将要解绑的内容（按号池、分组和到期日）。解绑的是该批次创建并仍持有的绑定；其他批次创建的、之后续期过的
为 HELD，并列出持有者：--renewed 也解绑本批次只是续期过的，--foreign 也解绑台账不知道来历的。已不存在的绑定视为已解绑，
命令可随时重跑。SecretNo 和 SubsId 取自台账（journal）；仅文件给出的 ID 会先与服务端核对，被表格软件损坏的行会被拒绝。
已解绑的行不会再次绑定，除非用 bind --resend released。`},
	HelpUnbindExample: {"  axgbind unbind july.results.csv                       # what would be released\n  axgbind unbind july.results.csv --yes                 # release it\n  axgbind unbind july.results.csv --only 城市=北京 --yes\n  axgbind unbind july.results.csv --lines 2-11 --yes    # the canary\n  axgbind unbind july.results.duplicates.csv --yes      # those that reconcile listed\n  axgbind unbind august.results.csv --renewed --yes     # also what August only renewed", "  axgbind unbind july.results.csv                       # 列出将要解绑的内容\n  axgbind unbind july.results.csv --yes                 # 执行解绑\n  axgbind unbind july.results.csv --only 城市=北京 --yes\n  axgbind unbind july.results.csv --lines 2-11 --yes    # 只撤销先试的 10 行\n  axgbind unbind july.results.duplicates.csv --yes      # 解绑对账列出的重复绑定\n  axgbind unbind august.results.csv --renewed --yes     # 也解绑八月只是续期过的"},
	HelpVerify:        {"compare BOUND rows with the service; changes nothing", "核对：把 BOUND 的行与服务端比较；不做任何更改"},
	HelpVerifyLong: {`Asks the service about every BOUND row of a batch, named by its results or id, at most 1,000 a second: is the binding live, and are A, B, X, group,
Expiration, recording, call restriction and speech recognition those of the row? Rows past their Expiration are only counted.
City, OutId, OutOrderId, display type and ring tones cannot be read back; what was not compared is named.
Differences go to standard output, and one by one to --findings. Nothing is changed.`,
		`向服务端逐行查询批次（以结果文件或编号指明）中 BOUND 的行，每秒至多 1000 次：绑定是否有效，A、B、X、分组、过期时间、录音、呼叫限制、语音识别是否与本行一致。
城市、OutId、OutOrderId、显号类型、彩铃无法读回；未比较的字段会列出。已过期的行只计数，不查询。不一致之处写到标准输出，--findings 逐条列出。不做任何更改。`},
	HelpVerifyExample: {"  axgbind verify july.results.csv\n  axgbind verify july.results.csv --findings differences.csv", "  axgbind verify july.results.csv\n  axgbind verify july.results.csv --findings differences.csv"},
	HelpReconcile:     {"find out what became of UNKNOWN rows; sends nothing", "对账：查清结果未知的行；不发送绑定请求"},
	HelpReconcileLong: {`Finds out what became of the UNKNOWN rows of a batch, named by its results or id, and writes its results anew. It binds
nothing.

Rows that name their X, or got one by --x-numbers, are looked up. Other rows can only be found on a list of the pool's
X numbers: each is asked what it is bound to, at most 1,000 a second. A row that is not found stays UNKNOWN, unless
--list-is-complete says that the list holds every X number of the pool: then it is PENDING, and the next bind sends it.`,
		`查清批次（以结果文件或编号指明）中结果未知的行，并重写结果文件；不发送绑定请求。

指定了 X 或由 --x-numbers 选号的行直接查询。其余的行只能按号池的中间号清单查找：逐个查询绑定关系，每秒至多 1000 次。
未找到的行仍为结果未知；用 --list-is-complete 声明清单包含号池的全部中间号时，未找到的行判定为未绑定，
状态变为未发送，下次 bind 会发送。`},
	HelpReconcileExample: {"  axgbind reconcile july.results.csv\n  axgbind reconcile july.results.csv --x-numbers pool.csv --list-is-complete", "  # 对账\n  axgbind reconcile july.results.csv\n  axgbind reconcile july.results.csv --x-numbers pool.csv --list-is-complete"},
	HelpCheckExample:     {"  axgbind check samples/mixed.csv\n  axgbind check export.csv --map Tel=PhoneNoA --default GroupId=2000000000001", "  axgbind check samples/mixed.csv\n  axgbind check export.csv --map Tel=PhoneNoA --default GroupId=2000000000001"},
	HelpSimulate:         {"serve the simulated service on loopback", "在本机运行模拟服务"},
	HelpSimulateLong:     {"Plays the service in memory: signatures, pools, cities, refusals, limits and faults. Prints\none line with its address when ready and serves until a signal. AccessKeyId testid, secret\ntestsecret, pool FC100000000000001. Look inside: GET /simulator/bindings, numbers, stats.\nAct as others would: POST /simulator/release, change (SubsId, SecretNo).", "在内存中模拟服务：签名、号池、城市、业务拒绝、限流和故障。就绪后打印一行地址，直到\n收到信号。AccessKeyId testid，密钥 testsecret，号池 FC100000000000001。\n查看内部状态：GET /simulator/bindings、numbers、stats。\n模拟他人操作：POST /simulator/release、change（SubsId、SecretNo）。"},
	HelpSimulateExample:  {"  axgbind simulate --latency 80ms --qps 500\n  axgbind simulate --fault drop-after=0.01 --fault throttling=0.05 --seed 7", "  axgbind simulate --latency 80ms --qps 500\n  axgbind simulate --fault drop-after=0.01 --fault throttling=0.05 --seed 7"},
	HelpTemplate:         {"write an input CSV with every column and one example row", "生成包含所有列和一行示例的输入 CSV"},
	HelpTemplateExample:  {"  axgbind template -o bindings.csv", "  axgbind template -o bindings.csv"},
	HelpVersion:          {"print the version", "显示版本"},
	HelpForget:           {"write the journal anew without a phone number", "重写台账（journal），去掉某个号码"},
	HelpForgetLong:       {"Writes the journal anew without these phone numbers: their masked form stands in their place. Hashes and\nids stay, so the journal knows the same. A number is needed, and refused, while a binding of it may live or a\ncall about it is in doubt. Simulated journals and old copies in the folder of the journal (*.damaged, *.moved,\n*.kept.*) lose the numbers too. Then lists, one a line, every known file that still holds one: inputs, results,\nlogs and what else stands in that folder. Those are yours to delete.", "重写台账（journal），去掉这些号码，原处只留打码后的号码；哈希值和 ID 不变，台账所知不变。\n号码的绑定可能仍有效、或有相关请求结果未知时，号码仍然需要，命令会拒绝。台账目录中的演练\n台账和旧副本（*.damaged、*.moved、`.kept` 文件）也一并去掉。之后逐行列出仍含这些号码的已知文件：\n输入、结果、日志，以及该目录中的其他文件，请自行删除。"},
	HelpForgetExample:    {"  axgbind journal forget 13800138000 --dry-run    # what would be done\n  axgbind journal forget 13800138000 \"+86 139 0013 9000\"", "  axgbind journal forget 13800138000 --dry-run    # 只看会做什么\n  axgbind journal forget 13800138000 \"+86 139 0013 9000\""},
	HelpStatus:           {"every batch of the journal, or how one stands", "台账中的全部批次，或某一批次的状态"},
	HelpStatusLong:       {"Reads the journal, whether a run goes on or not, and changes nothing. Without BATCH it lists every batch,\nthe one that ran last first: where its rows stand and how its last run ended. With BATCH it tells of that\none alone: which bindings other batches renewed since, and its last five runs. BATCH is the path of the\nresults, wherever they stand now, or the id of the batch. A binding is live until its Expiration.\n\n--bindings lists the live bindings, those that BATCH holds or all, as CSV that update and unbind take. It\nholds full numbers: keep it as you keep the results.", "读取台账（journal），无论有无运行正在进行，不做任何改动。不指定 BATCH 时列出全部批次，最近运行的在前：\n各状态行数，以及最近一次运行如何结束。指定 BATCH 时只说明该批次：哪些绑定之后由其他批次续期，以及最近\n五次运行。BATCH 为结果文件路径（移动过也可），或批次编号。绑定在过期时间之前有效。\n\n--bindings 以 CSV 列出有效绑定（BATCH 持有的，或全部），可直接用于 update（更新）和 unbind（解绑）。其中是完整号码：\n请与结果文件一样妥善保管。"},
	HelpStatusExample:    {"  axgbind status                              # every batch\n  axgbind status july.results.csv\n  axgbind status --bindings > live.csv        # full numbers", "  axgbind status                              # 全部批次\n  axgbind status july.results.csv\n  axgbind status --bindings > live.csv        # 完整号码"},
	HelpExplain:          {"what a code or rule means, what axgbind does, and the cure", "解释错误码或规则：含义、处理方式和办法"},
	HelpExplainLong:      {"Explains a code of the service, an outcome of a call or a rule for rows: meaning, class, what\naxgbind does, cause, cure and who must act. Without an argument it lists them all.", "解释服务的错误码、调用结果或行规则：含义、类别、axgbind 的处理、原因、办法和责任人。\n不带参数时列出全部。"},
	HelpExplainExample:   {"  axgbind explain isv.BIND_CONFLICT\n  axgbind explain mobile-length --lang zh\n  axgbind explain", "  axgbind explain isv.BIND_CONFLICT\n  axgbind explain mobile-length --lang zh\n  axgbind explain"},
	HelpHelp:             {"help about any command", "查看命令帮助"},
	HelpUsage:            {"Usage:", "用法："},
	HelpCommands:         {"Commands:", "命令："},
	HelpExamples:         {"Examples:", "示例："},
	HelpFlags:            {"Flags:", "参数："},
	HelpGlobalFlags:      {"Global flags:", "全局参数："},
	HelpStatuses:         {"Exit statuses:", "退出状态："},
	HelpStatusList: {"  0 every row bound (check: valid)     6 input refused\n  1 internal or I/O error              7 account-level refusal, call the owner\n  3 some rows FAILED, INVALID or HELD  8 too many failures\n  4 some rows UNKNOWN                 10 usage or configuration error\n  5 some rows PENDING, run again      11 another run holds the journal\n  129/130/143 stopped by a signal after draining, run again",
		"  0 全部绑定（check：全部有效）        6 输入文件被拒绝\n  1 内部或读写错误                     7 账号级拒绝，请联系负责人\n  3 部分行 FAILED、INVALID 或 HELD     8 失败过多\n  4 部分行结果未知（UNKNOWN）         10 用法或配置错误\n  5 部分行未发送（PENDING），再次运行 11 台账正被另一个运行使用\n  129/130/143 收到信号并已收尾，请再次运行"},
	HelpMore: {"axgbind %s --help tells more about a command.", "用 axgbind %s --help 查看某个命令的更多说明。"},

	HelpDefault:  {" (default %s)", "（默认 %s）"},
	HelpAnyFlags: {"[flags]", "[参数]"},
	HelpText:     {"string", "文本"},
	HelpNumber:   {"float", "数字"},
	HelpInteger:  {"int", "整数"},
	HelpDuration: {"duration", "时长"},

	WhyNone:            {"%s", "（原文：%s）"},
	WhyNotExist:        {"%s", "文件或目录不存在"},
	WhyForbidden:       {"%s", "没有权限"},
	WhyExists:          {"%s", "已存在"},
	WhyFull:            {"%s", "磁盘已满"},
	WhyQuota:           {"%s", "超出磁盘配额"},
	WhyHandles:         {"%s", "打开的文件过多"},
	WhyReadOnly:        {"%s", "文件系统只读"},
	WhyDirectory:       {"%s", "是一个目录"},
	WhyNotDirectory:    {"%s", "路径中有一段不是目录"},
	WhyLongName:        {"%s", "文件名过长"},
	WhyIO:              {"%s", "磁盘读写错误"},
	WhyBusy:            {"%s", "正被其他程序占用"},
	WhyDevice:          {"is a device, which must not be replaced by a file", "是设备，不能用文件替换"},
	WhyLink:            {"is a symbolic link, which is not followed here", "是符号链接，此处不会跟随"},
	WhyHardLink:        {"has a second name (a hard link)", "还有另一个名字（硬链接）"},
	WhyNoFile:          {"is a pipe or device, not a file", "是管道或设备，不是普通文件"},
	WhySwapped:         {"was exchanged while it was opened", "在打开时被替换"},
	WhyEdited:          {"was changed since axgbind wrote it", "在 axgbind 写出之后被修改过"},
	WhyForeign:         {"was not written by axgbind", "不是 axgbind 写出的"},
	WhyOtherBatch:      {"belongs to another batch", "属于另一批次"},
	WhyManyBeside:      {"%d new files stand beside it already", "旁边已有 %d 个新文件"},
	WhyIsJournal:       {"is a journal of axgbind", "是 axgbind 的 journal"},
	WhyIsLock:          {"is the lock of a journal", "是 journal 的锁文件"},
	WhyIsReserve:       {"is the reserve of a journal", "是 journal 的预留文件"},
	WhyIsTemporary:     {"has the name of a file that a run of axgbind is writing", "是 axgbind 正在写入的临时文件的名称"},
	WhyIsKeys:          {"is where keys are kept", "是存放密钥的文件"},
	WhyIsInput:         {"is an input", "是输入文件"},
	WhyIsResults:       {"holds results", "是结果文件"},
	WhyIsFailed:        {"holds rows to correct", "是待更正的行"},
	WhyIsFindings:      {"holds findings", "是检查结果清单"},
	WhyIsSummary:       {"is a summary", "是摘要"},
	WhyIsPage:          {"is a page of axgbind", "是 axgbind 生成的页面"},
	WhyIsMetrics:       {"is a metrics file of axgbind", "是 axgbind 的指标文件"},
	WhyIsLog:           {"is a log of axgbind", "是 axgbind 的日志"},
	WhyNoResults:       {"exists and is no results file of axgbind", "已存在且不是 axgbind 的结果文件"},
	WhyNoPage:          {"exists and is no page of axgbind", "已存在且不是 axgbind 生成的页面"},
	WhyNoMetrics:       {"exists and is no metrics file of axgbind", "已存在且不是 axgbind 的指标文件"},
	WhyNoLog:           {"exists and is no log of axgbind", "已存在且不是 axgbind 的日志"},
	WhyLinks:           {"too many symbolic links", "符号链接层数过多"},
	WhyChanged:         {"%s", "输入文件在运行中被改动"},
	WhyJournal:         {"%s", "journal 无法写入"},
	WhyDamage:          {"%s", "校验不符或内容无法识别（原文：%s）"},
	WhyNewer:           {"%s", "由更新版本的 axgbind 写入"},
	WhyNoFlag:          {"%[1]s", "没有参数 %[2]s"},
	WhyNoValue:         {"%[1]s", "参数 %[2]s 缺少取值"},
	WhyBadValue:        {"%[1]s", "参数 %[2]s 的取值 \"%[3]s\" 无效"},
	WhyBadSyntax:       {"%[1]s", "参数写法有误：%[2]s"},
	WhyNoCommand:       {"%[1]s", "没有命令 \"%[2]s\""},
	WhyArgs:            {"%[1]s", "给出的参数个数不对（%[2]d 个）"},
	SourceFault:        {"%s: %s", "%s：%s"},
	WhyNoKey:           {"%s", "环境变量、配置文件和角色都没有给出 AccessKey（原文：%s）"},
	WhyEndpoint:        {"%s", "不能使用"},
	WhySimulator:       {"%s", "参数取值无效或超出范围（原文：%s）"},
	WhyListen:          {"%s", "地址写法有误、不是本机回环，或端口已被占用（原文：%s）"},
	WhyShare:           {"\"%s\": want a share above 0%% and up to 100%%", "\"%s\"：应为大于 0%%、不超过 100%% 的比例"},
	WhyCount:           {"\"%s\": want a number from 1, or a share such as 50%%", "\"%s\"：应为从 1 起的行数，或 50%% 这样的比例"},
	WhyField:           {"no field is called \"%s\"; the fields are %s", "没有名为 \"%s\" 的字段；可用字段：%s"},
	WhyLostCode:        {"%s: a code names FAILED rows, and rows with this one are UNKNOWN; find out what became of them by axgbind reconcile; only --resend unknown sends them again", "%s：错误码只用于 FAILED 的行，而带此错误码的行结果未知；请先运行 axgbind reconcile 对账，只有 --resend unknown 才会重发"},
	WhyKeepForm:        {"%s is no time to keep rows: give days or hours, such as 30d or 72h", "%s 不是保留时间：请给出天数或小时数，例如 30d 或 72h"},
	WhyKeep:            {"%s is less than 2 days: a binding may live for a day after its Expiration", "%s 少于 2 天：绑定在过期后一天内仍可能有效"},
	WhyRange:           {"%s: %s", "%s，应为 %s"},
	WhyAbove0:          {"%s: > 0, for example %s", "%s，应大于 0，例如 %s"},
	WhyTwoValues:       {"%s: two values", "%s 有两个取值"},
	ClassDone:          {"done", "成功"},
	ClassThrottled:     {"throttled", "限流"},
	ClassNotSent:       {"not sent", "未发送"},
	ClassStale:         {"stale", "凭证或时间过期"},
	ClassRow:           {"row", "该行被拒"},
	ClassCapacity:      {"capacity", "号池无号"},
	ClassAccount:       {"account", "账号被拒"},
	ClassAmbiguous:     {"ambiguous", "结果未知"},
	ClassWarning:       {"warning", "警告"},
	SayCertificate:     {"certificate: %s", "证书：%s"},
	DelimiterComma:     {"comma", "逗号分隔"},
	DelimiterTab:       {"tab", "制表符分隔"},
	DelimiterSemicolon: {"semicolon", "分号分隔"},

	FlagOut:             {"results `FILE` (default INPUT without .csv + .results.csv)", "结果文件 `FILE`（默认为输入文件名加 .results.csv）"},
	FlagOutUpdate:       {"results `FILE` (default INPUT without .csv + .updated.csv)", "结果文件 `FILE`（默认为输入文件名加 .updated.csv）"},
	FlagOutUnbind:       {"results `FILE` (default FILE without .csv + .unbound.csv)", "结果文件 `FILE`（默认为文件名加 .unbound.csv）"},
	FlagYesUnbind:       {"release them; without it nothing is released, and you see what would be", "执行解绑；不加则只列出将要解绑的内容"},
	FlagOnly:            {"only rows with `COLUMN=VALUE`, of results also Code=OK,client.AlreadyBound; several must all hold", "只解绑满足 `列=值` 的行，结果文件还可用 Code=OK,client.AlreadyBound；多个条件须同时满足"},
	FlagLines:           {"only rows of these `LINES`, by column Line of results, else by line of the file: 2-11,40", "只解绑这些`行号`（结果文件按 Line 列，其他按文件行号）：2-11,40"},
	FlagJournal:         {"`PLACE` of the journal, the memory of what was sent: a folder, or a file .journal (default: see axgbind journal)", "台账（journal）的位置 `PLACE`，记录已发送的内容：文件夹，或 .journal 文件（默认位置见 axgbind journal）"},
	FlagRenewBefore:     {"with --when-bound renew: only bindings that end within `D`, as 7d or 12h", "与 --when-bound renew 合用：只续期在 `D`（如 7d、12h）内到期的绑定"},
	FlagAtMost:          {"refuse the file if more rows than `N` or N% of its rows would be sent (a wrong file at night)", "要发送的行数超过 `N`（或占总行数 N%）时拒绝该文件（夜间给错文件）"},
	FlagRenewed:         {"also release what the batch only renewed", "也解绑该批次只是续期过的绑定"},
	FlagForeign:         {"also bindings that no batch of the journal made, after a look-up proved each", "也处理台账中没有哪个批次创建的绑定，先逐一查询证实"},
	FlagPoolKey:         {"pool `KEY` for rows without one; short for --default PoolKey=KEY", "没有号池的行使用的号池 `KEY`，等于 --default PoolKey=KEY"},
	FlagDefault:         {"`FIELD=VALUE` for an absent column or empty cell; Expiration=+30d counts for each row from the run that first sends it", "缺少列或空单元格时使用的 `FIELD=VALUE`；Expiration=+30d 每一行从首次发送它的运行算起"},
	FlagMap:             {"`COLUMN=FIELD`: take a column of another name for a field", "`COLUMN=FIELD`：把其他名称的列当作某字段"},
	FlagRate:            {"calls a second, fraction allowed, at most 5000", "每秒调用次数，可为小数，最多 5000"},
	FlagMaxInFlight:     {"calls on the wire: a number, or auto (follows 1.3 x rate x latency, at most 1024)", "同时进行的调用数：数字或 auto（按 1.3×速率×延迟，最多 1024）"},
	FlagTimeout:         {"one call", "单次调用超时"},
	FlagRetries:         {"tries of one row whose request surely did not reach the service", "请求确定未到达服务时，每行的重试次数"},
	FlagAdaptive:        {"slow down when throttled, and recover; never above --rate", "被限流时自动降速并恢复，不超过 --rate"},
	FlagStrict:          {"refuse the whole file if any row is invalid", "只要有无效行就拒绝整个文件"},
	FlagDryRunForget:    {"only tell; nothing is changed", "只列出，不做任何改动"},
	FlagDryRun:          {"tell what would be sent, by the journal; nothing is sent, and neither journal nor results are written", "按台账（journal）说明会发送什么；不发送，不写台账和结果文件"},
	FlagLimit:           {"send at most `N` rows, then stop: a canary; running again goes on", "最多发送 `N` 行后停止，用于试跑；再次运行会继续"},
	FlagResend:          {"also send rows again that are `failed`, unknown, released, or FAILED with a given code (repeatable)", "重发 `failed`、unknown、released 或 FAILED 且为指定错误码的行（可重复）"},
	FlagWhenBound:       {"a row whose pool, A and group have another live binding: refuse (hold it), skip (take that), renew (change that to the row), another (a second X number on purpose)", "号池、A 号码、G 组已有其他有效绑定的行：refuse（暂不发送）、skip（直接采用）、renew（按本行续期）、another（特意再要一个 X 号码）"},
	FlagOnline:          {"also ask the service, by one call that changes nothing: key, clock and pool", "同时向服务端查询一次（不做任何更改）：检查密钥、时钟和号池"},
	FlagField:           {"what changes (repeatable): Expiration, PhoneNoB, GroupId, IsRecordingEnabled, CallRestrict, OutId", "要更新的字段（可重复）：Expiration、PhoneNoB、GroupId、IsRecordingEnabled、CallRestrict、OutId"},
	FlagXNumbers:        {"give rows that name no X one of the free numbers of this `FILE` (column SecretNo; City and PoolKey if known), so that every lost answer can be looked up", "从该清单`文件`（列 SecretNo，可有 City、PoolKey）为未指定 X 的行选用空闲中间号，结果丢失时可逐一核对"},
	FlagXNumbersSweep:   {"`FILE` with the pool's X numbers: each is asked what it is bound to, to find rows that name no X", "号池中间号清单`文件`：逐个查询绑定关系，为未指定 X 的行对账"},
	FlagComplete:        {"the list holds every X number of its pools: only then can a row be shown not to be bound", "声明清单包含号池的全部中间号：只有这样才能判定某行未绑定"},
	FlagMaxFailures:     {"stop when `N` or N% of the rows sent have ended FAILED or UNKNOWN (N% from 100 rows on)", "已发送的行中 FAILED 或 UNKNOWN 达到 `N` 行或 N%（从 100 行起）时停止"},
	FlagUntil:           {"drain and stop at `TIME`: HH:MM Beijing time, +3h from now, or 2026-12-31T06:00:00+08:00; resumable", "到 `TIME` 时收尾停止，可继续：北京时间 HH:MM、从现在起 +3h，或 2026-12-31T06:00:00+08:00"},
	FlagEncoding:        {"auto, utf-8, gb18030 (gbk), utf-16, utf-16le or utf-16be", "auto、utf-8、gb18030（gbk）、utf-16、utf-16le 或 utf-16be"},
	FlagDelimiter:       {"auto, comma, tab or semicolon", "auto、comma、tab 或 semicolon"},
	FlagAllowEmpty:      {"an input with a header and no rows is nothing to do (status 0), not a fault (6); a file without a header stays one", "输入文件只有表头、没有数据行时视为无需处理（状态 0），不算错误（6）；没有表头的文件仍算错误"},
	FlagAllowDuplicates: {"send rows that equal an earlier one, or have its pool, A and GroupId", "允许发送与前面某行完全相同，或号池、A 号码、分组相同的行"},
	FlagSimulate:        {"rehearse against the built-in simulator; no credentials, nothing real", "使用内置模拟服务演练，不需要凭证，不产生真实绑定"},
	FlagEndpoint:        {"service `URL`; plain http only on loopback", "服务地址 `URL`；http 只限本机回环"},
	FlagProgress:        {"auto, bar, plain or none", "auto、bar、plain 或 none"},
	FlagLang:            {"language of sentences for people: en or zh (default from LC_ALL, LC_MESSAGES, LANG)", "提示语言：en 或 zh（默认取自 LC_ALL、LC_MESSAGES、LANG）"},
	FlagSummary:         {"write the end summary as JSON to `FILE`", "把结束摘要以 JSON 写入 `FILE`"},
	FlagFailed:          {"write the rows that need a person (FAILED, INVALID) to `FILE`, ready to correct and feed back", "把需要人工更正的行（FAILED、INVALID）写入 `FILE`，更正后可再次作为输入"},
	FlagLog:             {"write the log to `FILE` instead of standard error; as JSON if it ends in .json or .jsonl", "日志写入 `FILE`，而不是标准错误；以 .json 或 .jsonl 结尾时为 JSON"},
	FlagVerbose:         {"log every call (numbers masked)", "记录每次调用（号码已脱敏）"},
	FlagYes:             {"do not ask before a real run on a terminal", "在终端上真实运行前不再询问"},
	FlagSimListen:       {"loopback address and port", "本机回环地址和端口"},
	FlagSimTLS:          {"serve https with a self-signed certificate", "使用自签名证书提供 https"},
	FlagSimNumbers:      {"free X numbers", "可用中间号数量"},
	FlagSimCities:       {"X numbers by city, such as 北京=100,上海=900", "按城市的中间号数量，如 北京=100,上海=900"},
	FlagSimStrictCity:   {"give no number of another city than ExpectCity", "只分配 ExpectCity 指定城市的号码"},
	FlagSimLatency:      {"service time of a call", "每次调用的服务时间"},
	FlagSimJitter:       {"random addition to the latency", "在延迟上随机增加的时间"},
	FlagSimQPS:          {"calls a second per action; above it isv.FLOW_LIMIT; 0: no limit", "每个接口每秒调用数，超过返回 isv.FLOW_LIMIT；0 为不限"},
	FlagSimFault:        {"`KIND[@Action]=P`: a fault with a probability per call (repeatable)", "`KIND[@Action]=P`：按概率注入故障（可重复）"},
	FlagSimClock:        {"how far the service's clock is ahead; negative: behind", "服务端时钟快多少；负数为慢"},
	FlagSimLag:          {"look-ups see a binding only so much later", "绑定在查询中可见的延迟"},
	FlagSimForm:         {"`FORM` in which look-ups show numbers and times: a86, plus86, 0086, masked, utc (several: a86,utc)", "查询中号码和时间的格式 `FORM`：a86、plus86、0086、masked、utc（可多个：a86,utc）"},
	FlagSimDies:         {"look-ups find nothing after `N` were answered; 0: from the first on (default: never)", "应答 `N` 次查询之后，查询一律查不到绑定；0 为从第一次开始（默认不发生）"},
	FlagSimAssume:       {"a switch where the documents leave the service open, `KEY=VALUE`, such as free-x=null (repeatable; see README)", "文档没有说清之处的开关 `KEY=VALUE`，如 free-x=null（可重复，见 README）"},
	FlagSimSeed:         {"seed of all randomness", "所有随机数的种子"},
	FlagTemplateOut:     {"write to `FILE` (default standard output)", "写入 `FILE`（默认标准输出）"},
	FlagHelp:            {"this help", "本帮助"},
	FlagQuiet:           {"say nothing on standard error when all is well (status 0)", "一切正常（状态 0）时不在标准错误输出任何内容"},
	FlagExcel:           {"write results for Excel and WPS: CRLF, long numbers and dates as text, no cell runs as a formula", "按 Excel 和 WPS 的习惯写结果：CRLF 换行，长数字和日期存为文本，单元格不会被当作公式"},

	RunsRun:       {"run %s", "运行 %s"},
	RunsTime:      {"time", "时间"},
	RunsFrom:      {"from %s, Beijing time", "北京时间 %s 开始"},
	RunsFromTo:    {"%s to %s, Beijing time (%s)", "北京时间 %s 至 %s（%s）"},
	RunsEnded:     {"ended", "结束"},
	RunsNoEnd:     {"no end is recorded: the run was killed, or still goes on", "没有结束记录：运行被强行终止，或仍在进行"},
	RunsWho:       {"who", "执行者"},
	RunsKey:       {", key %s", "，密钥 %s"},
	RunsProgram:   {"program", "程序"},
	RunsInput:     {"input", "输入"},
	RunsFile:      {"%s, %d rows, SHA-256 %s", "%s，%d 行，SHA-256 %s"},
	RunsDigest:    {"%s, SHA-256 %s", "%s，SHA-256 %s"},
	RunsUnwritten: {" (could not be written)", "（未能写入）"},
	RunsCalls:     {"BindAxg", "BindAxg"},
	RunsCallsOf:   {"calls %d, retries %d", "调用 %d 次，重试 %d"},
	RunsCommand:   {"command", "命令"},
	FlagJSON:      {"print it all as JSON, with a BATCH every run of it", "以 JSON 输出全部内容；指定 BATCH 时包括其每次运行"},
	FlagBindings:  {"list the bindings that live as CSV: full numbers", "以 CSV 列出有效绑定：含完整号码"},

	NotifyTitle:          {"axgbind status %d: %s", "axgbind 状态 %d：%s"},
	NotifyTitleSimulated: {"axgbind rehearsal, status %d: %s", "axgbind 演练，状态 %d：%s"},
	NotifyRows:           {"%d rows = %s", "共 %d 行 = %s"},
	NotifyCalls:          {"calls %d in %s, retries %d, throttled %d", "调用 %d 次，用时 %s，重试 %d，限流 %d"},
	NotifyStop:           {"stopped: %s", "停止：%s"},
	NotifyFailure:        {"%d %s %s: %s (%s) → %s", "%d 行 %s %s：%s（%s）→ %s"},
	NotifyMore:           {"… and %d more codes, see the results", "……另有 %d 种错误码，见结果文件"},
	NotifyResults:        {"results: %s", "结果：%s"},
	NotifyNext:           {"next: what to type stands at the end of what the run printed", "下一步：要输入的命令见本次运行输出的末尾"},
	NotifyCure:           {"cure: %s", "办法：%s"},
	NotifySender:         {"from %s at %s, Beijing time", "来自 %s，北京时间 %s"},
	NotifyNoURL:          {"it is no URL", "不是有效的网址"},
	NotifyPlain:          {"it must begin with https:// (plain http only on loopback)", "必须以 https:// 开头（http 只限本机回环）"},
	NotifyUnknown:        {"its path is of no robot known here: /robot/send is DingTalk, /cgi-bin/webhook/send is WeCom, /open-apis/bot/v2/hook/TOKEN is Feishu", "路径不属于已支持的机器人：/robot/send 为钉钉，/cgi-bin/webhook/send 为企业微信，/open-apis/bot/v2/hook/TOKEN 为飞书"},
	NotifyNoToken:        {"it lacks the robot's token (DingTalk: access_token=, WeCom: key=, Feishu: behind hook/)", "缺少机器人的 token（钉钉：access_token=，企业微信：key=，飞书：hook/ 之后）"},
	NotifyLate:           {"no answer within %d s", "%d 秒内没有应答"},
	NotifyOdd:            {"the answer is not a robot's", "应答不是机器人的格式"},
	NotifyNoHost:         {"its host cannot be found", "找不到其主机"},
	NotifyClosed:         {"its host refuses connections", "其主机拒绝连接"},
	NotifyTLS:            {"the certificate of its host is not trusted", "其主机的证书不受信任"},
	NotifyLost:           {"the call failed (%s)", "调用失败（%s）"},
	NotifyHTTP:           {"its host answers with HTTP status %d", "其主机返回 HTTP 状态 %d"},
	NotifyRefused:        {"the robot refused the message with error %d: %s", "机器人拒绝了消息，错误码 %d：%s"},
	SayNotify:            {"the chat robot was not told: %s; the run is not affected; check AXGBIND_NOTIFY_URL and AXGBIND_NOTIFY_SECRET", "未能通知群机器人：%s；不影响本次运行；请检查 AXGBIND_NOTIFY_URL 和 AXGBIND_NOTIFY_SECRET"},
	ErrNotifyURL:         {"environment variable AXGBIND_NOTIFY_URL: %s\ncopy the webhook address from the robot's settings, or unset the variable to run without a robot", "环境变量 AXGBIND_NOTIFY_URL：%s\n从机器人设置中复制 Webhook 地址；不需要通知时清除该变量"},
	ErrNotifySecret:      {"AXGBIND_NOTIFY_SECRET is set, but a WeCom robot takes no signature\nunset AXGBIND_NOTIFY_SECRET", "设置了 AXGBIND_NOTIFY_SECRET，但企业微信机器人不使用签名\n请清除 AXGBIND_NOTIFY_SECRET"},
	ErrNotifyNothing:     {"%s is set, but there is no robot to tell\nset AXGBIND_NOTIFY_URL to the robot's webhook address, or leave it out", "设置了 %s，但没有可通知的机器人\n把 AXGBIND_NOTIFY_URL 设为机器人的 Webhook 地址，或去掉该设置"},
	ErrMetricsName:       {"--metrics %s: node_exporter reads only names that end in .prom\ngive a name such as axgbind.prom, the same every night", "--metrics %s：node_exporter 只读取以 .prom 结尾的文件\n请使用 axgbind.prom 这样的文件名，每晚相同"},
	FlagMetrics:          {"write metrics of the run to `FILE`.prom for node_exporter", "把本次运行的指标写入 `FILE`.prom，供 node_exporter 采集"},

	HelpCompletion:        {"make a shell complete commands, flags and codes", "让命令行补全命令、参数和错误码"},
	HelpCompletionLong:    {"Prints a script for the shell. Load it once, or put it where the shell finds it at its\nstart. TAB then offers commands, flags, their values, CSV files, and the codes of explain. bash\nwants the package bash-completion.", "输出 shell 的补全脚本。可临时加载，也可放到 shell 启动时读取的位置。之后按 TAB 会提示命令、\n参数、参数取值、CSV 文件，以及 explain 的错误码。bash 需要安装 bash-completion。"},
	HelpCompletionExample: {"  source <(axgbind completion bash)                                       # for now\n  axgbind completion bash | sudo tee /etc/bash_completion.d/axgbind       # bash, for good\n  axgbind completion zsh > \"${fpath[1]}/_axgbind\"                         # zsh\n  axgbind completion fish > ~/.config/fish/completions/axgbind.fish       # fish\n  axgbind completion powershell >> $PROFILE                               # PowerShell", "  source <(axgbind completion bash)                                       # 仅本次\n  axgbind completion bash | sudo tee /etc/bash_completion.d/axgbind       # bash，长期有效\n  axgbind completion zsh > \"${fpath[1]}/_axgbind\"                         # zsh\n  axgbind completion fish > ~/.config/fish/completions/axgbind.fish       # fish\n  axgbind completion powershell >> $PROFILE                               # PowerShell"},
	ErrShell:              {"completion wants the name of one shell, got \"%s\"\ntype one of: axgbind completion bash, zsh, fish, powershell", "completion 需要一个 shell 的名称，实际为 \"%s\"\n请使用 axgbind completion 加 bash、zsh、fish 或 powershell"},

	HelpReport:        {"a batch as one page to look at, or its summary here", "把批次做成一页图表，或在终端显示摘要"},
	HelpReportLong:    {"Makes one HTML file of a batch, running or over, from the journal and its results: what became of the\nrows and why, pace, latency, every run, and the night before. It loads nothing from elsewhere, numbers\nin it are masked, and it can be mailed or printed. Without -o, the summary is printed.\nBATCH is the path of the results, wherever they stand now, or the id of the batch; without its results\nthe journal alone tells of it.", "根据台账（journal）和结果（运行中亦可）把批次做成一个网页文件：各行的结果和原因、速度、延迟、\n每次运行、与前一晚的比较。页面不加载任何外部内容，号码已脱敏，可以发邮件或打印。\n不加 -o 时输出摘要。BATCH 为结果文件路径（移动过也可），或批次编号；没有结果文件时仅凭台账。"},
	HelpReportExample: {"  axgbind report july.results.csv                     # the summary\n  axgbind report july.results.csv -o july.html        # the page\n  axgbind report bmikd7k3q -o night.html              # by the id that axgbind status lists", "  axgbind report july.results.csv                     # 摘要\n  axgbind report july.results.csv -o july.html        # 页面\n  axgbind report bmikd7k3q -o night.html              # 按 axgbind status 列出的批次编号"},
	FlagReportOut:     {"write the page to `FILE`.html; - is standard output", "把页面写入 `FILE`.html；- 为标准输出"},
	ErrPageName:       {"--out %s: a page needs a name that ends in .html\ngive a name such as july.html", "--out %s：页面的文件名应以 .html 结尾\n请使用 july.html 这样的文件名"},
	ErrPageResults:    {"%s cannot be read as results: %s\ngive the results file that bind wrote; axgbind status works without it", "%s 无法作为结果文件读取：%s\n请给出 bind 写出的结果文件；axgbind status 不需要它"},
	PageBrand:         {"number bindings, a report", "号码绑定报告"},
	PageTitle:         {"%s: number bindings", "%s 号码绑定报告"},
	PageRehearsal:     {"Rehearsal", "演练"},
	PageRehearsed:     {"Nothing was bound at the real service; every number and answer here was simulated.", "没有在真实服务上绑定任何号码，本页的应答均为模拟。"},
	PageSayRunning:    {"The run goes on; this page shows it up to the moment it was made", "运行尚未结束；本页为生成时的情况"},
	PageSayKilled:     {"The last run ended without a word (killed or crashed); run the same command again", "最近一次运行没有正常结束（被杀或崩溃）；再次运行同一命令"},
	PageStatus:        {"Status %d: %s", "状态 %d：%s"},
	PageStopped:       {"It stopped: %s", "停止原因：%s"},
	PageFromEdited:    {"The results file was changed after the last run wrote it; the counts are those of the file as it is now.", "结果文件在最近一次运行之后被改动过；以下为该文件现在的统计。"},
	PageFromJournal:   {"The last run has not written its results, so the counts come from the journal: INVALID and HELD rows, and rows settled by earlier batches, stand under PENDING.", "最近一次运行没有写出结果，以下统计来自台账（journal）：INVALID 和 HELD 的行，以及此前批次已有结果的行，计在未发送（PENDING）中。"},
	PageFromEnd:       {"The results file is not there, so the counts are those that the last run recorded; where rows failed is not known.", "结果文件不在，以下为最近一次运行记录的统计；失败分布未知。"},
	PageCompacted:     {"The journal was compacted on %s: of earlier runs only what they said at their end is kept.", "台账（journal）于 %s 压缩过：更早的运行只保留其结束时的记录。"},
	PageUnbalanced:    {"The counts do not balance: %s counted, %s read. Please report this.", "计数不平：统计 %s 行，读入 %s 行。请反馈此问题。"},
	PageNone:          {"No row", "没有任何行"},
	PageAllBound:      {"All %s rows are bound", "%s 行全部绑定成功"},
	PageOneBound:      {"The one row is bound", "仅有的一行绑定成功"},
	PageNoneBound:     {"None of %s rows is bound", "%s 行均未绑定成功"},
	PageSomeBound:     {"%s of %s rows are bound", "绑定成功 %s 行，共 %s 行"},
	PageStates:        {"Rows by state", "各状态行数"},
	PageStateHead:     {"State", "状态"},
	PageRowsHead:      {"Rows", "行数"},
	PageShare:         {"Share", "占比"},
	PageMeaning:       {"Meaning", "含义"},
	PageReleased:      {"%s of %s bindings are released", "已解绑 %s 条，共 %s 条"},
	PageMeansReleased: {"the binding was taken back by unbind", "绑定已由 unbind 解绑"},
	PageMeansBound:    {"the service confirmed the binding", "服务确认已绑定"},
	PageMeansFailed:   {"the service refused the row", "服务拒绝了这一行"},
	PageMeansInvalid:  {"never sent: a local check found a fault", "本地检查未通过，未发送"},
	PageMeansHeld:     {"fit to be sent, but the journal has, or may have, a binding in its place: a person decides", "台账里这个位置已有绑定或可能有绑定，等人决定，暂不发送"},
	PageMeansUnknown:  {"sent, and nobody knows whether it was executed", "已发送，不知道是否执行"},
	PageMeansPending:  {"the next run sends it: not executed, or a change or release that may be made twice", "下次运行会发送：没有执行，或是可以重复执行的变更、解绑"},
	PageFacts:         {"The last run", "最近一次运行"},
	PageInput:         {"Input", "输入"},
	PageStarted:       {"Started", "开始"},
	PageTook:          {"Took", "用时"},
	PageCalls:         {"Calls", "调用"},
	PageRetries:       {"Retries", "重试"},
	PageThrottled:     {"Throttled", "限流"},
	PageAverage:       {"Average", "平均"},
	PagePeak:          {"Peak second", "最快一秒"},
	PageLimit:         {"Limit", "上限"},
	PageLatency:       {"Latency", "延迟"},
	PageBy:            {"Run by", "运行者"},
	PagePerSecond:     {"%s/s", "%s/s"},
	PageAttention:     {"What needs attention", "需要关注"},
	PageNothing:       {"Nothing: no row was refused, invalid, held back or left in doubt.", "没有被拒绝、无效、暂不发送或结果未知的行。"},
	PageCodesTitle:    {"%s is the most frequent reason: %s of %s rows", "最多的原因是 %s：%s 行，共 %s 行"},
	PageCodesOne:      {"%s is the only reason, for %s rows", "唯一的原因是 %s：%s 行"},
	PageCodesOneRow:   {"%s is the only reason, for one row", "唯一的原因是 %s：1 行"},
	PageCodesUnit:     {"Rows that are not bound, by code; a row counts once", "未绑定成功的行，按错误码；每行只计一次"},
	PageCode:          {"Code", "错误码"},
	PageWho:           {"Who acts", "负责人"},
	PageMoreCodes:     {"and %s more codes; see the results", "另有 %s 种错误码，见结果文件"},
	PageCodeRows:      {"%s rows %s", "%s 行 %s"},
	PageCodeRow:       {"1 row %s", "1 行 %s"},
	PageCause:         {"Cause", "原因"},
	PageCure:          {"Cure", "办法"},
	PageFirst:         {"The first %s of %s rows", "前 %s 行，共 %s 行"},
	PageThese:         {"The rows", "涉及的行"},
	PageLine:          {"Line", "行"},
	PageGroup:         {"Group", "G 组"},
	PageA:             {"A number", "A 号"},
	PageReason:        {"In this row", "本行情况"},
	PageRequest:       {"RequestId", "RequestId"},
	PageOneNot:        {"The one row is not bound", "仅有的一行未绑定成功"},
	PageAttempts:      {"Calls", "调用次数"},
	PageAt:            {"Last answer", "最后应答"},
	PageUnseen:        {"Lines %s", "行 %s"},
	PageCourse:        {"The course of the batch", "批次过程"},
	PageCourseRuns:    {"%s runs on one time line. Pauses between them, hatched, are narrowed.", "%s 次运行在同一时间轴上。斜线处为两次运行之间的间隔，宽度已压缩。"},
	PageCourseOld:     {"The course is that of the latest %s runs; the table of runs has them all.", "过程仅含最近 %s 次运行；全部运行见“各次运行”表。"},
	PageNoCourse:      {"The journal holds no call of this batch.", "台账（journal）中没有本批次的调用。"},
	PageShowTable:     {"The numbers", "数据"},
	PageTime:          {"From (UTC+8)", "时间（北京）"},
	PageSpan:          {"Length", "时长"},
	PageRowsTitle:     {"%s bound in %s of running", "运行 %[2]s，绑定 %[1]s 行"},
	PageRowsUnit:      {"Rows by state over time; each strip has a scale of its own", "各状态行数随时间的变化；每一条的比例尺不同"},
	PageRowsGone:      {"The journal counts rows that have left the input since, so these numbers end above those of the summary.", "台账（journal）中有些行已不在输入里，因此这里的数字大于上面的统计。"},
	PagePaceTitle:     {"On average %s calls/s, at most %s", "平均每秒 %s 次调用，最多 %s 次"},
	PagePaceUnder:     {"On average %s calls/s, at most %s, which is within the limit of %s", "平均每秒 %s 次调用，最多 %s 次，未超过上限 %s"},
	PagePaceOver:      {"On average %s calls/s; %s in one second, above the limit of %s", "平均每秒 %s 次调用；有一秒达 %s 次，超过上限 %s"},
	PageThrottledNone: {"none was throttled", "没有限流"},
	PageThrottledSome: {"%s were throttled", "%s 被限流"},
	PagePaceUnit:      {"Calls a second, by when they left", "每秒调用次数，按发出时间"},
	PageKeyCalls:      {"calls", "调用"},
	PageKeyLimit:      {"limit in force", "当时的上限"},
	PageKeyThrottled:  {"throttled", "有限流"},
	PageKeyChange:     {"change of pace", "上限变化"},
	PageLatencyTitle:  {"Half of the answers came within %s, 99 of 100 within %s", "半数应答在 %s 之内，99%% 在 %s 之内"},
	PageLatencyUnit:   {"Latency in milliseconds: the band reaches from p50 to p99", "延迟，单位毫秒：色带为 p50 至 p99"},
	PageFlightTitle:   {"Calls under way at once: at most %s", "同时进行的调用最多 %s 次"},
	PageFlightUnit:    {"Calls in flight, looked at once a second", "进行中的调用数，每秒观察一次"},
	PageNoFlight:      {"Calls in flight are looked at once a second; no run lasted that long.", "进行中的调用数每秒观察一次；没有一次运行达到一秒。"},
	PageAnswers:       {"Answers", "应答"},
	PageP50:           {"p50", "p50"},
	PageP99:           {"p99", "p99"},
	PagePaceHead:      {"Calls/s", "每秒调用"},
	PageInFlight:      {"In flight", "进行中"},
	PageWhere:         {"Where rows failed", "失败分布"},
	PageWhereUnit:     {"Rows FAILED, INVALID, HELD or UNKNOWN; the bar is their share of the place's rows", "FAILED、INVALID、HELD、UNKNOWN 的行；横条为其占该处行数的比例"},
	PagePool:          {"Pool", "号池"},
	PageCity:          {"City", "城市"},
	PageByPool:        {"By pool", "按号池"},
	PageByGroup:       {"By group", "按 G 组"},
	PageByCity:        {"By city", "按城市"},
	PagePlaceTitle:    {"%s has the most: %s of %s", "最多的是 %s：%s 行，共 %s 行"},
	PagePlaceBlank:    {"(none given)", "（未填）"},
	PagePlaceRest:     {"all others, %s of them with failures", "其余，其中 %s 个有失败"},
	PageFailing:       {"Failing", "失败"},
	PageFailShare:     {"Share of its rows", "占该处行数"},
	PageBeforeHead:    {"Against the last night", "与前一晚比较"},
	PageBeforeUnit:    {"Rows sent by the batch before in this journal, %s, against those of this batch, %s", "同一台账（journal）中前一个批次 %s 与本批次 %s 发送的行"},
	PageThen:          {"Then, %s", "前一晚 %s"},
	PageNow:           {"Now, %s", "本次 %s"},
	PageMeasure:       {"Measure", "项目"},
	PageNewCodes:      {"New codes: %s", "新出现的错误码：%s"},
	PageNoNewCodes:    {"No code is new.", "没有新出现的错误码。"},
	PageGoneCodes:     {"No longer seen: %s", "不再出现：%s"},
	PageAgain:         {"%s rows fail or are in doubt again, by pool, A and group: lines %s", "%s 行再次失败或结果未知（号池、A 号、分组相同）：行 %s"},
	PageAgainOne:      {"1 row fails or is in doubt again, by pool, A and group: line %s", "1 行再次失败或结果未知（号池、A 号、分组相同）：行 %s"},
	PageAgainNone:     {"No row fails again.", "没有再次失败的行。"},
	PageRuns:          {"The runs", "各次运行"},
	PageRunsCaption:   {"Every run of the batch, oldest first; rows are those that stood so after it, of rows that were sent", "批次的每次运行，先后为序；行数为该次运行之后已发送各行的状态"},
	PageRunHead:       {"Run", "运行"},
	PageHowEnded:      {"How it ended", "如何结束"},
	PageRunKilled:     {"killed or crashed", "被杀或崩溃"},
	PageRunOn:         {"goes on", "运行中"},
	PageMade:          {"Made by axgbind %s on %s (Beijing) from %s and %s. Phone numbers are masked; this file loads nothing from elsewhere.", "由 axgbind %s 于 %s（北京时间）根据 %s 和 %s 生成。号码已脱敏；本文件不加载任何外部内容。"},
	PageListAnd:       {", ", "、"},
	SeverityError:     {"error", "错误"},
	SeverityWarning:   {"warning", "警告"},
	SeverityRepaired:  {"repaired", "已修正"},
	FindingHead:       {"%s%s%s: %s, %s", "%s%s%s：%s，%s"},
	FindingRow:        {"1 row", "1 行"},
	FindingRows:       {"%d rows", "%d 行"},
	FindingPlace:      {", %s", "，%s"},
	FindingFirst:      {"  line %d: %s", "  第 %d 行：%s"},
	FindingMore:       {"… and %d more kinds of findings: --findings FILE lists all", "……另有 %d 类问题：用 --findings FILE 列出全部"},
	FindingCounts:     {"%d rows read = %d valid + %d invalid; of the valid, %d repaired and %d with warnings", "读入 %d 行 = 有效 %d 行 + 无效 %d 行；有效行中已修正 %d 行，有警告 %d 行"},
	FindingListed:     {"%s lists the first %d of %d %s findings", "%s 只列出 %[3]d 条 %[4]s 中的前 %[2]d 条"},
	FindingTotal:      {"%d findings listed in %s", "共 %d 条问题，见 %s"},
	SumRepaired:       {"%d rows with repaired values", "%d 行有已修正的值"},
	SumFindings:       {"findings", "问题"},
	ErrFindingsKind: {"--findings %s: the name must end in .csv, .jsonl, .ndjson or .json\nname it findings.csv for a spreadsheet or findings.jsonl for a program",
		"--findings %s：文件名须以 .csv、.jsonl、.ndjson 或 .json 结尾\n给表格软件用写成 findings.csv，给程序用写成 findings.jsonl"},
	DoesRepair:              {"the value is put right and the row is sent; the results keep the input's own text", "修正后照常提交；结果文件保留输入原文"},
	FlagFindings:            {"write every finding to `FILE`: .csv, or .jsonl for JSON lines", "把每一条问题写入 `FILE`：.csv，或 .jsonl（每行一个 JSON）"},
	HelpJournal:             {"begin, check, copy the journal, the memory of what was sent; forget a number", "台账（journal，已发送内容的记录）：新建、检查、复制、去掉号码"},
	HelpJournalLong:         {"The journal is the one memory of what was sent, for all batches. bind never begins it by itself: an\nempty memory looks the same whether it is new or lost. It stands where --journal says, or AXGBIND_JOURNAL;\nelse in the folder of the system, if there is one, else in that of the user:\n  Linux    /var/lib/axgbind/axgbind.journal, ~/.local/state/axgbind/axgbind.journal\n  Windows  %ProgramData%\\axgbind\\axgbind.journal, %LocalAppData%\\axgbind\\axgbind.journal\n  macOS    /Library/Application Support/axgbind/axgbind.journal, and the same below ~\nA simulator has a journal of its own in the same folder, which begins by itself. Rows leave the journal 30\ndays after their binding ended, or what AXGBIND_KEEP says.", "台账（journal）是所有批次共用的发送记录。bind 不会自行新建：空的台账看不出是新的还是丢了。\n位置由 --journal 或 AXGBIND_JOURNAL 指定；否则为系统目录（存在时），再否则为用户目录：\n  Linux    /var/lib/axgbind/axgbind.journal，~/.local/state/axgbind/axgbind.journal\n  Windows  %ProgramData%\\axgbind\\axgbind.journal，%LocalAppData%\\axgbind\\axgbind.journal\n  macOS    \"/Library/Application Support/axgbind/axgbind.journal\"，以及 ~ 下的同名位置\n模拟服务在同一目录中有各自的台账，自动新建。绑定结束 30 天后（或 AXGBIND_KEEP 指定的时间），\n该行移出台账。"},
	HelpJournalExample:      {"  axgbind journal init                  # once, before the first bind\n  axgbind journal check                 # what it is, and whether it is whole\n  axgbind journal copy /data/axgbind    # carry it to another place, used from then on\n  axgbind journal forget 13800138000    # write it anew without a number", "  axgbind journal init                  # 首次 bind 之前运行一次\n  axgbind journal check                 # 查看台账并检查是否完好\n  axgbind journal copy /data/axgbind    # 转移到另一位置，此后使用那里的台账\n  axgbind journal forget 13800138000    # 重写台账，去掉某个号码"},
	HelpJournalInit:         {"begin the journal, once", "新建台账（journal），只需一次"},
	HelpJournalInitLong:     {"Makes the folder and an empty journal in it. PLACE is a folder, or a file whose name ends in .journal;\nwithout it the journal stands where every command looks for it. It refuses where there is one already,\nin another usual place too, and a folder that goes with the container or the power.", "建立目录和其中的空台账。PLACE 为目录，或名字以 .journal 结尾的文件；不给出时，台账放在各命令默认\n查找的位置。已有台账（包括在其他默认位置）时拒绝；目录会随容器或断电消失时也拒绝。"},
	HelpJournalInitExample:  {"  axgbind journal init\n  axgbind journal init /data/axgbind    # then --journal /data/axgbind, or AXGBIND_JOURNAL", "  axgbind journal init\n  axgbind journal init /data/axgbind    # 之后用 --journal 或 AXGBIND_JOURNAL 指明该位置"},
	HelpJournalCheck:        {"read the journal from end to end", "从头到尾检查台账（journal）"},
	HelpJournalCheckLong:    {"Tells what the journal is and lists what is damaged in it, by line. It takes no lock and changes\nnothing, but with --repair: then lines of which it is certain what they were are put right, and the\nold journal is kept beside the new one.", "显示台账（journal）的概况，逐行列出损坏之处。不加锁，不做改动；加 --repair 时，能确定原文的行会恢复\n原文，旧台账保留在旁边。"},
	HelpJournalCheckExample: {"  axgbind journal check\n  axgbind journal check --repair\n  axgbind journal check /backup/axgbind", "  axgbind journal check\n  axgbind journal check --repair\n  axgbind journal check /backup/axgbind"},
	HelpJournalCopy:         {"carry the journal over to a place that has none", "把台账（journal）转移到没有台账的位置"},
	HelpJournalCopyLong:     {"Copies all records to PLACE, and sets the old journal aside under the name .moved: of two journals in use,\neach would send what the other has sent. With --backup the old one stays in use, and may be in use meanwhile.", "把全部记录复制到 PLACE，旧台账改名为 .moved 停用：若两份同时使用，会重复发送对方已发送的内容。\n加 --backup 时旧台账继续使用，复制时运行也可以继续。"},
	HelpJournalCopyExample:  {"  axgbind journal copy /data/axgbind\n  axgbind journal copy --journal /data/axgbind /var/lib/axgbind", "  axgbind journal copy /data/axgbind\n  axgbind journal copy --journal /data/axgbind /var/lib/axgbind"},
	FlagAnother:             {"begin it all the same: nothing that another journal knows is to count", "仍然新建：其他台账（journal）记录的内容一概不算"},
	FlagRepair:              {"put lines right of which it is certain what they were; takes the lock", "恢复能确定原文的行；需要加锁"},
	FlagAccept:              {"take a journal for whole that lacks what some batches sent: rows of theirs may be bound a second time", "把缺少部分批次记录的台账视为完整：这些批次的行可能再次绑定"},
	FlagJournalFrom:         {"`PLACE` of the journal to copy (default: the one that is in use)", "要复制的台账（journal）的 `PLACE`（默认为当前使用的）"},
	ErrThere:                {"there is a journal at %s already; it was left as it is\nnothing to do: it is used as it stands", "%s 处已有台账（journal），未做改动\n无需处理：直接使用即可"},
	ErrElsewhere:            {"there is another journal on this machine, %[1]s; a new one would know nothing of what was bound with it, and no journal was begun\nuse that one: %[2]s\nor carry it over, for all who use it: %[3]s\nor, only if its bindings are no concern of these, begin another: %[4]s", "本机另有台账（journal）%[1]s；新台账不知道用它绑定过什么，因此没有新建\n使用那一份：%[2]s\n或把它转移过来，供所有使用者共用：%[3]s\n只有它的绑定与此处无关时才另建：%[4]s"},
	ErrPassing:              {"the folder %[1]s is on %[2]s, which goes with the container or the power, and the memory of what is bound with it; no journal was begun\ngive a folder that stays, such as a mounted volume; or, for a trial: %[3]s", "目录 %[1]s 在 %[2]s 上，会随容器或断电消失，绑定记录也随之丢失；没有新建台账（journal）\n请指定能长期保留的目录，例如挂载的卷；只是试用时：%[3]s"},
	SayBegun:                {"journal begun at %s: it is empty, and knows of no binding", "已新建台账（journal）%s：尚为空，没有任何绑定"},
	SayPlaceName:            {"commands do not look there by themselves: give each %s, or set %s", "各命令默认不在此处查找：每次加 %s，或设置 %s"},
	SayCopied:               {"%d records copied from %s to %s", "已把 %d 条记录从 %s 复制到 %s"},
	SayCopyHeld:             {"a run was writing to the journal meanwhile, and what it records later is not in the copy: %s", "复制时有运行正在写入，它之后的记录不在副本中：%s"},
	SayRetired:              {"the old one is not used any more; it is kept as %s", "旧台账不再使用，保留为 %s"},
	SayAccepted:             {"journal %s counts as whole from now on; what it lacks is not known", "台账（journal）%s 从现在起视为完整；它缺少的内容无从得知"},
	SayPassing:              {"%s is on %s: it goes with the container or the power, and with it all that is known", "%s 位于 %s：随容器或断电消失，所记录的内容也会一并丢失"},
	SayBackup:               {"%s is a backup: the journal that it was copied from stays in use. To put it back, copy the file to where that one was; what was sent since is then asked for", "%s 是备份：原来的台账继续使用。需要恢复时，把该文件放回原处；其后发送的内容届时会要求补入"},
	SayRepaired:             {"%d damaged places put right in %s; the journal as it was is %s", "%[2]s 中已恢复 %[1]d 处损坏；原台账（journal）保留为 %[3]s"},
	CheckJournal:            {"journal %s", "台账（journal）%s"},
	CheckID:                 {"id", "编号"},
	CheckCreated:            {"begun", "建立于"},
	CheckSize:               {"size", "大小"},
	CheckBytes:              {"%d bytes, %d records", "%d 字节，%d 条记录"},
	CheckRuns:               {"runs", "运行"},
	CheckRunsOf:             {"%d, of %d batches", "%d 次，%d 个批次"},
	CheckRows:               {"rows", "行"},
	CheckRowsOf:             {"%d, live bindings %d", "%d 行，有效绑定 %d 个"},
	CheckLast:               {"last run", "最近运行"},
	WhyNoRun:                {"there was none", "从未运行"},
	CheckRun:                {"%s, %s of batch %s (results %s)", "%s，%s，批次 %s（结果 %s）"},
	CheckTorn:               {"the last record was torn by a crash, or is being written (%d bytes): the next run drops it", "最后一条记录因崩溃未写完，或正在写入（%d 字节）：下次运行会丢弃它"},
	CheckGood:               {"it is whole", "完好"},
	CheckDamage:             {"line %s (byte %d, %d bytes): %s; %s", "第 %s 行（第 %d 字节起，共 %d 字节）：%s；%s"},
	CheckMore:               {"and %d more places", "另有 %d 处"},
	DamageBit:               {"one bit was changed, and it is certain which", "有一个比特被改动，能确定是哪一个"},
	DamageLooks:             {"it begins like the record \"%s\"; what else it was is not known", "开头像是记录 \"%s\"；其余原文未知"},
	DamageUnknown:           {"what it was is not known", "原文未知"},
	ErrRepairable:           {"journal %[1]s is damaged in %[2]d places, and it is certain what stood there\nput it right: %[3]s", "台账（journal）%[1]s 有 %[2]d 处损坏，原文都能确定\n恢复原文：%[3]s"},
	ErrUnrepairable:         {"journal %[1]s is damaged in %[2]d places, and it is not certain what stood there\nput back the newest copy of the journal that is whole; without one, begin another, and bring in the results of its batches, each once: %[3]s", "台账（journal）%[1]s 有 %[2]d 处损坏，无法确定原文\n请放回最新的完好副本；没有时另建一份，再把各批次的结果各补入一次：%[3]s"},
	WhyMissing:              {"lacks what some batches sent", "缺少一些批次发送过的内容"},
}
