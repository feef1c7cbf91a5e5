import {queueAddress} from '../matrix/queue/address.ts';
import {queueStatus, type QueueStatus} from '../matrix/queue/queue-status.ts';
import {openQueueServer} from '../matrix/queue/server.ts';
import {printable} from '../report/printable.ts';
import type {CommandContext} from './command.ts';

/** `bootwright queue status`: what waits, who works, and how far each matrix is. */
export const run = async (
	{stdout, stderr, env, signal}: CommandContext,
	{queue, json = false}: {readonly queue: string; readonly json?: boolean},
): Promise<number> => {
	using server = await openQueueServer(queueAddress(queue, env), {
		patienceMs: 0,
		onNote: (line) => stderr.write(`${line}\n`),
		signal,
	});
	const status = await queueStatus(server);
	stdout.write(json ? `${JSON.stringify(status, undefined, 2)}\n` : render(status));
	return 0;
};

const render = ({queues, runs, workers}: QueueStatus): string => {
	const lines = [
		...runs.map(
			({name, host, finished, cells, watched}) =>
				`matrix ${name} from ${host}: ${finished} of ${cells} cells finished${watched ? '' : ', and its command is gone'}`,
		),
		...queues.map(({needs, waiting, postponed, active, stalled}) => {
			const whose = needs.length === 0 ? 'cells for any worker' : `cells that need ${needs.join(' and ')}`;
			const later = postponed === 0 ? '' : `, ${postponed} postponed`;
			const lost = stalled === 0 ? '' : ` (${stalled} stalled: their workers were not heard of)`;
			return `${whose}: ${waiting} waiting${later}, ${active} active${lost}`;
		}),
		...workers.map(({id, labels, jobs, version, hands}) => {
			const has = labels.length === 0 ? 'no labels' : labels.join(', ');
			const at = hands.length === 0 ? 'idle' : `at ${hands.map(({cell}) => cell).join(', ')}`;
			return `worker ${id} (${has}; ${jobs} at once; Bootwright ${version}): ${at}`;
		}),
		...(workers.length === 0 ? ['no worker'] : []),
	];
	return lines.map((line) => `${printable(line, 1000)}\n`).join('');
};
