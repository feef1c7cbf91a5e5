import test from 'ava';
import {coalesceCases} from '../../../harness/lab/frames/coalesce-cases.ts';
import {receivedPayloads} from '../../../harness/lab/frames/received-payloads.ts';
import {flow4} from './_flow.ts';

test('frames one after the other are told apart, padded or not; anything else is not guessed at', (t) => {
	const [ack] = coalesceCases(() => flow4, {mtu: 1460}).find(({name}) => name === 'ack')!.frames;
	const arp = Buffer.concat([Buffer.alloc(12, 1), Buffer.from('0806', 'hex'), Buffer.alloc(28, 2)]);
	const padded = Buffer.concat([ack!.bytes, Buffer.alloc(6)]);
	t.deepEqual(receivedPayloads(Buffer.concat([arp, padded, ack!.bytes, padded]), flow4), [0, 0, 0]);
	t.deepEqual(receivedPayloads(arp, flow4), []);
	t.is(receivedPayloads(Buffer.concat([ack!.bytes, Buffer.alloc(40, 9)]), flow4), undefined);
	t.is(receivedPayloads(ack!.bytes.subarray(0, 50), flow4), undefined);
});
