import {builtKernel, kernelVariants} from '../../image/build-kernels.ts';
import {type KernelVariant} from '../../image/build/kernel-recipe.ts';
import {placeOf} from './image.ts';
import {type Subject, plainSubject} from './subject.ts';

/** The test kernels: what each lacks, and exactly what must come of that. */
export const kernelSubjects = async (): Promise<readonly Subject[]> =>
	Promise.all(Object.entries(kernelVariants()).map(async ([name, variant]) => kernelSubject(name, variant)));

const kernelSubject = async (name: string, {title, options, expect}: KernelVariant): Promise<Subject> => {
	const changes = Object.entries(options).map(([option, value]) => `CONFIG_${option}=${value}`);
	return plainSubject({
		kind: 'kernel',
		id: name,
		alias: `ref:${name}`,
		title,
		heading: 'Test kernel',
		entries: [
			['differs', changes.length === 0 ? 'in nothing from images/kernels/base.config' : changes.join(' ')],
			...expected(expect),
			['recipe', 'images/kernels/variants.yaml'],
			['built', await placeOf(builtKernel(name), `bootwright images kernels ${name}`)],
			['run', `bootwright test --kernel ref:${name}`],
			['docs', 'docs/kernels.md'],
		],
	});
};

const expected = (expect: KernelVariant['expect']): Subject['entries'] =>
	'dies' in expect
		? [['guest', `must not come up: ${expect.dies}, "${expect.words}"`]]
		: [
				['fails', expect.fails.length === 0 ? 'nothing: the change must not matter' : expect.fails.join(' ')],
				['skips', expect.skips.length === 0 ? undefined : expect.skips.join(' ')],
			];
