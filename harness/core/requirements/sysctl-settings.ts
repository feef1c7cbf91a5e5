import {type SysctlKey} from './ids.ts';

/** What the guide asks of one key, and what a person should know about it. */
export type SysctlSetting = {
	readonly required: number;
	/** `at-least`: a larger value is stricter. `exact`: every other value is wrong. */
	readonly order: 'exact' | 'at-least';
	/** What breaks or opens up without it. */
	readonly why: string;
	/** What provides the key: its absence means that this is missing. */
	readonly provider: string;
	readonly source: string;
};

const ipSysctl = (name: string): string => `Linux: Documentation/networking/ip-sysctl.rst (${name})`;
const kernelSysctl = (name: string): string => `Linux: Documentation/admin-guide/sysctl/kernel.rst (${name})`;
const fsSysctl = (name: string): string => `Linux: Documentation/admin-guide/sysctl/fs.rst (${name})`;
const inet = 'CONFIG_INET and CONFIG_SYSCTL';

const network = (required: number, name: string, why: string): SysctlSetting => ({
	required,
	order: 'exact',
	why,
	provider: inet,
	source: ipSysctl(name),
});

const acceptSourceRoute = network(
	0,
	'accept_source_route',
	'Source routing lets a sender choose the way of its packets, past filters and into networks that trust this machine.',
);
const acceptRedirects = network(
	0,
	'accept_redirects',
	'An ICMP redirect changes the routing table from outside: whoever can send one can make himself the gateway.',
);
const secureRedirects = network(
	1,
	'secure_redirects',
	'Where redirects are accepted at all, only the known gateways may send them.',
);
const sendRedirects = network(
	0,
	'send_redirects',
	'Only a router has reason to send redirects; from anything else they are the mark of a hijacked machine.',
);
const rpFilter = network(
	1,
	'rp_filter',
	'Packets whose answer would leave by another interface carry a forged sender. 1 is the strict check of RFC 3704; 2 is looser, whatever its number says.',
);
const logMartians = network(
	1,
	'log_martians',
	'Packets with impossible addresses are logged: often the only trace of a forged route.',
);

/** All 23 settings, as the guide gives them. */
export const sysctlSettings: Readonly<Record<SysctlKey, SysctlSetting>> = {
	'net.ipv4.tcp_syncookies': {
		required: 1,
		order: 'exact',
		why: 'Cookies are sent when the queue of a listening socket overflows, so that a flood of half-open connections does not lock everybody out. 2 sends them always and is meant for testing.',
		provider: 'CONFIG_SYN_COOKIES',
		source: ipSysctl('tcp_syncookies'),
	},
	'net.ipv4.conf.all.accept_source_route': acceptSourceRoute,
	'net.ipv4.conf.default.accept_source_route': acceptSourceRoute,
	'net.ipv4.conf.all.accept_redirects': acceptRedirects,
	'net.ipv4.conf.default.accept_redirects': acceptRedirects,
	'net.ipv4.conf.all.secure_redirects': secureRedirects,
	'net.ipv4.conf.default.secure_redirects': secureRedirects,
	'net.ipv4.ip_forward': network(
		0,
		'ip_forward',
		'A machine that forwards is a router, and a way around the network’s own rules. Changing it resets accept_redirects and other keys: set it before them, never afterwards.',
	),
	'net.ipv4.conf.all.send_redirects': sendRedirects,
	'net.ipv4.conf.default.send_redirects': sendRedirects,
	'net.ipv4.conf.all.rp_filter': rpFilter,
	'net.ipv4.conf.default.rp_filter': rpFilter,
	'net.ipv4.icmp_echo_ignore_broadcasts': network(
		1,
		'icmp_echo_ignore_broadcasts',
		'Answering pings to a broadcast address multiplies an attacker’s traffic (smurf attack).',
	),
	'net.ipv4.icmp_ignore_bogus_error_responses': network(
		1,
		'icmp_ignore_bogus_error_responses',
		'Broken routers answer broadcasts with errors; logging each of them fills the disk.',
	),
	'net.ipv4.conf.all.log_martians': logMartians,
	'net.ipv4.conf.default.log_martians': logMartians,
	'net.ipv4.tcp_rfc1337': network(
		1,
		'tcp_rfc1337',
		'A forged reset must not end the waiting time of a closed connection (RFC 1337, TIME-WAIT assassination).',
	),
	'kernel.randomize_va_space': {
		required: 2,
		order: 'exact',
		why: 'Stack, libraries and heap are at another address in each process, so that an exploit has to guess. 2 is the highest value: 1 leaves out the heap.',
		provider: 'CONFIG_MMU and CONFIG_SYSCTL',
		source: kernelSysctl('randomize_va_space'),
	},
	'fs.protected_hardlinks': {
		required: 1,
		order: 'exact',
		why: 'Nobody can make a hard link to a file that is not his: closes a class of attacks on programs that run as root in /tmp.',
		provider: 'Linux 3.6 or newer',
		source: fsSysctl('protected_hardlinks'),
	},
	'fs.protected_symlinks': {
		required: 1,
		order: 'exact',
		why: 'Symbolic links in world-writable directories are followed only for their owner: closes the /tmp races.',
		provider: 'Linux 3.6 or newer',
		source: fsSysctl('protected_symlinks'),
	},
	'kernel.kptr_restrict': {
		required: 1,
		order: 'at-least',
		why: 'Addresses of the kernel are hidden from unprivileged users (with 2 from everybody): an exploit needs them.',
		provider: 'CONFIG_PRINTK and CONFIG_SYSCTL',
		source: kernelSysctl('kptr_restrict'),
	},
	'kernel.yama.ptrace_scope': {
		required: 1,
		order: 'at-least',
		why: 'A process may be traced by its parent alone (2: by administrators, 3: by nobody): a broken program does not give away the secrets of its neighbours.',
		provider: 'CONFIG_SECURITY_YAMA, with "yama" among the active security modules',
		source: 'Linux: Documentation/admin-guide/LSM/Yama.rst (ptrace_scope)',
	},
	'kernel.perf_event_paranoid': {
		required: 2,
		order: 'at-least',
		why: 'Unprivileged users may not measure the kernel: performance counters leak addresses and have had many holes. Debian and Ubuntu know 3 and 4, which forbid more.',
		provider: 'CONFIG_PERF_EVENTS',
		source: kernelSysctl('perf_event_paranoid'),
	},
};
