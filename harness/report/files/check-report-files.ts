import {access, constants} from 'node:fs/promises';
import path from 'node:path';
import {UsageError, messageOf} from '../../core/errors.ts';
import {isSameFile} from '../../image/same-file.ts';
import {partOf} from '../write-whole.ts';
import {type ReportFiles, named} from './report-files.ts';
import {type ReportTarget, endOfLinks, reportTarget} from './report-target.ts';

type Given = {
	/** The command's own directory: reports may lie in it also where it is not there yet, as it is made before them. */
	readonly artifacts?: string | undefined;
	/** Files that are judged, or judged by, also those that are not there yet: none of them is ever written. */
	readonly inputs?: readonly string[];
	/** Directories whose files the reports are made of: none lies in one of them. */
	readonly records?: readonly string[];
	/** All reports with those that nobody asked for by an option. */
	readonly written?: ReportFiles;
};

/**
 * What could only be written after the whole run is found out before it.
 * @throws UsageError
 */
export const checkReportFiles = async (
	files: ReportFiles,
	{artifacts, inputs = [], records = [], written = files}: Given = {},
): Promise<void> => {
	for (const [option, file] of named(files)) {
		const target = await targetOf(option, file, artifacts);
		for (const input of inputs) {
			if (await wouldWrite(target, {file, input})) {
				throw new UsageError(`--${option} ${file} would be written over ${input}`);
			}
		}

		for (const directory of records) {
			const place = await placeOf(directory);
			if (place !== undefined && target.kind === 'file' && target.path.startsWith(`${place}${path.sep}`)) {
				throw new UsageError(`--${option} ${file} would be written into ${directory}, of which reports are made`);
			}
		}
	}

	await mustDiffer(written);
};

const targetOf = async (option: string, file: string, artifacts: string | undefined): Promise<ReportTarget> => {
	try {
		const target = await reportTarget(file);
		if (target.kind === 'none') {
			throw new UsageError(`--${option} ${file} is ${target.what}`);
		}

		if (target.kind !== 'output') {
			await mayBeWritten(target.kind === 'file' ? path.dirname(target.path) : target.path, artifacts);
		}

		return target;
	} catch (error) {
		throw error instanceof UsageError
			? error
			: new UsageError(`--${option} ${file} cannot be written: ${messageOf(error)}`, {cause: error});
	}
};

/** @throws what the system says; not of a directory of artifacts that is still to be made */
const mayBeWritten = async (place: string, artifacts: string | undefined): Promise<void> => {
	try {
		await access(place, constants.W_OK);
	} catch (error) {
		const isLacking = (error as NodeJS.ErrnoException).code === 'ENOENT';
		if (!isLacking || artifacts === undefined || place !== (await placeOf(artifacts))) {
			throw error;
		}
	}
};

/** What is no file may be read and written: a terminal that a password comes from. */
const wouldWrite = async (
	target: ReportTarget,
	{file, input}: {readonly file: string; readonly input: string},
): Promise<boolean> => {
	if (target.kind !== 'file') {
		return target.kind === 'output' && isSameFile(file, input);
	}

	const [place, part] = [await placeOf(input), partOf(target.path)];
	return (
		place === target.path || place === part || (await isSameFile(target.path, input)) || (await isSameFile(part, input))
	);
};

/** A file gets its name when it is whole; what it is called before that no other may be called, either. */
const mustDiffer = async (files: ReportFiles): Promise<void> => {
	const taken = new Map<string, string>();
	for (const [option, file] of named(files)) {
		const target = await reportTarget(file).catch(() => undefined);
		const places = target?.kind === 'file' ? [target.path, partOf(target.path)] : [];
		const other = places.map((place) => taken.get(place)).find((one) => one !== undefined);
		if (other !== undefined) {
			throw new UsageError(`${other} and --${option} ${file} would be one file`, {
				hint: 'Give each report a file of its own.',
			});
		}

		for (const place of places) {
			taken.set(place, `--${option} ${file}`);
		}
	}
};

/** Undefined for a name that leads nowhere: whoever reads it will say so. */
const placeOf = async (file: string): Promise<string | undefined> =>
	endOfLinks(path.resolve(file)).catch(() => undefined);
