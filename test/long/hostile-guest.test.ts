import {stat} from 'node:fs/promises';
import test from 'ava';
import {monotonicMs} from '../../harness/core/clock.ts';
import {inside, open} from '../lab/_lab.ts';
import {hostileFrames} from './_hostile-frames.ts';
import {bootProbeMachine} from '../e2e/_probe-machine.ts';

test.serial(
	'a guest that floods the lab, lies about who it is and sends noise: the lab stays up, its log is bounded',
	async (t) => {
		t.timeout(240_000);
		await using lab = await open(t);
		// Its adapter lets it send more than the lab's MTU.
		await using probe = await bootProbeMachine({lab, overrides: {network: {mtu: 9100}}});
		const {guest, deadline} = probe;
		await guest.run('until ip -4 route | grep -q ^default; do sleep 0.2; done', {deadline});
		const [socat, busybox, ip] = [await guest.tool('socat'), await guest.tool('busybox'), await guest.tool('ip')];
		const metadata = async (): Promise<string> => {
			const request = String.raw`GET /computeMetadata/v1/instance/name HTTP/1.0\r\nMetadata-Flavor: Google\r\n\r\n`;
			const {text} = await guest.run(`printf '${request}' | ${socat} -t 5 - TCP4:169.254.169.254:80,connect-timeout=5`);
			return text.split('\n')[0]?.trim() ?? '';
		};

		t.is(await metadata(), 'HTTP/1.1 200 OK');
		await guest.run(`${ip} link set ens4 mtu 9100`);
		const seen: string[] = [];
		const mac = /link\/ether (\S+)/v.exec(await inside(lab, 'ip link show lab0'))?.[1] ?? '';
		for (const {what, frames, doublings} of hostileFrames(mac)) {
			const startedAt = monotonicMs();
			const before = await lab.counters();
			// A packet socket sends what it is given with one write: a file, read in pieces of a frame's length.
			const {status, stderr} = await guest.run(
				`cd /; ${busybox} cat >f; n=0; while [ $n -lt ${doublings} ]; do ${busybox} cat f f >g; ${busybox} mv g f; n=$((n+1)); done
${socat} -u -b ${frames[0]!.length} OPEN:f INTERFACE:ens4`,
				{stdin: Buffer.concat(frames)},
			);
			const {fromGuest} = await lab.counters();
			seen.push(
				`${what}: ${fromGuest.frames - before.fromGuest.frames} frames in ${((monotonicMs() - startedAt) / 1000).toFixed(1)} s`,
			);
			t.is(status, 0, `${what}: ${stderr}`);
			t.is(await metadata(), 'HTTP/1.1 200 OK', what);
		}

		t.log(seen);
		const {size} = await stat(lab.log);
		t.log(`dnsmasq.log: ${size} bytes`);
		t.true(size <= 10 * 1024 * 1024 + 200);
		t.false(lab.ended.aborted);
		t.deepEqual(probe.machine.problems(), []);
	},
);
