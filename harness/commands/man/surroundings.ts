/** What the program reads from its environment. */
export const environment: Readonly<Record<string, string>> = {
	BOOTWRIGHT_QEMU: 'The QEMU to use: path of qemu-system-x86_64. Without it: the one in PATH.',
	BOOTWRIGHT_PASSWORD: 'Password of --user, where no --password-file is given.',
	BOOTWRIGHT_QUEUE_PASSWORD: 'Password of the server of --queue, where its address has none.',
	BOOTWRIGHT_MIRROR: 'URI of a Debian mirror, for the packages that images are built from.',
	BOOTWRIGHT_MACHINES_MIB: 'How much room booted machines may take in the cache.',
	XDG_CACHE_HOME: 'Where the cache is. Default: ~/.cache.',
	XDG_STATE_HOME: 'Where runs are kept that no --artifacts names a place for. Default: ~/.local/state.',
	TMPDIR: 'Where a run keeps what ends with it. Default: /tmp.',
	NO_COLOR: 'Set to anything: no colours.',
	FORCE_COLOR: 'Colours also where standard output is no terminal; 0 or false: none.',
	CI: 'Set to anything: nobody is asked anything, also at a terminal.',
	GITHUB_ACTIONS: 'true: what is wrong is marked for GitHub Actions, and the summary is added to GITHUB_STEP_SUMMARY.',
	GITLAB_CI: 'true: how a run went is folded in the log of the job.',
	GITHUB_STEP_SUMMARY: 'File of the summary of a step of GitHub Actions.',
};

/** What runs leave; `latest` is inside the first. */
export const files: ReadonlyArray<readonly [path: string, what: string]> = [
	[
		'$XDG_STATE_HOME/bootwright/runs/',
		'A directory for each of the newest 20 runs; latest is a link to the last one. --artifacts DIR names another place.',
	],
	['latest/result.json', 'Verdicts and evidence, by docs/result.schema.json.'],
	['latest/events.jsonl', 'Everything observable, one event a line; what bootwright report reads.'],
	['latest/console-ttyS0.log', 'The raw bytes of the first serial port; likewise ttyS1 to ttyS3.'],
	['latest/qemu.sh', 'Starts the same machine by hand.'],
	['$XDG_STATE_HOME/bootwright/matrix/', 'A directory for each matrix, unless --artifacts DIR names another place.'],
	['$XDG_CACHE_HOME/bootwright/', 'Reference images, booted machines, digests: bootwright cache.'],
];

export const examples: ReadonlyArray<readonly [what: string, command: string]> = [
	['The reference image, for a look at a report:', 'bootwright test'],
	['An image in a pipeline:', 'bootwright test image.raw --artifacts out --json result.json --junit junit.xml'],
	['The kernel rows alone, with all their evidence:', "bootwright test image.raw --only 'kernel.*' -v"],
	['A kernel by itself, in seconds:', 'bootwright test --kernel arch/x86/boot/bzImage'],
	[
		'What a row asks for, and what became of a guest:',
		'bootwright explain hw.scsi.block-size\nbootwright explain hang',
	],
];
