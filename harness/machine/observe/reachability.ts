import {metadataAddress, metadataName} from '../../lab/lab-network.ts';

/** What somebody who wants to log in over the network depends on, as the guest shows it. */
export type Reachable = {
	/** IPv4 addresses of its interfaces. */
	readonly addresses: readonly string[];
	readonly hasDefaultRoute: boolean;
	/** The metadata server answered at its address. */
	readonly hasMetadata: boolean;
	/** Its name led to that address. */
	readonly resolvesNames: boolean;
	readonly hostname: string;
	/** Seconds since the epoch. */
	readonly clock: number;
	readonly listensOnSsh: boolean;
};

/** One shell command for all of it, with tools that need nothing of the image. A static busybox crashes where it looks names up: not its wget. */
export const reachableCommand = ({
	busybox,
	ip,
	socat,
}: Readonly<Record<'busybox' | 'ip' | 'socat', string>>): string => `echo "clock $(${busybox} date +%s)"
echo "hostname $(${busybox} hostname)"
${ip} -4 -o addr show scope global | while read -r n i f a rest; do echo "address \${a%%/*}"; done
while read -r i d rest; do [ "$d" != 00000000 ] || echo route; done </proc/net/route
while read -r n l r s rest; do case $l.$s in *:0016.0A) echo ssh;; esac; done <<EOF
$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
EOF
case $(printf 'GET /computeMetadata/v1/instance/name HTTP/1.0\\r\\nMetadata-Flavor: Google\\r\\n\\r\\n' | ${socat} -T 5 - TCP4:${metadataAddress}:80) in *' 200 OK'*) echo metadata;; esac
# The image's own way of looking names up, where it has the program for it: all of nsswitch.conf counts.
case $(getent ahostsv4 ${metadataName} 2>/dev/null || ${busybox} nslookup -type=a ${metadataName} 2>/dev/null) in *${metadataAddress}*) echo name;; esac`;

/** Reads what `reachableCommand` printed. */
export const parseReachable = (text: string): Reachable => {
	const lines = text.split('\n').map((line) => line.trim());
	const value = (word: string): string =>
		lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '';
	return {
		addresses: lines.filter((line) => line.startsWith('address ')).map((line) => line.slice('address '.length)),
		hasDefaultRoute: lines.includes('route'),
		hasMetadata: lines.includes('metadata'),
		resolvesNames: lines.includes('name'),
		hostname: value('hostname'),
		clock: Number(value('clock')),
		listensOnSsh: lines.includes('ssh'),
	};
};

export type Expected = {
	readonly address: string;
	readonly hostname: string;
	/** Milliseconds from the first instruction to the lease; undefined where none was given. */
	readonly leaseMs: number | undefined;
	/** Of the host, seconds since the epoch. */
	readonly clock: number;
};

/** A clock that is further off than this breaks certificates and tokens sooner or later. */
const clockSeconds = 30;

/** What was seen in plain words: one line where all is well, and a line for each reason why somebody could not log in. */
export const reachabilityNotes = (seen: Reachable, expected: Expected): readonly string[] => {
	const {address, hostname, leaseMs} = expected;
	const drift = Math.abs(seen.clock - expected.clock);
	const problems = [
		leaseMs === undefined && 'it never asked for an address by DHCP: is its network manager set up for this interface?',
		!seen.addresses.includes(address) &&
			`it does not have the address ${address} that the lease gave it (it has ${seen.addresses.join(', ') || 'none'})`,
		!seen.hasDefaultRoute &&
			'it has no default route: the cloud gives it by classless routes (RFC 3442), which its DHCP client must take',
		!seen.hasMetadata &&
			`the metadata server at ${metadataAddress} did not answer: is there a route, or a firewall in the way?`,
		seen.hasMetadata &&
			!seen.resolvesNames &&
			`${metadataName} has no address for it: it must ask the name server of the lease (${metadataAddress})`,
		drift > clockSeconds && `its clock is off by ${drift} s`,
		!seen.listensOnSsh && 'nothing listens on port 22: no SSH server is installed, or it did not start',
	].filter((problem) => problem !== false);
	const named = seen.hostname.split('.')[0] === hostname;
	const facts = [
		...(leaseMs === undefined ? [] : [`lease after ${(leaseMs / 1000).toFixed(1)} s`]),
		...(seen.hasDefaultRoute ? ['default route'] : []),
		...(seen.hasMetadata ? ['metadata'] : []),
		...(seen.resolvesNames ? ['names'] : []),
		named ? `host name ${seen.hostname}` : `host name ${seen.hostname}, not ${hostname} as the lease says`,
		...(drift > clockSeconds ? [] : [`clock right within ${drift} s`]),
		...(seen.listensOnSsh ? ['port 22 open'] : []),
	];
	return [
		`On the network: ${facts.join(', ')}`,
		...problems.map((problem) => `Nobody could log in over the network: ${problem}`),
	];
};
