# Part of setup.sh: the npm packages of package-lock.json; one of them is the Node that runs Bootwright.

# npm and some Node to run it with, where there is none, and that Node's headers: node-pty is compiled on this machine.
missing_node_packages() {
	if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
		printf '%s\n' nodejs npm libnode-dev
	elif ! npm_packages_current && [ -z "$(header_prefix)" ]; then
		printf '%s\n' libnode-dev
	fi
}

npm_packages_current() {
	installed=$root/node_modules/.package-lock.json
	[ -e "$installed" ] && [ -x "$root/node_modules/node/bin/node" ] && ! [ "$root/package-lock.json" -nt "$installed" ]
}

# Where include/node/node_api.h of the Node at hand is; node-gyp would download it otherwise.
header_prefix() {
	own=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
	for prefix in "$own" /usr; do
		if [ -e "$prefix/include/node/node_api.h" ]; then
			printf '%s\n' "$prefix"
			return
		fi
	done
}

install_npm_packages() {
	if npm_packages_current; then
		return
	fi
	say 'installing npm packages (npm ci)'
	(cd "$root" && npm_config_nodedir=$(header_prefix) npm ci --loglevel=error >"$work/npm" 2>&1) || {
		tail -n 30 "$work/npm" >&2
		give_up '"npm ci" failed'
	}
	npm_packages_current || give_up '"npm ci" did not bring node_modules/node/bin/node; are install scripts switched off (npm config get ignore-scripts)?'
}
