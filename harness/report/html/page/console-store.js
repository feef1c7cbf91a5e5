import {linesOf, parseTiming} from './console-lines.js';
import {blocks, dataOf} from './dom.js';

/** @typedef {{readonly offset: number, readonly line: number, readonly breaks: number, readonly block: HTMLElement}} Segment */
/** @typedef {{readonly name: string, readonly port: string, readonly bytes: number, readonly file: string, readonly leftOut: number}} Facts */
/** @typedef {Facts & {readonly segments: readonly Segment[], readonly lines: number, readonly timing: () => Promise<ReturnType<typeof parseTiming>>}} Console */
/** @typedef {import('../page-data.ts').PageProblem} Problem */

/**
 * The consoles of a run, and why there are none. They stand at the end of the page: ask when it is read whole.
 * @param {number} run
 * @returns {{readonly consoles: readonly Console[], readonly lack: string}}
 */
export const consolesOf = (run) => {
	const segments = Map.groupBy(blocks('segment'), (block) => block.dataset['console']);
	const timings = Map.groupBy(blocks('timing'), (block) => block.dataset['console']);
	const number = String(run);
	const about = blocks('consoles').find((block) => block.dataset['run'] === number);
	/** @type {{readonly lack: string}} */
	const {lack} = about === undefined ? {lack: 'the page ends before them'} : dataOf(about);
	const consoles = blocks('console')
		.filter((block) => block.dataset['run'] === number)
		.map((block) => {
			const id = block.id.replace('console-', '');
			const own = (segments.get(id) ?? []).map((one) => segmentOf(one));
			const last = own.at(-1);
			return {
				.../** @type {Facts} */ (dataOf(block)),
				segments: own,
				lines: last === undefined ? 0 : last.line + last.breaks,
				timing: once(async () => timingOf(timings.get(id) ?? [])),
			};
		});
	return {consoles, lack};
};

/**
 * The bytes of a segment or of a piece of timing.
 * @param {HTMLElement} block
 */
export const unpack = async (block) => {
	/** @type {string} */
	const base64 = dataOf(block);
	const packed = Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
	const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
	return new Uint8Array(await new Response(stream).arrayBuffer());
};

/**
 * @param {readonly Segment[]} segments
 * @param {(segment: Segment) => number} start
 * @param {number} value
 * @returns {number} index of the last segment that starts at the value or before it
 */
export const segmentAt = (segments, start, value) =>
	Math.max(
		0,
		segments.findLastIndex((segment) => start(segment) <= value),
	);

/**
 * The console and line that a problem was seen on. Copies of the booted machine have ports of the same names: the text tells.
 * @param {readonly Console[]} consoles
 * @param {Problem} problem
 */
export const lineOfProblem = async (consoles, problem) => {
	const {port, offset} = problem;
	/** @type {{readonly console: Console, readonly line: number} | undefined} */
	let fallback;
	const ofPort = consoles.filter((each) => each.port === port && each.bytes > offset);
	for (const one of ofPort) {
		const segment = one.segments[segmentAt(one.segments, (each) => each.offset, offset)];
		const lines = segment === undefined ? [] : linesOf(await unpack(segment.block), segment);
		const line = lines.findLast((each) => each.offset <= offset);
		if (line !== undefined) {
			const place = {console: one, line: line.number};
			if (isLineOf(problem, line.text)) {
				return place;
			}

			fallback ??= place;
		}
	}

	return fallback;
};

/**
 * @param {Problem} problem
 * @param {string} text of a line
 */
export const isLineOf = ({line}, text) => text.includes(line.slice(0, 40).trim());

/** @param {HTMLElement} block */
const segmentOf = (block) => ({
	offset: Number(block.dataset['offset']),
	line: Number(block.dataset['line']),
	breaks: Number(block.dataset['breaks']),
	block,
});

/** @param {readonly HTMLElement[]} pieces */
const timingOf = async (pieces) => {
	const decoder = new TextDecoder();
	let text = '';
	for (const piece of pieces) {
		text += decoder.decode(await unpack(piece), {stream: true});
	}

	return parseTiming(text);
};

/**
 * @template Value
 * @param {() => Promise<Value>} make
 */
const once = (make) => {
	/** @type {Promise<Value> | undefined} */
	let made;
	return () => (made ??= make());
};
