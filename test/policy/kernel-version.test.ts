import test from 'ava';
import {compareKernels, kernelVersion, parseKernelVersion} from '../../harness/policy/kernel-version.ts';

test('releases as they are written', (t) => {
	const read = (text: string) => {
		const version = parseKernelVersion(text);
		return version && `${version.major} ${version.minor}`;
	};

	t.is(read('6.1.0-47-cloud-amd64'), '6 1');
	t.is(read('4.16-rc2'), '4 16');
	t.is(read(' 5.13\n'), '5 13');
	t.is(read('6.12.117+deb13-cloud-amd64'), '6 12');
	t.is(read('linux-6.1'), undefined);
	t.is(read('6'), undefined);
	t.is(read('6.12345'), undefined);
});

test('4.9 is older than 4.18, and updates make no difference', (t) => {
	const compare = (a: string, b: string) => Math.sign(compareKernels(kernelVersion(a), kernelVersion(b)));
	t.is(compare('4.9', '4.18'), -1);
	t.is(compare('5.0', '4.18'), 1);
	t.is(compare('6.1.176', '6.1'), 0);
});
