# Part of setup.sh: the npm packages of package-lock.json; one of them is the Node that runs Bootwright.

# npm and some Node to run it with, where there is none.
missing_node_packages() {
	if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
		printf '%s\n' nodejs npm
	fi
}

# The mark is made last: an installation that was interrupted is not taken for a whole one.
npm_packages_current() {
	mark=$root/node_modules/.bootwright-setup
	[ -e "$mark" ] && [ -x "$root/node_modules/node/bin/node" ] && ! [ "$root/package-lock.json" -nt "$mark" ]
}

install_npm_packages() {
	if npm_packages_current; then
		return
	fi
	say 'installing npm packages (npm ci)'
	# The scripts of two packages are needed: `node` brings Node, node-pty is compiled, against that Node's own headers.
	quiet_npm ci --ignore-scripts
	quiet_npm rebuild node
	for headers in "$root"/node_modules/node/node_modules/node-linux-* "$root"/node_modules/node-linux-*; do
		if [ -e "$headers/include/node/node_api.h" ]; then
			build_node_pty "$headers"
			: >"$root/node_modules/.bootwright-setup"
		fi
	done
	npm_packages_current || give_up 'npm did not bring a Node with its headers; see node_modules/node.'
}

# build_node_pty HEADERS
build_node_pty() {
	# Debian's node-gyp links every addon with its own libnode (-lnode in its addon.gypi): a second V8, which crashes the
	# process of the first. An empty archive of that name, found before it, leaves the symbols to the Node that loads the addon.
	printf '!<arch>\n' >"$work/libnode.a"
	LDFLAGS="-L$work ${LDFLAGS-}"
	npm_config_nodedir=$1
	export LDFLAGS npm_config_nodedir
	quiet_npm rebuild node-pty
}

quiet_npm() {
	(cd "$root" && npm --loglevel=error "$@" >"$work/npm" 2>&1) || {
		tail -n 30 "$work/npm" >&2
		give_up "\"npm $*\" failed"
	}
}
