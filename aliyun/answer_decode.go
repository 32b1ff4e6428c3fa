package aliyun

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
)

// This file reads answers token by token, in place of json.Unmarshal, which
// takes keys in any case, keeps the last of those that are repeated, and cannot
// tell an absent value from an empty one. The usual answer does not come here,
// see scan.

// object is an object of an answer that is read.
type object uint8

const (
	envelope object = iota
	bindDTO
	detailDTO
	numberDTO
)

// keys are where the values stand.
var keys = [...]struct {
	in   object
	name string
	at   place
}{
	{envelope, "Code", atCode}, {envelope, "Message", atMessage}, {envelope, "RequestId", atRequestID},
	{envelope, "SubsId", atSubsID}, {envelope, "SecretNo", atSecretNo},
	{bindDTO, "SecretNo", boundSecretNo}, {bindDTO, "SubsId", boundSubsID},
	{detailDTO, "SubsId", detailSubsID}, {detailDTO, "PhoneNoA", detailA}, {detailDTO, "PhoneNoB", detailB}, {detailDTO, "PhoneNoX", detailX},
	{detailDTO, "GroupId", detailGroup}, {detailDTO, "ExpireDate", detailExpires}, {detailDTO, "GmtCreate", detailCreated},
	{detailDTO, "Status", detailStatus}, {detailDTO, "NeedRecord", detailRecord}, {detailDTO, "CallRestrict", detailRestrict},
	{detailDTO, "ASRStatus", detailASR}, {detailDTO, "ASRModelId", detailModel},
	{numberDTO, "SecretStatus", numberStatus}, {numberDTO, "City", numberCity},
}

// objects are the objects in the envelope.
var objects = [...]struct {
	name string
	is   object
}{{"SecretBindDTO", bindDTO}, {"SecretBindDetailDTO", detailDTO}, {"SecretNoInfoDTO", numberDTO}}

// decode reads any JSON.
func (a *answer) decode(body []byte) error {
	if !json.Valid(body) {
		return errNotJSON
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if t, _ := d.Token(); t != json.Delim('{') {
		return errNotJSON
	}
	return a.object(d, envelope)
}

// object reads the rest of an object whose brace was read.
func (a *answer) object(d *json.Decoder, in object) error {
	seen := map[string]bool{}
	for d.More() {
		key := token(d).(string)
		like := folded(key)
		if seen[like] {
			return errRepeated
		}
		seen[like] = true
		at, inner, alike := lookFor(in, key, like)
		if alike {
			return errSpelling
		}
		t := token(d)
		switch _, within := t.(json.Delim); {
		case inner != envelope && t == json.Delim('{'):
			if err := a.object(d, inner); err != nil {
				return err
			}
		case inner != envelope && t != nil:
			return errType
		case inner != envelope:
		case at != places && !within:
			a.values[at] = valueOf(t)
		default:
			if at != places {
				a.values[at] = value{kind: other}
			}
			if err := a.pass(d, like, t); err != nil {
				return err
			}
		}
	}
	token(d) // the brace
	return nil
}

// lookFor finds what a key of an object stands for: a value, or in the envelope an
// object; places and envelope if nobody asks for it. alike is set if it is written
// nearly as a key that is asked for.
func lookFor(in object, key, like string) (at place, inner object, alike bool) {
	for i, k := range keys {
		if k.in == in && foldedKeys[i] == like {
			return k.at, envelope, k.name != key
		}
	}
	for i, o := range objects {
		if in == envelope && foldedObjects[i] == like {
			return places, o.is, o.name != key
		}
	}
	return places, envelope, false
}

// folded is what keys have in common that people would read alike.
func folded(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, key)
}

var (
	foldedKeys = func() (f [len(keys)]string) {
		for i := range keys {
			f[i] = folded(keys[i].name)
		}
		return f
	}()
	foldedObjects = func() (f [len(objects)]string) {
		for i := range objects {
			f[i] = folded(objects[i].name)
		}
		return f
	}()
	// Keys of a binding's data, wherever they stand.
	foldedSubsID, foldedSecretNo = folded("SubsId"), folded("SecretNo")
)

// pass goes past a value that nobody asks for, and notes a binding's data in it.
func (a *answer) pass(d *json.Decoder, like string, t json.Token) error {
	open, is := t.(json.Delim)
	if !is {
		a.names = a.names || (like == foldedSubsID || like == foldedSecretNo) && t != nil && t != "" && t != false
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			key := token(d).(string)
			if seen[key] {
				return errRepeated
			}
			seen[key] = true
			like = folded(key)
		}
		if err := a.pass(d, like, token(d)); err != nil {
			return err
		}
	}
	token(d) // the bracket
	return nil
}

// valueOf is the value of a token that opens nothing.
func valueOf(t json.Token) value {
	switch t := t.(type) {
	case nil:
		return value{}
	case string:
		return value{text, t}
	case bool:
		return value{truth, strconv.FormatBool(t)}
	case json.Number:
		// 2^53 is as far as readers that know only floating point keep integers.
		if n, err := strconv.ParseUint(t.String(), 10, 64); err == nil && n <= 1<<53 {
			return value{integer, t.String()}
		}
	}
	return value{kind: other}
}

// token is the next token of a text that is known to be JSON.
func token(d *json.Decoder) json.Token {
	t, _ := d.Token()
	return t
}
