import {HostError} from '../../core/errors.ts';

type Rule = {
	readonly pattern: RegExp;
	readonly what: string;
	readonly hint: string;
	/** May be over a moment later. */
	readonly passing?: true;
};

/** The mirror or the way to it failed for the moment: worth another try. */
export class PassingFetchError extends HostError {}

const override = 'Name a Debian mirror that this host can reach: BOOTWRIGHT_MIRROR=URI';

/** Words of apt and mmdebstrap, and who has to do what about them. */
const rules: readonly Rule[] = [
	{
		pattern: /does not have a Release file|404 +Not Found/,
		what: 'The package mirror of this host has no Debian 12',
		hint: override,
	},
	{
		pattern:
			/Temporary failure resolving|Could not (?:connect|resolve)|Unable to connect|Connection (?:timed out|failed|reset)|Cannot initiate|50[234] +\S/,
		what: 'The package mirror cannot be reached',
		hint: `Check the network and apt's proxy ("sudo apt-get update" must work). ${override}`,
		passing: true,
	},
	{
		pattern: /Hash Sum mismatch|File has unexpected size|Clearsigned file isn't valid/,
		what: 'The package mirror gave damaged files; it is being updated, or something between alters them',
		hint: `Try again later. ${override}`,
		passing: true,
	},
	{
		pattern: /NO_PUBKEY|is not signed|EXPKEYSIG/,
		what: 'The signature of the package mirror is not known here',
		hint: 'sudo apt-get install debian-archive-keyring',
	},
	{
		pattern: /cannot find new[ug]idmap/,
		what: 'Building as an ordinary user needs the programs newuidmap and newgidmap',
		hint: 'sudo apt-get install uidmap',
	},
	{
		pattern: /no entry in \/etc\/sub[ug]id|\/etc\/sub[ug]id (?:doesn't exist|does not contain|is empty)/,
		what: 'Building as an ordinary user needs a range of user and group ids of your own',
		hint: 'sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "$USER"',
	},
	{
		pattern: /unshare syscall failed|failed to unshare the user namespace|unprivileged.user.namespaces/,
		what: 'This host does not let ordinary users make user namespaces',
		hint: 'Build the images as root once, or allow it: sudo sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0',
	},
];

/** Turns a failure of mmdebstrap into what the person can do about it, where its words are known; else gives it back. */
export const explainFetch = (error: unknown, words: readonly string[]): unknown => {
	const text = words.join('\n');
	const rule = rules.find(({pattern}) => pattern.test(text));
	if (rule === undefined || !(error instanceof HostError)) {
		return error;
	}

	const said = words.filter((line) => rule.pattern.test(line));
	const clearest = said.find((line) => line.startsWith('E: ')) ?? said[0] ?? '';
	const Kind = rule.passing === true ? PassingFetchError : HostError;
	return new Kind(`${rule.what}: ${clearest.replace(/^[EW]: /, '')}`, {hint: rule.hint, cause: error});
};
