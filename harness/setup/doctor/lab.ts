import {execa} from 'execa';
import {labCure} from '../../lab/lab-cure.ts';
import type {Check} from './check.ts';

/** A network of the guest's own, proved by making a tap with virtio headers in a namespace that goes away at once. */
export const checkLab = async (isRoot: boolean): Promise<Check> => {
	const namespace = isRoot ? ['--net'] : ['--user', '--map-root-user', '--net'];
	const tap = 'ip tuntap add dev bootwright0 mode tap vnet_hdr && ip link set bootwright0 up';
	const {exitCode, stderr, code} = await execa('unshare', [...namespace, 'sh', '-c', tap], {
		reject: false,
		env: {PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`},
	});
	const ok = exitCode === 0;
	const words = code === 'ENOENT' ? 'unshare: not found' : (stderr.trim().split('\n').at(-1) ?? '');
	const what = isRoot ? 'a tap in a network namespace' : 'a tap in a user and network namespace';
	return {
		id: 'lab',
		title: 'Network lab',
		ok,
		essential: false,
		found: ok ? what : `cannot make ${what}: ${words}`,
		cure: ok ? undefined : await labCure(words, {asRoot: isRoot}),
	};
};
