/** Counts the tests of a TAP stream, and passes on what belongs to those that failed. */
export const tapCounter = (show: (line: string) => void) => {
	let passed = 0;
	let failed = 0;
	let showing = false;
	return {
		line(line: string): void {
			if (/^ok\b/.test(line)) {
				showing = false;
				// A skipped or planned test proves nothing.
				passed += /# (skip|todo)\b/i.test(line) ? 0 : 1;
			} else if (/^not ok\b/.test(line)) {
				const planned = /# todo\b/i.test(line);
				failed += planned ? 0 : 1;
				showing = !planned;
			} else if (/^(TAP version|1\.\.\d|# (tests|pass|fail))/.test(line)) {
				showing = false;
			}

			if (showing) {
				show(line);
			}
		},
		counts: () => ({passed, failed}),
	};
};
