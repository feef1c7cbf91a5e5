import test from 'ava';
import {parseBlockLimits, parseProvisioning} from '../../../harness/machine/observe/vpd-pages.ts';
import {bootDisk} from '../../../harness/machine/observe/scsi-targets.ts';
import {recorded} from './_recorded.ts';

test('the pages of the recorded disk', (t) => {
	const vpd = bootDisk(recorded('linux-6.1'))?.vpd;
	t.deepEqual(parseBlockLimits(vpd?.get(0xb0)), {pageLength: 0x3c, maximumUnmapBlocks: 0x20_00_00});
	t.deepEqual(parseProvisioning(vpd?.get(0xb2)), {pageLength: 4, unmap: true, writeSame: true, provisioningType: 2});
});

test('an SBC-2 page is shorter; other bytes are no page', (t) => {
	const old = Buffer.from('00b0000c' + '00'.repeat(12), 'hex');
	t.deepEqual(parseBlockLimits(old), {pageLength: 12, maximumUnmapBlocks: 0});
	t.deepEqual(parseProvisioning(Buffer.from('00b2000400000100', 'hex')), {
		pageLength: 4,
		unmap: false,
		writeSame: false,
		provisioningType: 1,
	});
	t.is(parseBlockLimits(Buffer.from('00b2003c', 'hex')), undefined);
	t.is(parseProvisioning(Buffer.from('00b20004', 'hex')), undefined);
	t.is(parseBlockLimits(Buffer.alloc(3)), undefined);
	t.is(parseBlockLimits(undefined), undefined);
});
