import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {monotonicMs} from '../../harness/core/clock.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {median, row, shown} from './table.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');

/** `bootwright pack` beside the pipe that the cloud's documents have, and beside that with the proof which ours includes; in turns. */
export const packTable = async (rounds: number): Promise<void> => {
	const {path: image} = await ensureImage('debian-12');
	const directory = await mkdtemp(path.join(os.tmpdir(), 'bootwright-bench-'));
	const disk = path.join(directory, 'disk.raw');
	const archive = path.join(directory, 'rival.tar.gz');
	const rival = `tar --format=oldgnu -Scf - -C '${directory}' disk.raw | pigz -6 -c >'${archive}'`;
	const proof = `pigz -dc '${archive}' | tar -xOf - | sha256sum; sha256sum '${disk}'`;
	const shell = async (command: string): Promise<number> => timed(async () => execa('sh', ['-c', command]));
	const ways: Record<'ours' | 'bare' | 'proved', number[]> = {ours: [], bare: [], proved: []};
	try {
		await execa('cp', ['--sparse=always', image, disk]);
		for (let round = 0; round < rounds; round++) {
			const bare = await shell(rival);
			ways.bare.push(bare);
			ways.proved.push(bare + (await shell(proof)));
			ways.ours.push(
				await timed(async () =>
					execa(process.execPath, [
						program,
						'pack',
						disk,
						'--level',
						'6',
						'--force',
						'-o',
						path.join(directory, 'ours'),
					]),
				),
			);
		}
	} finally {
		await rm(directory, {recursive: true});
	}

	row('tar | pigz, debian-12', `${shown(ways.bare)} s`);
	row('  and its proof: unpacked again, two digests', `${shown(ways.proved)} s`);
	row('pack, debian-12, its proof included', `${shown(ways.ours)} s`);
	row('  ÷ tar | pigz; ÷ that with its proof', ratios(ways), '≤ 1.1');
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
	const startedAt = monotonicMs();
	await work();
	return (monotonicMs() - startedAt) / 1000;
};

const ratios = ({ours, bare, proved}: Readonly<Record<'ours' | 'bare' | 'proved', readonly number[]>>): string =>
	[bare, proved].map((rival) => (median(ours) / median(rival)).toFixed(2)).join('; ');

if (import.meta.main) {
	await packTable(Number(process.argv[2] ?? 3));
}
