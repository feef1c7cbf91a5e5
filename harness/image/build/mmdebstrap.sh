# Runs mmdebstrap with the arguments given, in a temporary folder of its own that is gone afterwards.
# Told to end (SIGTERM; also sent when the harness dies), it ends all of mmdebstrap: that one's main process only
# waits for its children, which never hear of the signal, and then clears up. SIGHUP is how it ends them itself.
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/bootwright-XXXXXXXX") || exit
export TMPDIR
# As an ordinary user the tree is made by one of the user's subordinate ids.
chmod 755 "$TMPDIR"
trap 'rm -rf "$TMPDIR"' EXIT
stop() {
	stopped=yes
	# The second, in case it has no process group of its own yet.
	[ -z "$pid" ] || kill -HUP "-$pid" "$pid" 2>/dev/null
}
stopped=
pid=
trap stop TERM INT HUP

# A session of its own, whose leader has the number of its process group.
setsid mmdebstrap "$@" &
pid=$!
[ -z "$stopped" ] || stop
while
	wait "$pid"
	status=$?
	kill -0 "$pid" 2>/dev/null
do :; done
exit "$status"
