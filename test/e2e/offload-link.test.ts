import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {labNetworkOf} from '../../harness/lab/lab-network.ts';
import {defaultMetadata} from '../../harness/lab/metadata/metadata-data.ts';
import {openLab} from '../../harness/lab/open-lab.ts';
import {parseFeatures} from '../../harness/machine/offload/ethtool-features.ts';
import {labAtHand} from '../../harness/machine/offload/lab-at-hand.ts';
import {offloadTools} from '../../harness/machine/offload/offload-tools.ts';
import {openLink} from '../../harness/machine/offload/open-link.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {bootProbeMachine} from './_probe-machine.ts';

test.serial(
	'the interface comes back from a test as it went, up or down, also after a test that ran out of time',
	async (t) => {
		t.timeout(240_000);
		const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
		t.teardown(cleanup);
		const network = labNetworkOf(await loadProfile('gce'));
		const metadata = defaultMetadata({...network, hostname: network.hostname});
		await using lab = await openLab({network, metadata, dnsmasqLog: path.join(directory, 'dnsmasq.log')});
		await using probe = await bootProbeMachine({lab});
		const {guest, deadline} = probe;
		const conf = '/proc/sys/net/ipv4/conf/ens4';
		await guest.run('until ip -4 route | grep -q ^default; do sleep 0.2; done', {deadline});
		const tools = await offloadTools(guest);
		const {ip, ethtool} = tools;
		const state = async (): Promise<string> => {
			const {text} = await guest.run(
				`${ip} -4 -o address; ${ip} -4 route; cd /sys/class/net/ens4; cat mtu flags; cd ${conf}; grep . *; ${ethtool} -k ens4`,
			);
			return text;
		};

		// Nothing of this is what a new interface would get.
		await guest.run(`echo 0 >${conf}/rp_filter; echo 1 >${conf}/accept_source_route; ${ethtool} -K ens4 tso off`);
		await guest.run(`${ip} address add 192.0.2.7/24 dev ens4; ${ip} route add 198.51.100.0/24 via 192.0.2.1 metric 7`);
		for (const words of [':', `${ip} link set ens4 down`]) {
			await guest.run(words);
			const before = await state();
			t.regex(before, /^rp_filter:0$/mv);
			t.regex(before, /^tcp-segmentation-offload: off$/mv);
			{
				await using link = await openLink(guest, {lab, tools, deadline, interface: 'ens4'});
				t.true(link.isolated);
				t.is(link.features.get('tcp-segmentation-offload')?.on, false);
				t.notRegex(await state(), /198[.]51[.]100[.]0/v);
				await link.set({tso: true, gro: false});
				const now = parseFeatures((await link.run(`${ethtool} -k ens4`)).text);
				t.true(now.get('tcp-segmentation-offload')?.on);
				t.false(now.get('generic-receive-offload')?.on);
				const {text} = await link.run(`cat /sys/class/net/ens4/mtu; ${ip} -4 route`, {sysfs: true});
				t.is(text, '1460\ndefault via 10.128.0.1 dev ens4 \n10.128.0.1 dev ens4 scope link');
			}

			t.is(await state(), before);
			// Nobody had the time to put it back, and a program of the test is still there.
			const left = await openLink(guest, {lab, tools, deadline, interface: 'ens4'});
			await left.set({tso: true, gro: false});
			await left.run('sleep 1000 >/dev/null 2>&1 &');
			const atHand = await labAtHand(['hw.net.tso4'], {
				guest,
				machine: probe.machine,
				judge: (id) => t.fail(`${id} was judged`),
			});
			t.is(atHand?.interface, 'ens4');
			t.is(await state(), before);
			const {text} = await guest.run(`${ip} netns list; ps | grep '[s]leep 1000'; ls -d ${tools.directory}/link`);
			t.is(text, '');
		}
	},
);
