import {userInfo} from 'node:os';
import {execa} from 'execa';

/** A network namespace of the test's own, which dies with it: as root, or as root of a user namespace. */
export type TestNetwork = AsyncDisposable & {readonly enter: readonly string[]};

/** Makes a namespace and runs `setup` (shell) in it. */
export const openTestNetwork = async (setup: string): Promise<TestNetwork> => {
	const isRoot = userInfo().uid === 0;
	const namespaces = isRoot ? ['--net', '--mount'] : ['--user', '--map-root-user', '--net', '--mount'];
	// sysfs shows the namespace it was mounted in.
	const script = `set -e; mount -t sysfs sysfs /sys; ${setup}\necho ready; exec sleep 600`;
	const child = execa('unshare', [...namespaces, 'setpriv', '--pdeathsig', 'KILL', '--', 'sh', '-c', script], {
		reject: false,
		buffer: false,
		env: {PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`},
	});
	let words = '';
	child.stderr.on('data', (chunk: Buffer) => {
		words += chunk.toString();
	});
	await Promise.race([
		new Promise((resolve) => {
			child.stdout.once('data', resolve);
		}),
		child.then(() => {
			throw new Error(`no namespace: ${words}`);
		}),
	]);
	const join = isRoot ? ['--net', '--mount'] : ['--user', '--net', '--mount', '--preserve-credentials'];
	return {
		enter: ['nsenter', '--target', String(child.pid), ...join, '--', 'setpriv', '--pdeathsig', 'KILL', '--'],
		[Symbol.asyncDispose]: async () => {
			child.kill('SIGKILL');
			await child;
		},
	};
};

/** Two interfaces, each the other's wire. No IPv6: nothing is sent that the test did not send. */
export const vethPair = [
	'sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1',
	'ip link add guest0 address 42:01:0a:80:00:02 type veth peer name lab0 address 42:01:0a:80:00:01',
	'ip link set guest0 up mtu 1460',
	'ip link set lab0 up mtu 1460',
].join('\n');
