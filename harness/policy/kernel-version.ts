/** A release as far as the rules need it: stable updates never rename an option. */
export type KernelVersion = {readonly major: number; readonly minor: number; readonly text: string};

/** Reads `6.1.0-47-cloud-amd64`, `4.16.0-rc2`, `5.13`; undefined for what starts with no version. */
export const parseKernelVersion = (text: string): KernelVersion | undefined => {
	const match = /^(?<major>\d{1,4})[.](?<minor>\d{1,4})(?!\d)/v.exec(text.trim());
	return match?.groups === undefined
		? undefined
		: {major: Number(match.groups['major']), minor: Number(match.groups['minor']), text: text.trim()};
};

/** Negative, zero or positive, as `a` is older than, the same as, or newer than `b`. */
export const compareKernels = (a: KernelVersion, b: KernelVersion): number => a.major - b.major || a.minor - b.minor;

/** A version that stands in the source as a literal. */
export const kernelVersion = (literal: string): KernelVersion => {
	const version = parseKernelVersion(literal);
	if (version === undefined) {
		throw new TypeError(`not a kernel version: ${literal}`);
	}

	return version;
};
