#!/bin/sh
# Judges an image: judge.sh IMAGE DIRECTORY [OPTION...]
set -eu
image=$1
artifacts=$2
shift 2

mkdir -p "$artifacts"
result=$artifacts/result.json
# What is there afterwards is of this run.
rm -f "$result"
code=0
# More than one word, as in BOOTWRIGHT="npx bootwright".
# shellcheck disable=SC2086
${BOOTWRIGHT:-npx bootwright} test "$image" --artifacts "$artifacts" --json "$result" --reporter none "$@" || code=$?

# Where nothing was started there is no result, and the message is on standard error.
if [ -e "$result" ]; then
	node - "$result" <<'END'
const {readFileSync} = require('node:fs');
const {verdict, requirements, failure} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const passed = requirements.filter((row) => row.verdict === 'pass');
console.log(`${verdict}: ${passed.length} of ${requirements.length} rows passed`);
// What a guest wrote may hold control characters.
if (failure !== null) {
	console.log(`${failure.kind}: ${JSON.stringify(failure.message)}`);
}

for (const {id, verdict, reason, fix} of requirements) {
	if (verdict === 'fail' || verdict === 'error') {
		console.log(`${verdict} ${id}: ${JSON.stringify(reason)}\n  ${fix ?? `bootwright explain ${id}`}`);
	}
}
END
fi
exit "$code"
