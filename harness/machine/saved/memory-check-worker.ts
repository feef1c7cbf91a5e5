import {closeSync, openSync, readSync} from 'node:fs';
import {parentPort, workerData} from 'node:worker_threads';
import {crc32} from 'node:zlib';
// Its type alone: a thread that loaded the rest as well would take longer for that than for the work.
import type {CheckOrder} from './memory-check.ts';

const {file, pieces, pieceBytes} = workerData as CheckOrder;
const fd = openSync(file, 'r');
const buffer = Buffer.allocUnsafe(pieceBytes);
const result = new Uint32Array(pieces.length * 2);
for (const [index, piece] of pieces.entries()) {
	const length = readSync(fd, buffer, 0, pieceBytes, piece * pieceBytes);
	result[index * 2] = piece;
	result[index * 2 + 1] = crc32(buffer.subarray(0, length));
}

closeSync(fd);
parentPort?.postMessage(result);
