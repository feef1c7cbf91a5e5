import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {parse} from 'yaml';
import {z} from 'zod';
import {HarnessBug} from '../../core/errors.ts';
import {type SysctlKey, requirementIds, sysctlId, sysctlKeys} from '../../core/requirements/ids.ts';
import {sysctlSettings} from '../../core/requirements/sysctl-settings.ts';
import {configMutants} from '../../policy/config-mutants.ts';
import {type Mutant} from './mutant.ts';

const directory = path.resolve(import.meta.dirname, '../../../qemu-profiles/mutants');

const rows = z.array(z.enum(requirementIds as readonly [Mutant['fails'][number]])).readonly();
const head = {title: z.string(), fails: rows, skips: rows.optional(), throughput: z.boolean().optional()};
const machinesSchema = z.record(
	z.string(),
	z.strictObject({
		...head,
		profile: z.record(z.string(), z.unknown()),
		boot: z.enum(['disk', 'kernel']).default('disk'),
		lab: z
			.strictObject({vnetHdr: z.literal(false).optional(), corruptsChecksums: z.literal(true).optional()})
			.optional(),
		network: z.enum(['auto', 'user']).optional(),
		extraBytes: z.int().positive().optional(),
	}),
);
const guestsSchema = z.record(z.string(), z.strictObject({...head, command: z.string(), dies: z.boolean().optional()}));

/** Every mutant there is: machines, guests, sysctls (one weakened each), kernel configurations. Ids are unique. */
export const loadMutants = async (): Promise<readonly Mutant[]> => {
	const machines = await read('machines.yaml', machinesSchema);
	const guests = await read('guests.yaml', guestsSchema);
	return [
		...Object.entries(machines).map(([id, {profile, ...rest}]): Mutant => ({
			kind: 'machine',
			id,
			overrides: profile,
			...rest,
		})),
		...Object.entries(guests).map(([id, rest]): Mutant => ({kind: 'guest', id, ...rest})),
		...sysctlKeys.map((key) => sysctlMutant(key)),
		...configMutants().map((mutant): Mutant => ({kind: 'config', ...mutant, id: `config/${mutant.id}`})),
	];
};

const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T> => {
	const result = schema.safeParse(parse(await readFile(path.join(directory, name), 'utf8')));
	if (!result.success) {
		throw new HarnessBug(`qemu-profiles/mutants/${name}: ${z.prettifyError(result.error)}`);
	}

	return result.data;
};

/** Weaker by one; where 1 is required and 2 is looser, that. */
const sysctlMutant = (key: SysctlKey): Mutant => {
	const {required} = sysctlSettings[key];
	const value = key.endsWith('.rp_filter') ? 2 : required === 0 ? 1 : required - 1;
	return {
		kind: 'guest',
		id: `sysctl-${key}`,
		title: `${key} = ${value}`,
		command: `echo ${value} >/proc/sys/${key.replaceAll('.', '/')}`,
		fails: [sysctlId(key)],
	};
};
