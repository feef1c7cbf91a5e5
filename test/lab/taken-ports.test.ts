import test from 'ava';
import {openElsewhere} from './_elsewhere.ts';

/** An `ip` that also starts somebody who has the port before the lab has it, for some seconds. */
const takenBy = (type: 'SOCK_STREAM' | 'SOCK_DGRAM', port: number): string => String.raw`mount -t tmpfs none /mnt
cat >/mnt/take.py <<'EOF'
import os, socket, time
s = socket.socket(socket.AF_INET, socket.${type})
s.bind(('0.0.0.0', ${port}))
${type === 'SOCK_STREAM' ? 's.listen()' : ''}
if os.fork():
    os._exit(0)
os.closerange(0, 3)
time.sleep(5)
EOF
printf '#!/bin/sh\n/sbin/ip "$@" && exec python3 /mnt/take.py\n' >/mnt/ip; chmod +x /mnt/ip; PATH=/mnt:$PATH`;

const inUse = /^dnsmasq, which .* ended \(status 2\): dnsmasq: failed to .*: Address already in use$/v;

// In a namespace that is new nobody listens but the lab: whoever broke that is named.
for (const [port, type, message] of [
	[
		80,
		'SOCK_STREAM',
		/^The metadata server cannot listen on 169\.254\.169\.254 port 80: listen EADDRINUSE: address already in use 169\.254\.169\.254:80$/v,
	],
	[53, 'SOCK_STREAM', inUse],
	[53, 'SOCK_DGRAM', inUse],
	[67, 'SOCK_DGRAM', inUse],
] as const) {
	test.serial(`port ${port} is taken (${type}): a host’s fault that names it`, async (t) => {
		const {child, told} = openElsewhere(takenBy(type, port));
		const error = await told;
		t.false(error.up);
		t.is(error.name, 'HostError');
		t.regex(error.message, message);
		child.stdin.end();
		t.is((await child).exitCode, 0);
	});
}
