import {open} from 'node:fs/promises';
import {UsageError, messageOf} from '../core/errors.ts';
import {judgeKernelOptions} from '../policy/judge-kernel-options.ts';
import {type KernelConfig, configDefect} from '../policy/kernel-config.ts';
import {readKernelConfig} from '../policy/read-kernel-config.ts';
import {worstExitCode} from '../report/exit-code.ts';
import {layoutOf} from '../report/layout.ts';
import {renderGroups} from '../report/render-groups.ts';
import {renderRow} from '../report/render-row.ts';
import {requirement} from '../report/result.ts';
import {type Row, row} from '../report/run-state.ts';
import {wantsColor} from '../report/wants-color.ts';
import type {CommandContext} from './command.ts';

type Options = {readonly json?: boolean; readonly strict?: boolean};

/**
 * `bootwright check-config FILE`: the kernel option rows, offline. 0: all pass or warn; 1: one fails; 2: the file is no
 * configuration that could be judged; 4: a row that the file does not tell enough about.
 */
export const run = async (
	context: CommandContext,
	{json = false, strict = false}: Options,
	file: string,
): Promise<number> => {
	const config = await readConfig(file);
	const judgements = judgeKernelOptions(config, {release: undefined, seenWorking: new Set(), offline: true});
	const rows = [...judgements].map(([id, judgement]) => row(id, {scenario: 'kernel', judgement, strict}));
	context.stdout.write(json ? asJson(file, config, rows) : asText(context, config, rows));
	return worstExitCode(rows.map(({verdict}) => (verdict === 'fail' ? 1 : verdict === 'error' ? 4 : 0)));
};

const hint = 'Give the .config of a build, /boot/config-* of an image, or /proc/config.gz of a running kernel.';

/** Ten times what the largest configuration has. */
const maxBytes = 4 * 1024 * 1024;

const readConfig = async (file: string): Promise<KernelConfig> => {
	const config = parse(await readBytes(file), file);
	const defect = configDefect(config);
	if (defect !== undefined) {
		throw new UsageError(`${file} cannot be judged: ${defect}`, {hint});
	}

	return config;
};

const readBytes = async (file: string): Promise<Buffer> => {
	try {
		await using handle = await open(file);
		const {bytesRead, buffer} = await handle.read({buffer: Buffer.alloc(maxBytes + 1)});
		if (bytesRead <= maxBytes) {
			return buffer.subarray(0, bytesRead);
		}
	} catch (error) {
		throw new UsageError(`Cannot read the kernel configuration ${file}: ${messageOf(error)}`, {cause: error, hint});
	}

	throw new UsageError(`${file} is larger than any kernel configuration`, {hint});
};

const parse = (bytes: Buffer, file: string): KernelConfig => {
	try {
		return readKernelConfig(bytes);
	} catch (error) {
		throw new UsageError(`${file}: ${messageOf(error)}`, {cause: error, hint});
	}
};

const asJson = (file: string, {version, architecture}: KernelConfig, rows: readonly Row[]): string => {
	const config = {file, release: version?.text ?? null, architecture: architecture ?? null};
	return `${JSON.stringify({config, requirements: rows.map((one) => requirement(one))}, undefined, 2)}\n`;
};

const asText = ({stdout, env}: CommandContext, config: KernelConfig, rows: readonly Row[]): string => {
	const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	const worth = rows.filter(({verdict}) => verdict !== 'pass');
	return [
		config.version === undefined ? 'Linux, version unknown' : `Linux ${config.version.text}`,
		'',
		...renderGroups(rows, layout, false),
		...worth.flatMap((one) => ['', ...renderRow(one, layout)]),
		'',
	].join('\n');
};
