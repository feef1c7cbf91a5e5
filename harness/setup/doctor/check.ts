/** One thing that a host can or cannot do. */
export type Check = {
	/** Stable word, for `--json`. */
	readonly id: string;
	readonly title: string;
	readonly ok: boolean;
	/** Without it nothing can be tested at all: `doctor` ends with 4. */
	readonly essential: boolean;
	/** What was found. */
	readonly found: string;
	/** The exact command, or else the sentence, that mends a lack. */
	readonly cure?: string | undefined;
};
