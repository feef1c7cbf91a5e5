#!/bin/sh
# Installs what Bootwright needs and this machine lacks: Debian packages (as root, or through sudo), then the npm packages
# of package-lock.json, with the Node that runs Bootwright among them. Does nothing where nothing is missing.
#
# Usage: setup.sh [run|test]     test (the default) adds what only `make test` needs
# Exit code 4: this host cannot be set up by it; what to do is said.
set -eu
purpose=${1:-test}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
LC_ALL=C.UTF-8
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH

say() {
	printf 'setup: %s\n' "$*"
}

give_up() {
	printf 'setup: %s\n' "$@" >&2
	exit 4
}

. "$here/apt.sh"
. "$here/qemu.sh"
. "$here/node.sh"

# Names in packages.txt, up to the section that nobody asked for.
listed_packages() {
	awk -v purpose="$purpose" '/^\[test\]/ {if (purpose != "test") exit} /^[a-z0-9]/ {print $1}' "$here/packages.txt"
}

# The packages that are not installed, QEMU also where it is too old, Node where there is none.
missing_packages() {
	# shellcheck disable=SC2046 # one word a package is what is wanted
	set -- $(listed_packages)
	dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' "$@" 2>/dev/null >"$work/installed" || true
	for package; do
		version=$(awk -v name="$package" '$1 == name && $2 == "installed" {print $3}' "$work/installed")
		case $package in
		qemu-*) qemu_serves "$version" || printf '%s\n' "$package" ;;
		*) [ -n "$version" ] || printf '%s\n' "$package" ;;
		esac
	done
	missing_node_packages
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	give_up 'only Debian and Ubuntu can be set up by this script. Bootwright needs, by their Debian names:' \
		"$(listed_packages | tr '\n' ' ')nodejs npm" \
		'Install them in your own way, run "npm ci", and start it with "npm run boot-test IMAGE".'
fi

missing=$(missing_packages)
if [ -n "$missing" ]; then
	# shellcheck disable=SC2086 # one word a package
	install_packages $missing
fi

install_npm_packages
