import test from 'ava';
import {lineSplitter, parseMessage} from '../../harness/qemu/qmp-messages.ts';

test('lines are the same wherever the stream is cut, also inside a character', (t) => {
	const bytes = Buffer.from('{"return": "Bäume 🌲"}\r\n\r\n{"event": "STOP"}\nunfinished');
	for (const size of [1, 2, 3, 5, 1000]) {
		const lines: string[] = [];
		const feed = lineSplitter((line) => void lines.push(line));
		for (let at = 0; at < bytes.length; at += size) {
			feed(bytes.subarray(at, at + size));
		}

		t.deepEqual(lines, ['{"return": "Bäume 🌲"}', '{"event": "STOP"}'], `pieces of ${size}`);
	}
});

test('a line without an end is given up in pieces, so that memory is bounded', (t) => {
	const lengths: number[] = [];
	const feed = lineSplitter((line) => void lengths.push(line.length));
	const piece = Buffer.alloc(2 ** 20, 'x');
	for (let mebibytes = 0; mebibytes < 130; mebibytes += 1) {
		feed(piece);
	}

	t.deepEqual(lengths, [65 * 2 ** 20, 65 * 2 ** 20]);
});

test('what a line says', (t) => {
	t.deepEqual(parseMessage('{"QMP": {"version": {}}}'), {type: 'greeting'});
	t.deepEqual(parseMessage('{"event": "RESET", "data": {"guest": true}, "timestamp": {"seconds": 1}}'), {
		type: 'event',
		name: 'RESET',
		data: {guest: true},
	});
	t.deepEqual(parseMessage('{"event": "STOP"}'), {type: 'event', name: 'STOP', data: {}});
	t.deepEqual(parseMessage('{"return": null, "id": 7}'), {type: 'return', id: 7, value: null});
	t.deepEqual(parseMessage('{"error": {"class": "GenericError", "desc": "no"}, "id": 7}'), {
		type: 'error',
		id: 7,
		class: 'GenericError',
		desc: 'no',
	});
	t.deepEqual(parseMessage('null'), {type: 'garbage', text: 'null'});
});
