/** A root file system that was given a shell. */
export type InjectedRoot = {
	/** The device as the appliance saw it, with the directory inside it for a subvolume: `/dev/vda2`, `/dev/vda2:@`. */
	readonly place: string;
	readonly filesystem: string;
	readonly init: 'systemd' | 'sysvinit' | 'busybox';
};

export type InjectionReport = {
	readonly roots: readonly InjectedRoot[];
	/** Why something was left as it is or could not be read or written, one sentence each. */
	readonly problems: readonly string[];
	readonly notes: readonly string[];
	/** Whether the script came to its end. */
	readonly complete: boolean;
};

/** Reads what inject/run.sh said. Only lines with this run's nonce count; everything is the guest's word. */
export const parseInjectionReport = (consoleText: string, nonce: string): InjectionReport => {
	const lines = consoleText
		.split(/[\r\n]+/u)
		.filter((line) => line.startsWith(`@${nonce} `))
		.map((line) => line.slice(nonce.length + 2).trim());
	const roots: InjectedRoot[] = [];
	const problems: string[] = [];
	const notes: string[] = [];
	for (const line of lines) {
		const [, word = '', place = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/u.exec(line) ?? [];
		const [filesystem = '', init = ''] = rest.split(' ');
		const sentence = `${place.replace(/^\/dev\//u, '')}: ${rest.replaceAll(/\s+/gu, ' ')}`;
		if (word === 'root' && isKnownInit(init)) {
			roots.push({place, filesystem, init});
		} else if (word === 'refused' || word === 'failed') {
			problems.push(sentence);
		} else if (word === 'note') {
			notes.push(sentence);
		}
	}

	return {roots, problems, notes, complete: lines.includes('end')};
};

const knownInits: ReadonlySet<string> = new Set(['systemd', 'sysvinit', 'busybox'] satisfies Array<
	InjectedRoot['init']
>);
const isKnownInit = (word: string): word is InjectedRoot['init'] => knownInits.has(word);
