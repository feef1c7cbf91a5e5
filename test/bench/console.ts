import {once} from 'node:events';
import path from 'node:path';
import {execa} from 'execa';
import {withDir} from 'tmp-promise';
import {type EngineRun} from './console-engine-run.ts';
import {writeHostileLog, writeRecordedLog} from './console-logs.ts';

/**
 * The console engine beside pexpect, on the same logs, in turns: `node test/bench/console.ts [ROUNDS]`.
 * The engine gets the log over a unix socket from another process, pexpect over a terminal from `cat`.
 */
export const consoleBench = async (rounds: number): Promise<ConsoleBench> =>
	withDir(
		async ({path: directory}) => {
			const logs = {recorded: path.join(directory, 'recorded.log'), hostile: path.join(directory, 'hostile.log')};
			writeRecordedLog(logs.recorded, logBytes);
			writeHostileLog(logs.hostile, logBytes);
			const rates: Rate[] = [];
			for (let round = 0; round < rounds; round++) {
				for (const [log, file] of Object.entries(logs)) {
					const run = async (text?: string): Promise<number> => rateOf(await engine({file, directory, times: 1, text}));
					rates.push({log, watch: await run(), expect: await run(wanted), pexpect: await pexpect(file)});
				}
			}

			const flood = async (file: string): Promise<EngineRun> => engine({file, directory, times: 10, text: wanted});
			return {rates, floods: [await flood(logs.recorded), await flood(logs.hostile)]};
		},
		{unsafeCleanup: true},
	);

/** MB a second: transcript and alarms; the same while a text is waited for, which has every byte decoded; pexpect waiting for it. */
type Rate = {readonly log: string; readonly watch: number; readonly expect: number; readonly pexpect: number};

export type ConsoleBench = {
	readonly rates: readonly Rate[];
	/** 1 GB in a row, of each log. */
	readonly floods: readonly EngineRun[];
};

const logBytes = 100e6;
const wanted = 'what is nowhere in it';
const rival = path.join(import.meta.dirname, 'console-rival.py');

type Engine = {
	readonly file: string;
	readonly directory: string;
	readonly times: number;
	readonly text: string | undefined;
};

let sockets = 0;

const engine = async ({file, directory, times, text}: Engine): Promise<EngineRun> =>
	withDir(
		async ({path: transcripts}) => {
			sockets += 1;
			const socket = path.join(directory, `${sockets}.sock`);
			const sender = execa('python3', [rival, 'send', socket, file, String(times)]);
			await once(sender.stdout, 'data');

			const program = path.join(import.meta.dirname, 'console-engine.ts');
			const [{stdout}] = await Promise.all([
				execa(process.execPath, [program, socket, transcripts, ...(text === undefined ? [] : [text])]),
				sender,
			]);
			return JSON.parse(stdout) as EngineRun;
		},
		{tmpdir: directory, unsafeCleanup: true},
	);

const rateOf = ({bytes, seconds}: EngineRun): number => bytes / seconds / 1e6;

const pexpect = async (file: string): Promise<number> => {
	const {stdout} = await execa('python3', [rival, 'pexpect', file, wanted]);
	return logBytes / Number(stdout) / 1e6;
};

if (import.meta.main) {
	const {rates, floods} = await consoleBench(Number(process.argv[2] ?? 3));
	console.log('MB/s, 100 MB logs      transcript, alarms   and an expect   pexpect   ratios');
	for (const {log, watch, expect, pexpect: theirs} of rates) {
		const ratios = `${(watch / theirs).toFixed(1)}  ${(expect / theirs).toFixed(1)}`;
		console.log(
			`${log.padEnd(22)} ${watch.toFixed(0).padEnd(20)} ${expect.toFixed(0).padEnd(15)} ${theirs.toFixed(0).padEnd(9)} ${ratios}`,
		);
	}

	for (const {seconds, peakMiB} of floods) {
		console.log(`1 GB into one port: ${seconds.toFixed(1)} s, peak memory ${peakMiB.toFixed(0)} MiB (≤ 200)`);
	}
}
