#!/usr/bin/env bash
# Breaks one thing at a time in a copy of the tree, in our canonical request or
# in the simulator's check, and demands that the conformance tests fail.
# Prints for each mutation the tests that caught it; status 1 if one lives.
#
#     aliyun/conformance/mutate.sh            all mutations, about two minutes
#     aliyun/conformance/mutate.sh escape     those whose name holds "escape"
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/aliyun"
cp "$root/go.mod" "$root/go.sum" "$copy/"
cp -r "$root/aliyun/." "$copy/aliyun/"
cd "$copy/aliyun/conformance"

run() { go test -count=1 -rapid.checks=200 . 2>&1; }

if ! out=$(run); then
	echo "$out"
	echo "mutate: the tests fail without any mutation" >&2
	exit 1
fi

lived=0 killed=0
# mutate NAME FILE FROM TO [FILE FROM TO]...: replaces the first FROM in FILE.
mutate() {
	local name=$1 only=${FILTER:-}
	shift
	[[ $name == *"$only"* ]] || return 0
	local files=()
	while (($# > 0)); do
		local file=$copy/aliyun/$1
		files+=("$1")
		FROM=$2 TO=$3 perl -0pi -e 'BEGIN { $n = 0 } $n += s/\Q$ENV{FROM}\E/$ENV{TO}/; END { exit($n ? 0 : 9) }' "$file" || {
			echo "mutate: $name: \"$2\" is not in $1" >&2
			exit 2
		}
		shift 3
	done
	local out
	if ! out=$(go vet . 2>&1); then
		echo "$out"
		echo "mutate: $name does not compile" >&2
		exit 2
	fi
	if out=$(run); then
		printf 'LIVES   %-44s %s\n' "$name" "${files[*]}"
		lived=$((lived + 1))
	else
		killed=$((killed + 1))
		printf 'caught  %-44s by %s\n' "$name" "$(grep -oE '^--- FAIL: [A-Za-z0-9]+' <<<"$out" | sed 's/--- FAIL: //' | sort -u | paste -sd' ')"
	fi
	for f in "${files[@]}"; do cp "$root/aliyun/$f" "$copy/aliyun/$f"; done
}
FILTER=${1:-}

# Our canonical request, a byte each.
mutate 'ours: method'                 sign.go '"POST\n/\n"' '"PUST\n/\n"'
mutate 'ours: path'                   sign.go '"POST\n/\n"' '"POST\n?\n"'
mutate 'ours: host header'            sign.go '"\nhost:"' '"\nhost="'
mutate 'ours: action header'          sign.go '"\nx-acs-action:"' '"\nx-acs-actiom:"'
mutate 'ours: token header'           sign.go '"\nx-acs-security-token:"' '"\nx-acs-security_token:"'
mutate 'ours: empty line before list' sign.go '"\n\n"' '"\n"'
mutate 'ours: hash of the empty body' sign.go 'e3b0c44298' 'e3b0c44299'
mutate 'ours: list of signed headers' sign.go 'x-acs-date;x-acs-signature-nonce;x-acs-version"' 'x-acs-date,x-acs-signature-nonce;x-acs-version"'
mutate 'ours: algorithm'              sign.go '"ACS3-HMAC-SHA256"' '"ACS4-HMAC-SHA256"'
mutate 'ours: date format'            sign.go '15:04:05Z' '15:04:05z'
mutate 'ours: escape of ~'            query.go "c == '~'" "c == '!'"
mutate 'ours: escape in lower case'   query.go '0123456789ABCDEF' '0123456789ABCDEf'
mutate 'ours: escape of 9'            query.go "c <= '9'" "c <  '9'"
mutate 'ours: separator'              query.go "append(b, '&')" "append(b, ';')"
mutate 'ours: hours to Beijing'       query.go '8 * time.Hour' '7 * time.Hour'
mutate 'ours: name of a parameter'    bind.go '"OutOrderId"' '"OutOrderID"'

# The simulator's check.
mutate 'simulator: V3 signature unread'  simulator/sign.go 'if !hmac.Equal(b[mac:], []byte(c.signature)) {
		return refuse(http.StatusBadRequest, codeSignatureDoesNotMatch, mismatch+string(b[canonical:end])+' 'if false {
		return refuse(http.StatusBadRequest, codeSignatureDoesNotMatch, mismatch+string(b[canonical:end])+'
mutate 'simulator: V1 signature unread'  simulator/sign.go 'if !hmac.Equal(b[mac:], []byte(c.signature)) {
		return refuse(http.StatusBadRequest, codeSignatureDoesNotMatch, mismatch+string(b[canonical:end]))' 'if false {
		return refuse(http.StatusBadRequest, codeSignatureDoesNotMatch, mismatch+string(b[canonical:end]))'
mutate 'simulator: V3 path'              simulator/sign.go '"\n/\n"' '"\n?\n"'
mutate 'simulator: V1 prefix'            simulator/sign.go '"&%2F&"' '"&%2f&"'
mutate 'simulator: V1 key'               simulator/sign.go 'secret+"&"' 'secret+"+"'
mutate 'simulator: escape of ~'          simulator/param.go "c == '~'" "c == '!'"
mutate 'simulator: escape in lower case' simulator/dice.go '0123456789ABCDEF' '0123456789ABCDEf'
mutate 'simulator: unsigned headers'     simulator/sign.go '"X-Acs-") ||' '"X-Acz-") ||'
mutate 'simulator: hash of the body'     simulator/sign.go 'sha256.Sum256(body)' 'sha256.Sum256(nil)'
mutate 'simulator: clock window'         simulator/sign.go 'off > s.opts.ClockSkew' 'off > 9*s.opts.ClockSkew'
mutate 'simulator: clock window, early'  simulator/sign.go 'off < -s.opts.ClockSkew' 'off < -9*s.opts.ClockSkew'
mutate 'simulator: replay'               simulator/nonce.go 'return false' 'return true'
mutate 'simulator: unknown version'      simulator/service.go 'cl.version != apiVersion' 'cl.version == ""'
mutate 'simulator: missing parameter'    simulator/action.go 'return missing(name)' 'continue'
mutate 'simulator: token'                simulator/sign.go 'c.token != SecurityToken' 'c.token == ""'
mutate 'simulator: XML root'             simulator/answer.go 'xml.Name{Local: root}' 'xml.Name{}'

# One and the same slip on both sides, which our own two could not notice.
mutate 'both: escape of ~'    query.go "c == '~'" "c == '!'" simulator/param.go "c == '~'" "c == '!'"
mutate 'both: empty line'     sign.go '"\n\n"' '"\n"' simulator/sign.go "b = append(b, '\\n')
	b = append(b, c.signed...)" 'b = append(b, c.signed...)'
mutate 'both: name of X'      answer.go 'SecretNo loose' 'SecretNo loose `json:"SecretNr"`' simulator/answer.go 'SecretNo  string' 'SecretNo  string `json:"SecretNr" xml:"SecretNr"`'

echo "$killed caught, $lived alive"
((lived == 0))
