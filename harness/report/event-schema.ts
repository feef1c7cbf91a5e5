import {z} from 'zod';
import {type RunEvent, bootPhases, portNames} from '../core/events.ts';
import {verdicts} from '../core/verdict.ts';

const at = z.number();
const verdict = z.enum(verdicts);
const evidence = z.object({
	side: z.enum(['guest', 'host']),
	what: z.string(),
	expected: z.string(),
	observed: z.string(),
	holds: z.boolean(),
});
const judgement = z.discriminatedUnion('verdict', [
	z.object({verdict: z.literal('pass'), reason: z.string(), evidence: z.tuple([evidence], evidence)}),
	z.object({
		verdict: z.enum(['warn', 'fail']),
		reason: z.string(),
		evidence: z.array(evidence),
		fix: z.string().optional(),
	}),
	z.object({
		verdict: z.enum(['skip', 'error']),
		reason: z.string(),
		evidence: z.array(evidence),
		fix: z.string().optional(),
	}),
]);
const hint = z.string().optional();
const rowChanges = z.array(z.object({id: z.string(), before: verdict.nullable(), after: verdict.nullable()}));
const noise = z.object({runs: z.number(), median: z.number(), low: z.number(), high: z.number()}).nullable();
const figureKind = z.enum(['phase', 'measurement']);
const compared = z.object({
	since: z.object({at, exitCode: z.number()}).nullable(),
	rows: z.object({
		newlyFailing: rowChanges,
		newlyPassing: rowChanges,
		otherChanges: rowChanges,
		newRows: rowChanges,
		removedRows: rowChanges,
	}),
	flaky: z.array(z.object({id: z.string(), sha256: z.string(), bad: z.number(), runs: z.number()})),
	figures: z.array(
		z.object({
			kind: figureKind,
			id: z.string(),
			before: z.number(),
			after: z.number(),
			noise,
			change: z.enum(['slower', 'faster', 'higher', 'lower', 'within-noise', 'unknown']),
		}),
	),
	trends: z.array(
		z.object({kind: figureKind, id: z.string(), points: z.array(z.object({at, value: z.number()})), noise}),
	),
});

/**
 * A line of `events.jsonl`, as this version writes it. What JSON leaves out (`undefined`) may be absent; a field that a later version
 * added is dropped, an event that it added is an error.
 */
export const eventSchema = z.discriminatedUnion('type', [
	z.object({
		type: z.literal('run-started'),
		at,
		version: z.string(),
		image: z.object({path: z.string(), bytes: z.number(), sha256: z.string().optional()}),
		machine: z.object({
			profile: z.string(),
			accelerator: z.enum(['tcg', 'kvm']),
			acceleratorReason: z.string(),
			qemu: z.string(),
			vcpus: z.number(),
			memoryMiB: z.number(),
		}),
		artifacts: z.string(),
		requirements: z.array(z.string()),
		scenarios: z.array(z.string()),
		strict: z.boolean(),
		command: z.string(),
	}),
	z.object({
		type: z.literal('matrix-cell'),
		at,
		id: z.string(),
		known: z.array(
			z.object({
				id: z.string(),
				rows: z.array(z.string()),
				reason: z.string(),
				link: z.string().optional(),
				until: z.string(),
				expired: z.boolean(),
			}),
		),
	}),
	z.object({type: z.literal('note'), at, text: z.string()}),
	z.object({type: z.literal('image-hashed'), at, sha256: z.string()}),
	z.object({type: z.literal('phase-reached'), at, phase: z.enum(bootPhases), ms: z.number()}),
	z.object({
		type: z.literal('access-tried'),
		at,
		method: z.enum(['shell', 'credentials', 'inject', 'metadata']),
		opened: z.boolean(),
		why: z.string(),
	}),
	z.object({
		type: z.literal('console-problem'),
		at,
		problem: z.object({
			kind: z.string(),
			severity: z.enum(['fatal', 'error', 'warning']),
			port: z.enum(portNames),
			line: z.string(),
			offset: z.number(),
		}),
	}),
	z.object({type: z.literal('scenario-started'), at, scenario: z.string(), title: z.string().optional()}),
	z.object({type: z.literal('requirement-judged'), at, id: z.string(), scenario: z.string(), judgement}),
	z.object({
		type: z.literal('measured'),
		at,
		scenario: z.string(),
		measurement: z.object({
			id: z.string(),
			metric: z.string(),
			value: z.number(),
			ci95: z.tuple([z.number(), z.number()]),
			samples: z.array(z.number()),
			arms: z.array(z.object({unit: z.string(), on: z.array(z.number()), off: z.array(z.number())})).optional(),
			frameSizes: z
				.object({
					limits: z.array(z.number()),
					on: z.array(z.number()),
					off: z.array(z.number()),
					unseen: z.number(),
				})
				.optional(),
			merged: z.object({on: z.number(), off: z.number()}).optional(),
			text: z.string(),
		}),
	}),
	z.object({type: z.literal('scenario-finished'), at, scenario: z.string(), verdict, durationMs: z.number()}),
	z.object({type: z.literal('compared'), at, compared}),
	z.object({type: z.literal('handed-over'), at, port: z.string()}),
	z.object({type: z.literal('taken-back'), at}),
	z.object({type: z.literal('guest-failed'), at, failure: z.string(), message: z.string(), hint}),
	z.object({
		type: z.literal('run-failed'),
		at,
		code: z.enum(['host', 'deadline', 'bug', 'interrupted', 'usage']),
		message: z.string(),
		hint,
		exitCode: z.number(),
	}),
	z.object({type: z.literal('run-finished'), at, durationMs: z.number(), exitCode: z.number()}),
]);

/** What is read back is what was written. */
export const parseEvent = (value: unknown): RunEvent => {
	const event = eventSchema.parse(value);
	switch (event.type) {
		case 'run-started': {
			return {...event, image: {...event.image, sha256: event.image.sha256}};
		}

		case 'guest-failed':
		case 'run-failed': {
			return {...event, hint: event.hint};
		}

		default: {
			return event;
		}
	}
};
