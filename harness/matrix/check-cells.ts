import {UsageError} from '../core/errors.ts';
import {matchesGlob} from '../core/glob.ts';
import {didYouMeanPattern} from '../core/nearest.ts';
import {kernelVariant} from '../image/build-kernels.ts';
import {loadProfile} from '../profile/load.ts';
import {wholeRun} from '../report/known-failures.ts';
import {notOfAKernel} from '../runner/kernel-under-test.ts';
import {loadScenarios} from '../runner/load-scenarios.ts';
import {checkReferenceImage} from '../runner/resolve-image.ts';
import {select} from '../runner/select.ts';
import {type Cell, concerns} from './cells.ts';
import {type KnownIssue} from './matrix-file.ts';

/**
 * Finds before the night what would else be an error of a cell in the midst of it: names of reference images, test kernels and profiles, profiles
 * and scenarios that cannot be loaded, and patterns of rows that match nothing. Other files that a path names are not looked for: something may
 * make them until their cell is run.
 * @throws UsageError with the first cell or known issue in which something is wrong
 */
export const checkCells = async (cells: readonly Cell[], known: readonly KnownIssue[]): Promise<void> => {
	const check = openChecks();
	for (const cell of cells) {
		try {
			await check.cell(cell);
		} catch (error) {
			throw error instanceof UsageError
				? new UsageError(`Cell ${cell.id}: ${error.message}`, {cause: error, hint: error.hint})
				: error;
		}
	}

	for (const {id, match, rows} of known) {
		const concerned = cells.filter((cell) => concerns(match, cell));
		const names = new Set<string>([wholeRun]);
		for (const cell of concerned) {
			const own = await check.rowsOf(cell);
			for (const row of own) {
				names.add(row);
			}
		}

		const lost = rows.find((pattern) => names.values().every((name) => !matchesGlob(pattern, name)));
		if (lost !== undefined) {
			throw new UsageError(
				`known issue ${id}: "${lost}" matches no row of its cells.${didYouMeanPattern(lost, names)}`,
				{
					hint: `A row of "bootwright list requirements", one of a cell's own scenario, or "${wholeRun}".`,
				},
			);
		}
	}
};

type Checks = {
	readonly cell: (cell: Cell) => Promise<void>;
	readonly rowsOf: (cell: Cell) => Promise<readonly string[]>;
};

/** Thousands of cells have few profiles, sets and scenarios: each is looked at once. */
const openChecks = (): Checks => {
	const done = new Map<string, Promise<unknown>>();
	const once = async <Value>(key: readonly unknown[], work: () => Value | Promise<Value>): Promise<Value> => {
		const text = JSON.stringify(key);
		const found = done.get(text) ?? Promise.try(work);
		done.set(text, found);
		return (await found) as Value;
	};

	const scenariosOf = async ({options: {scenario = []}}: Cell) =>
		once(['scenarios', scenario], async () => loadScenarios(scenario));
	return {
		async cell(cell) {
			const {image, profile, options} = cell;
			const kernels = [
				...(cell.kernel === true ? [image] : []),
				...(options.kernel === undefined ? [] : [options.kernel]),
			];
			if (cell.kernel === undefined) {
				await once(['image', image], () => checkReferenceImage(image));
			}

			for (const kernel of kernels) {
				await once(['kernel', kernel], () => checkTestKernel(kernel));
			}

			await once(['profile', profile], async () => loadProfile(profile));
			const alone = cell.kernel === true && cell.only.length === 0;
			const patterns = {only: cell.only, skip: alone ? [...cell.skip, ...notOfAKernel] : cell.skip};
			const scenarios = await scenariosOf(cell);
			await once(['rows', options.scenario, patterns], () => select(scenarios, patterns));
		},
		rowsOf: async (cell) => (await scenariosOf(cell)).flatMap(({proves}) => proves),
	};
};

const checkTestKernel = (word: string): void => {
	if (word.startsWith('ref:')) {
		kernelVariant(word.slice('ref:'.length));
	}
};
