# Part of setup.sh: a QEMU that is new enough, from the distribution or else from its backports.

# The first with the PIIX4 ISA bridge that the cloud's machine has. Debian and Ubuntu both count with epoch 1.
oldest_qemu=1:8.2

new_enough() {
	# apt writes (none) where it knows of none.
	case $1 in [0-9]*) ;; *) return 1 ;; esac
	dpkg --compare-versions "$1" ge "$oldest_qemu"
}

# qemu_serves VERSION: whether the installed package will do, or a QEMU that did not come by a package.
qemu_serves() {
	[ -z "${BOOTWRIGHT_QEMU-}" ] || return 0
	if [ -n "$1" ]; then
		new_enough "$1"
		return
	fi
	own=$(command -v qemu-system-x86_64) && command -v qemu-img >/dev/null &&
		new_enough "1:$("$own" --version 2>/dev/null | sed -n 's/.* version \([0-9.]*\).*/\1/p')"
}

# Sets $release to the one that QEMU must be taken from; empty where apt's own choice will do.
choose_qemu_release() {
	release=
	if new_enough "$(qemu_candidate)"; then
		return
	fi
	find_qemu_release
	if [ -z "$release" ]; then
		update_lists
		find_qemu_release
	fi
	if [ -z "$release" ] && ! backports_enabled; then
		enable_backports
		updated=
		update_lists
		find_qemu_release
	fi
	[ -n "$release" ] || give_up "this release has QEMU $(qemu_candidate) and nothing newer in its backports." \
		"Bootwright needs ${oldest_qemu#*:}: build one and name it in BOOTWRIGHT_QEMU, or use a newer release."
}

qemu_candidate() {
	apt-cache policy qemu-system-x86 | sed -n 's/^ *Candidate: //p'
}

# The release of the first known version that is new enough.
find_qemu_release() {
	apt-cache madison qemu-system-x86 2>/dev/null | awk -F ' *[|] *' '{split($3, place, " "); print $2, place[2]}' >"$work/madison"
	while read -r version place; do
		if new_enough "$version"; then
			release=${place%%/*}
			return
		fi
	done <"$work/madison"
}

codename() {
	sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

backports_enabled() {
	index_targets | grep -q "^[^ ]* $(codename)-backports "
}

index_targets() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages'
}

# The host's own entry for its release, once more with another suite: the same mirror, keyring and options.
enable_backports() {
	codename=$(codename)
	uri=$(index_targets | awk -v release="$codename" \
		'$2 == release && $3 == "main" && ($4 == "Debian" || $4 == "Ubuntu") {sub("/$", "", $1); print $1; exit}')
	[ -n "$uri" ] || give_up "cannot tell where apt gets $codename from; enable $codename-backports yourself."
	for kind in sources list; do
		for file in /etc/apt/sources.list /etc/apt/sources.list.d/*."$kind"; do
			[ -f "$file" ] || continue
			awk -v uri="$uri" -v suite="$codename" -f "$here/backports-$kind.awk" "$file" >"$work/entry"
			[ -s "$work/entry" ] || continue
			added=/etc/apt/sources.list.d/bootwright-backports.$kind
			say "adding $added (QEMU in $codename is older than ${oldest_qemu#*:})"
			as_root install -m 644 "$work/entry" "$added"
			return
		done
	done
	give_up "cannot find the entry for $uri $codename in apt's sources; enable $codename-backports yourself."
}
