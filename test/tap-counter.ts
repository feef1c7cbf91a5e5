/** Counts the tests of a TAP stream, names those that failed, and passes on what belongs to them. */
export const tapCounter = (show: (line: string) => void) => {
	let passed = 0;
	const failures: string[] = [];
	let showing = false;
	return {
		line(line: string): void {
			if (/^ok\b/.test(line)) {
				showing = false;
				// A skipped or planned test proves nothing.
				passed += /# (skip|todo)\b/i.test(line) ? 0 : 1;
			} else if (/^not ok\b/.test(line)) {
				const planned = /# todo\b/i.test(line);
				if (!planned) {
					failures.push(line.replace(/^not ok(?: \d+)?(?: -)? */, ''));
				}

				showing = !planned;
			} else if (/^(TAP version|1\.\.\d|# (tests|pass|fail))/.test(line)) {
				showing = false;
			}

			if (showing) {
				show(line);
			}
		},
		counts: () => ({passed, failed: failures.length}),
		failures: (): readonly string[] => failures,
	};
};
