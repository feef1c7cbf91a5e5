import {HarnessBug, BootwrightError, messageOf} from '../core/errors.ts';

/** What the person sees of an error: message and hint; the stack (and its causes) only where the program itself is at fault. */
export const explainError = (error: unknown): string => {
	const known = error instanceof BootwrightError && !(error instanceof HarnessBug);
	const hint = error instanceof BootwrightError ? error.hint : undefined;
	const lines = [
		`bootwright: ${known ? '' : 'bug: '}${messageOf(error)}`,
		...(hint === undefined ? [] : [`  ${hint.replaceAll('\n', '\n  ')}`]),
		...(known ? [] : stackOf(error)),
	];
	return `${lines.join('\n')}\n`;
};

const stackOf = (error: unknown): readonly string[] => {
	if (!(error instanceof Error)) {
		return [];
	}

	const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
	return [
		...frames,
		...(error.cause instanceof Error ? [`  cause: ${error.cause.message}`, ...stackOf(error.cause)] : []),
	];
};
