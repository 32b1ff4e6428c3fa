// Package keychain finds the access key: it asks the places of the vendor's default chain,
// in its order, and hands the key out for call after call.
//
// It promises that asking is cheap and safe for concurrent use, that a temporary key is
// renewed before it ends, and that whatever a place holds (files, tokens, the answers of
// servers and commands) never stands in a word that is said: where there is no key, each
// place that somebody set up tells why in words of ours.
//
// It refuses a key that cannot be right before any call is made with it.
package keychain
