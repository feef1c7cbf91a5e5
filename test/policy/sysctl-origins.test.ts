import test from 'ava';
import {type SysctlFile, sysctlOrigins} from '../../harness/policy/sysctl-origins.ts';

const where = (files: Readonly<Record<string, string>>, key: string): string | undefined => {
	const list = Object.entries(files).map(([path, text]): SysctlFile => ({path, text}));
	const origin = sysctlOrigins(list, [key]).get(key);
	return origin && `${origin.file}:${origin.line}=${origin.value}`;
};

const key = 'net.ipv4.conf.all.rp_filter';

test('files in the order of their names, wherever they are; the last one wins', (t) => {
	const files = {
		'/etc/sysctl.d/10-network.conf': `# first\n${key} = 2\n`,
		'/usr/lib/sysctl.d/50-default.conf': `-${key}=0`,
		'/run/sysctl.d/20.conf': `${key}=1`,
	};
	t.is(where(files, key), '/usr/lib/sysctl.d/50-default.conf:1=0');
});

test('of one name the strongest folder alone is read; an empty file hides the others', (t) => {
	const name = '50-default.conf';
	t.is(
		where({[`/usr/lib/sysctl.d/${name}`]: `${key}=2`, [`/etc/sysctl.d/${name}`]: `${key}=1`}, key),
		`/etc/sysctl.d/${name}:1=1`,
	);
	t.is(where({[`/usr/lib/sysctl.d/${name}`]: `${key}=2`, [`/etc/sysctl.d/${name}`]: ''}, key), undefined);
	t.is(where({'/etc/sysctl.d/notes.txt': `${key}=2`}, key), undefined);
});

test('sysctl.conf comes last, by Debian’s link or by procps’ rule', (t) => {
	const late = {'/etc/sysctl.conf': `${key}=1`, '/etc/sysctl.d/zz.conf': `${key}=2`};
	t.is(where(late, key), '/etc/sysctl.conf:1=1');
	const linked = {...late, '/etc/sysctl.d/99-sysctl.conf': `${key}=1`};
	t.is(where(linked, key), '/etc/sysctl.d/zz.conf:1=2');
});

test('slashes and dots, comments, blanks, and a key that is cut off from patterns', (t) => {
	t.is(
		where({'/etc/sysctl.d/a.conf': '\n ; no\nnet/ipv4/conf/all/rp_filter =  1  \n'}, key),
		'/etc/sysctl.d/a.conf:3=1',
	);
	t.is(
		where({'/etc/sysctl.d/a.conf': 'net.ipv4.conf.eth0/7.rp_filter=2'}, 'net.ipv4.conf.eth0/7.rp_filter'),
		'/etc/sysctl.d/a.conf:1=2',
	);
	const pattern = 'net.ipv4.conf.*.rp_filter = 2\n';
	t.is(where({'/etc/sysctl.d/a.conf': pattern}, key), '/etc/sysctl.d/a.conf:1=2');
	t.is(where({'/etc/sysctl.d/a.conf': `-${key}\n${pattern}`}, key), undefined);
	t.is(where({'/etc/sysctl.d/a.conf': `${key}=1\n${pattern}`}, key), '/etc/sysctl.d/a.conf:1=1');
	t.is(where({'/etc/sysctl.d/a.conf': 'net.ipv4.*.rp_filter=2'}, key), undefined);
});
