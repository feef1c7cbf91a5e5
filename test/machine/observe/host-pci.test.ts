import test from 'ava';
import {HostError} from '../../../harness/core/errors.ts';
import {parseQueryPci} from '../../../harness/machine/observe/host-pci.ts';
import {pciId} from '../../../harness/machine/observe/pci-functions.ts';
import {recordedJson} from './_recorded.ts';

test('the bus as QEMU tells it, without the function that is hidden', (t) => {
	t.deepEqual(
		parseQueryPci(recordedJson('machine/query-pci.json')).map(({address, vendor, device, class: kind, subsystem}) => [
			address,
			pciId(vendor, device),
			kind,
			subsystem,
		]),
		[
			['00:00.0', '8086:1237', 0x06_00, 0x11_00],
			['00:01.0', '8086:7110', 0x06_01, 0x11_00],
			['00:01.3', '8086:7113', 0x06_80, 0x11_00],
			['00:03.0', '1af4:1004', 0x00_00, 8],
			['00:04.0', '1af4:1000', 0x02_00, 1],
			['00:05.0', '1af4:1005', 0x00_ff, 4],
		],
	);
});

test('another answer is the host’s fault, and says what is wrong with it', (t) => {
	const error = t.throws(() => parseQueryPci([{bus: 0}]), {instanceOf: HostError});
	t.regex(error.message, /^QEMU's answer to query-pci is not understood: .*devices/s);
});
