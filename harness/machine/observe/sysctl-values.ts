import {sysctlKeys} from '../../core/requirements/ids.ts';
import {type SysctlObservation} from '../../policy/judge-sysctls.ts';
import {sysctlOrigins} from '../../policy/sysctl-origins.ts';
import {type FileDump, matching, textOf} from '../file-dump.ts';

const conf = '/proc/sys/net/ipv4/conf';
/** What every interface has of its own beside the keys: whether it forwards decides about redirects. */
const perInterface = [
	...new Set(sysctlKeys.flatMap((key) => /^net[.]ipv4[.]conf[.]all[.](?<name>\w+)$/v.exec(key)?.slice(1) ?? [])),
	'forwarding',
];
const keyPath = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

/** What a guest has to be asked for about its sysctls: values, and every file that sets some at boot. */
export const sysctlFiles: readonly string[] = [
	...sysctlKeys.map((key) => keyPath(key)),
	...perInterface.map((name) => `${conf}/*/${name}`),
	...['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((folder) => `${folder}/sysctl.d/*.conf`),
	'/etc/sysctl.conf',
];

export const sysctlObservation = (dump: FileDump): SysctlObservation => {
	const values = new Map(
		sysctlKeys.flatMap((key) => {
			const value = textOf(dump, keyPath(key));
			return value === undefined ? [] : [[key, value] as const];
		}),
	);
	const interfaces = readInterfaces(dump);
	const files = matching(dump, /^(?:\/.*\/sysctl[.]d\/[^\/]+[.]conf|\/etc\/sysctl[.]conf)$/v);
	const ownKeys = interfaces
		.keys()
		.flatMap((device) => perInterface.map((name) => `net.ipv4.conf.${device}.${name}`))
		.toArray();
	return {
		values,
		perInterface: interfaces,
		setBy: sysctlOrigins(
			files.map(({path, content}) => ({path, text: content.toString()})),
			[...sysctlKeys, ...ownKeys],
		),
	};
};

const readInterfaces = (dump: FileDump): ReadonlyMap<string, ReadonlyMap<string, string>> => {
	const interfaces = new Map<string, Map<string, string>>();
	for (const {groups, content} of matching(dump, /^\/proc\/sys\/net\/ipv4\/conf\/(?<device>[^\/]+)\/(?<name>\w+)$/v)) {
		const [device = '', name = ''] = groups;
		if (device !== 'all' && device !== 'default') {
			const values = interfaces.get(device) ?? new Map<string, string>();
			interfaces.set(device, values.set(name, content.toString().trim()));
		}
	}

	return interfaces;
};
