import os from 'node:os';
import {imageCache} from '../image/build/cache.ts';
import {type Layout, layoutOf, wrap} from '../report/layout.ts';
import {wantsColor} from '../report/wants-color.ts';
import {markOf} from '../report/marks.ts';
import type {Check} from '../setup/doctor/check.ts';
import {checkHost} from '../setup/doctor/host.ts';
import {checkLab} from '../setup/doctor/lab.ts';
import {checkPackages} from '../setup/doctor/packages.ts';
import {checkQemu} from '../setup/doctor/qemu.ts';
import {checkUefi} from '../setup/doctor/uefi.ts';
import type {CommandContext} from './command.ts';

/** `bootwright doctor`: what this host can do, and the command that mends each lack. 4 where nothing can be tested. */
export const run = async (context: CommandContext, {json = false}: {readonly json?: boolean}): Promise<number> => {
	const checks = await checkAll(context);
	if (json) {
		context.stdout.write(`${JSON.stringify({checks}, undefined, 2)}\n`);
	} else {
		const layout = layoutOf({width: context.stdout.columns, color: wantsColor(context.stdout, context.env)});
		context.stdout.write(`${checks.map((check) => renderCheck(check, layout)).join('\n')}\n`);
	}

	return checks.some(({ok, essential}) => essential && !ok) ? 4 : 0;
};

const checkAll = async ({stdout, env}: CommandContext): Promise<readonly Check[]> => {
	const parts = await Promise.all([
		checkQemu(),
		checkPackages(env['PATH'] ?? ''),
		checkUefi(),
		checkLab(os.userInfo().uid === 0),
		checkHost({cache: imageCache(), terminal: stdout}),
	]);
	return parts.flat();
};

const renderCheck = ({title, ok, essential, found, cure}: Check, layout: Layout): string =>
	[
		wrap(found, layout, {
			first: `${markOf(ok ? 'pass' : essential ? 'fail' : 'warn', layout)} ${title.padEnd(22)} `,
			rest: ' '.repeat(25),
		}),
		...(cure === undefined ? [] : [`${' '.repeat(25)}${layout.paint('cyan', cure)}`]),
	].join('\n');
