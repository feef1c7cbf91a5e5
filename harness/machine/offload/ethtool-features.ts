/** A line of `ethtool -k`. */
export type Feature = {
	readonly on: boolean;
	/** Neither the driver nor a person can change it. */
	readonly fixed: boolean;
};

/** By name, as `ethtool -k` writes it: long names of groups, then those of the kernel's bits. */
export type Features = ReadonlyMap<string, Feature>;

/** Reads `ethtool -k` (ethtool.c, dump_features): `name: on|off [fixed|requested off|…]`, single bits indented below their groups. */
export const parseFeatures = (text: string): Features =>
	new Map(
		text
			.split('\n')
			.map((line) => /^\s*(?<name>[\w\-]+): (?<state>on|off)(?<more>.*)$/v.exec(line)?.groups)
			.filter((groups) => groups !== undefined)
			.map(({name = '', state, more = ''}) => [name, {on: state === 'on', fixed: more.includes('[fixed]')}] as const),
	);

/** `on`, `off [fixed]`: as a person reads it in a report; undefined where the kernel has no such line. */
export const describeFeature = (features: Features, name: string): string | undefined => {
	const feature = features.get(name);
	return feature && `${feature.on ? 'on' : 'off'}${feature.fixed ? ' [fixed]' : ''}`;
};

/** Short names that `ethtool -K` takes, and the lines of `ethtool -k` that they stand for (ethtool.c, off_flag_def). */
export const switches = {
	rx: 'rx-checksumming',
	tx: 'tx-checksumming',
	sg: 'scatter-gather',
	tso: 'tcp-segmentation-offload',
	gso: 'generic-segmentation-offload',
	gro: 'generic-receive-offload',
} as const;

export type Switch = keyof typeof switches;
export type Setting = Readonly<Partial<Record<Switch, boolean>>>;

/** Arguments of `ethtool -K` after the interface. */
export const settingArguments = (setting: Setting): string =>
	Object.entries(setting)
		.map(([name, on]) => `${name} ${on ? 'on' : 'off'}`)
		.join(' ');

/**
 * What brings back the single bits that `tx`, `sg` and `tso` switch all together, as they were: `tso on` also switches on what was off
 * (ethtool.c, off_flag_def). To be given after these.
 */
export const bitArguments = (features: Features): string =>
	[...features]
		.filter(([name, {fixed}]) => !fixed && /^tx-(?:checksum-|scatter-gather|tcp)/v.test(name))
		.map(([name, {on}]) => `${name} ${on ? 'on' : 'off'}`)
		.join(' ');

/** The setting that brings back what `features` says, in an order in which nothing is refused; fixed ones are left alone. */
export const settingOf = (features: Features): Setting =>
	Object.fromEntries(
		(Object.keys(switches) as Switch[])
			.filter((name) => features.get(switches[name])?.fixed === false)
			.map((name) => [name, features.get(switches[name])?.on === true] as const),
	);
