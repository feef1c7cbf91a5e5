import test from 'ava';
import {parseInjectionReport} from '../../../harness/access/inject/injection-report.ts';

test('only whole lines with the nonce of this run count', (t) => {
	const report = parseInjectionReport(
		[
			'@other root /dev/vda1 ext4 systemd',
			'[    1.2] @n1 root /dev/vda9 ext4 systemd',
			'@n1 root /dev/vda2:@ btrfs systemd',
			'@n1 root /dev/vda3 ext4 upstart',
			'@n1 root /dev/mapper/vg-root xfs sysvinit',
			'@n1 refused /dev/vda4 its init is /sbin/runit,   neither systemd nor',
			'@n1 failed /dev/vda5 it cannot be mounted: bad',
			'@n1 note /dev/vda6 is encrypted (LUKS)',
			'@n1 end',
		].join('\r\n'),
		'n1',
	);
	t.deepEqual(report, {
		roots: [
			{place: '/dev/vda2:@', filesystem: 'btrfs', init: 'systemd'},
			{place: '/dev/mapper/vg-root', filesystem: 'xfs', init: 'sysvinit'},
		],
		problems: ['vda4: its init is /sbin/runit, neither systemd nor', 'vda5: it cannot be mounted: bad'],
		notes: ['vda6: is encrypted (LUKS)'],
		complete: true,
	});
	t.false(parseInjectionReport('@n1 root /dev/vda1 ext4 systemd\n', 'n1').complete);
});
