import {z} from 'zod';
import {bootPhases, portNames} from '../core/events.ts';
import {verdicts} from '../core/verdict.ts';

/**
 * The result file (`--json`, and `result.json` among the artifacts). A contract: fields are added, never changed or
 * removed, without a new `schema` number. Published as docs/result.schema.json (`npm run schema`).
 */
const verdict = z.enum(verdicts);
const evidence = z
	.strictObject({
		side: z.enum(['guest', 'host']),
		what: z.string(),
		expected: z.string(),
		observed: z.string(),
		holds: z.boolean(),
	})
	.readonly();
const requirement = z
	.strictObject({
		id: z.string(),
		verdict,
		scenario: z.string().describe('empty where nobody came to judge it'),
		reason: z.string(),
		evidence: z.array(evidence).readonly(),
		fix: z.string().optional().describe('how to mend this image, or the command that makes the row observable'),
	})
	.readonly();
const accessMethod = z.enum(['shell', 'credentials', 'inject', 'metadata']);

export const resultSchema = z
	.strictObject({
		schema: z.literal(1),
		verdict: z.enum(['pass', 'fail', 'error']).describe('pass: exit code 0; fail: 1 or 3; error: everything else'),
		exitCode: z.int().min(0).max(255),
		version: z.string().describe('of Bootwright'),
		startedAt: z.string().describe('ISO 8601, UTC'),
		durationMs: z.number().min(0),
		strict: z.boolean(),
		image: z
			.strictObject({
				path: z.string(),
				sha256: z.string().nullable().describe('null: not known when the run ended'),
				bytes: z.int(),
			})
			.readonly(),
		machine: z
			.strictObject({
				profile: z.string(),
				accelerator: z.enum(['tcg', 'kvm']),
				acceleratorReason: z.string(),
				qemu: z.string(),
				vcpus: z.int(),
				memoryMiB: z.int(),
			})
			.readonly(),
		access: z.strictObject({method: accessMethod.nullable(), tried: z.array(accessMethod).readonly()}).readonly(),
		phases: z
			.array(
				z
					.strictObject({
						name: z.enum(bootPhases),
						ms: z.number().optional().describe('absent: not reached, or not seen'),
					})
					.readonly(),
			)
			.readonly(),
		requirements: z.array(requirement).readonly(),
		scenarios: z
			.array(z.strictObject({id: z.string(), verdict, durationMs: z.number(), attempts: z.int().min(1)}).readonly())
			.readonly(),
		measurements: z
			.array(
				z
					.strictObject({
						id: z.string(),
						metric: z.string(),
						value: z.number(),
						ci95: z.tuple([z.number(), z.number()]).readonly(),
						samples: z.array(z.number()).readonly(),
						frameSizes: z
							.strictObject({
								limits: z
									.array(z.number())
									.readonly()
									.describe('upper ends of the bins in bytes; one bin more is open'),
								on: z.array(z.int().min(0)).readonly().describe('frames in each bin, with the offload'),
								off: z.array(z.int().min(0)).readonly().describe('without it'),
								unseen: z.int().min(0).describe('frames that could not be counted'),
							})
							.readonly()
							.optional()
							.describe('of the stream that was measured'),
						merged: z
							.strictObject({on: z.number(), off: z.number()})
							.readonly()
							.optional()
							.describe('segments that the guest merged into a packet'),
					})
					.readonly(),
			)
			.readonly(),
		failure: z
			.strictObject({kind: z.string(), message: z.string(), hint: z.string().optional()})
			.readonly()
			.nullable()
			.describe('what ended the run early: the guest (its kind of failure), or the host, a deadline, a signal'),
		console: z
			.strictObject({
				problems: z
					.array(
						z
							.strictObject({
								kind: z.string(),
								severity: z.enum(['fatal', 'error', 'warning']),
								port: z.enum(portNames),
								line: z.string(),
								offset: z.int().min(0).describe("byte of the line in the port's raw log"),
							})
							.readonly(),
					)
					.readonly(),
			})
			.readonly(),
		artifacts: z.strictObject({directory: z.string(), reproduce: z.string()}).readonly(),
	})
	.readonly();

export type RunResult = z.infer<typeof resultSchema>;
