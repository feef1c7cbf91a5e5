import {formatBytes} from './format-bytes.ts';
import {wallClockMs} from '../core/clock.ts';
import {seconds} from '../core/deadline.ts';
import type {RunEvent} from '../core/events.ts';
import {type Layout, layoutOf, wrap} from './layout.ts';
import {liveLine} from './live-line.ts';
import {printable} from './printable.ts';
import {Progress, type Surroundings} from './progress.ts';
import {renderReport} from './render-report.ts';
import {foldRun} from './run-state.ts';

/** Something that is told everything observable about a run, in order. */
export type Reporter = (event: RunEvent) => void;

export type TerminalStream = {
	readonly write: (text: string) => unknown;
	readonly isTTY?: boolean | undefined;
	readonly columns?: number | undefined;
};

/** The report a person reads: boot phases while it runs (with a live line on a terminal), the whole report at the end. */
export const terminalReporter = (options: {
	readonly stream: TerminalStream;
	readonly color: boolean;
	readonly verbose: boolean;
	/** Only a terminal is told. */
	readonly surroundings: Surroundings;
}): Reporter => {
	const {stream, color, verbose} = options;
	/** Asked for each time: a terminal can be made narrower meanwhile. */
	const layout = (): Layout => layoutOf({width: stream.columns, color});
	const progress = stream.isTTY === true ? new Progress(options.surroundings) : undefined;
	const live = liveLine(stream, () => progress?.text(wallClockMs()) ?? '');
	const events: RunEvent[] = [];
	let problems = 0;
	/** A guest that complains without end would push everything else off the screen; the report at the end counts them. */
	const tooMuch = (event: RunEvent): boolean => event.type === 'console-problem' && ++problems > 10;
	return (event) => {
		events.push(event);
		progress?.follow(event);
		const lines = tooMuch(event) ? [] : told(event, layout());
		if (lines.length > 0) {
			live.print(`${lines.join('\n')}\n`);
		} else {
			live.update();
		}

		if (event.type === 'run-finished') {
			live.end();
			stream.write(renderReport(foldRun(events), layout(), verbose));
		}
	};
};

/** The lines that stay, while the run goes on. */
const told = (event: RunEvent, layout: Layout): readonly string[] => {
	switch (event.type) {
		case 'run-started': {
			const {profile, qemu, accelerator, acceleratorReason, vcpus, memoryMiB} = event.machine;
			return [
				`${layout.paint('bold', printable(event.image.path))} · ${formatBytes(event.image.bytes)} · Bootwright ${event.version}`,
				`machine ${printable(profile)} · QEMU ${printable(qemu)} · ${vcpus} vCPUs · ${memoryMiB} MiB`,
				wrap(printable(acceleratorReason), layout, {first: `${accelerator}: `, rest: ' '.repeat(5)}),
				'',
			];
		}

		case 'phase-reached': {
			return [`  ${event.phase.padEnd(12)} ${seconds(event.ms).padStart(7)}`];
		}

		case 'access-tried': {
			const {method, opened, why} = event;
			const first = opened ? `  way in: ${method}, ` : layout.paint('dim', `  no way in by ${method}: `);
			return [wrap(printable(why), layout, {first, rest: ' '.repeat(4)})];
		}

		case 'console-problem': {
			const {severity, kind, port, line} = event.problem;
			return severity === 'warning'
				? []
				: [
						wrap(printable(line, 200), layout, {
							first: `  ${layout.paint('red', `${port} ${printable(kind)}`)} `,
							rest: ' '.repeat(4),
						}),
					];
		}

		default: {
			return [];
		}
	}
};
