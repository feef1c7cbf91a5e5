# Part of setup.sh: packages by apt, without questions, patient where another apt is at work.

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

need_root() {
	if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
		give_up "missing: $*" 'You are not root and there is no sudo. As root, run:' "  $here/setup.sh $purpose"
	fi
}

# apt-get with its chatter in a file, which is shown only where it fails.
quiet_apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" \
		>"$work/apt" 2>&1
}

apt_failed() {
	tail -n 15 "$work/apt" >&2
	give_up "$1"
}

# Once a run. The lock of the lists is not covered by DPkg::Lock::Timeout.
update_lists() {
	[ -z "${updated-}" ] || return 0
	updated=yes
	say 'updating the package lists'
	attempts=0
	until quiet_apt update; do
		attempts=$((attempts + 1))
		if ! grep -q 'Could not get lock' "$work/apt" || [ "$attempts" -ge 60 ]; then
			apt_failed 'cannot update the package lists'
		fi
		sleep 5
	done
}

# install_packages PACKAGE…
install_packages() {
	need_root "$@"
	# Lists that were never fetched know nothing.
	apt-cache show --no-all-versions "$@" >/dev/null 2>&1 || update_lists
	release=
	case " $* " in
	*' qemu-'*) choose_qemu_release ;;
	esac
	say "installing $*${release:+ (QEMU from $release)}"
	try_install "$@" && return
	# Stale lists name files that the mirror no longer has.
	[ -z "${updated-}" ] || apt_failed 'cannot install the packages'
	update_lists
	try_install "$@" || apt_failed 'cannot install the packages'
}

# Only what is needed for QEMU comes from its release: everything else stays what the distribution chose.
try_install() {
	qemu=
	others=
	for package; do
		case $package in
		qemu-*) qemu="$qemu $package" ;;
		*) others="$others $package" ;;
		esac
	done
	if [ -n "$release" ] && [ -n "$qemu" ]; then
		# shellcheck disable=SC2086 # one word a package
		quiet_apt install --no-install-recommends -t "$release" $qemu || return
		qemu=
	fi
	# shellcheck disable=SC2086 # one word a package
	[ -z "$qemu$others" ] || quiet_apt install --no-install-recommends $qemu $others
}
