import {createHash} from 'node:crypto';
import {openSync, readSync, readlinkSync} from 'node:fs';
import {constants, setPriority} from 'node:os';
import {parentPort, workerData} from 'node:worker_threads';

const chunkBytes = 1024 * 1024;

/** Runs in the thread that harness/image/hash.ts starts; answers with one message, the digest. */
const {path, bytes} = workerData as {readonly path: string; readonly bytes: number};

// On Linux nice values belong to threads: /proc/thread-self → "PID/task/TID" (proc(5)).
setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), constants.priority.PRIORITY_LOW);

const hash = createHash('sha256');
const file = openSync(path, 'r');
const buffer = Buffer.alloc(chunkBytes);
let done = 0;
for (let count = -1; count !== 0; done += count) {
	count = readSync(file, buffer, 0, chunkBytes, done);
	hash.update(buffer.subarray(0, count));
}

if (done !== bytes) {
	throw new Error(`${bytes} bytes expected, ${done} read`);
}

parentPort?.postMessage(hash.digest('hex'));
