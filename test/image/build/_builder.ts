import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {cached} from '../../../harness/image/build/cache.ts';

/**
 * A process of its own that builds KEY into the cache: says `building`, waits for a line, and is done. With BYTES it writes
 * that many and waits for nothing. SIGTERM aborts it.
 */
const [key = 'image', bytes] = process.argv.slice(2);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort(new Error('told to stop')));
const typed = createInterface({input: process.stdin});

try {
	const {directory, built} = await cached({
		key,
		signal: stop.signal,
		onProgress: (line) => console.log(line),
		async build(work) {
			await writeFile(path.join(work, 'half'), Buffer.alloc(Number(bytes ?? 0)));
			console.log('building');
			if (bytes === undefined) {
				await once(typed, 'line', {signal: stop.signal});
			}

			await writeFile(path.join(work, 'whole'), '');
		},
	});
	console.log(`${built ? 'built' : 'found'} ${directory}`);
} catch (error) {
	console.log(String(error));
}

typed.close();
process.stdin.destroy();
