import {type ConsolePort} from '../console/port.ts';
import {RootShell} from '../console/root-shell.ts';
import {type Deadline} from '../core/deadline.ts';
import {DeadlineError, GuestError} from '../core/errors.ts';
import {type AccessMethod} from '../core/events.ts';
import {type Injection} from './inject/inject-shell.ts';
import {loginWith} from './login.ts';
import {moveShell} from './move-shell.ts';
import {kernelSeenOn, nudge} from './nudge.ts';
import {type AccessPlan} from './plan-access.ts';
import {proveShell} from './prove-shell.ts';
import {type AnnouncedShell, type Sign, Signs} from './signs.ts';

export type AccessTried = {readonly method: AccessMethod; readonly opened: boolean; readonly why: string};

export type OpenShell = {
	readonly plan: AccessPlan;
	/** What `injectShell` gave back, where the plan wanted it. */
	readonly injection: Injection | undefined;
	/** The shell that the metadata server offers, and whether the guest has asked that server for anything. */
	readonly metadata?: {readonly announcement: string; readonly asked: () => boolean} | undefined;
	/** All ports of the machine that there are. */
	readonly ports: readonly ConsolePort[];
	/** Ends also when the guest is known to be dead. */
	readonly deadline: Deadline;
	/** Multiplies what is waited for beyond the first login prompt. */
	readonly timeoutScale: number;
	readonly onTried: (tried: AccessTried) => void;
	/** Whether the kernel runs; default: by what it wrote. Before that nothing is typed. */
	readonly kernelStarted?: () => boolean;
};

export type OpenedShell = {readonly shell: RootShell; readonly port: ConsolePort; readonly method: AccessMethod};

/** An init that came as far as a login prompt starts everything else within this time, unscaled. */
const graceMs = 20_000;
/** An agent that has begun to read metadata runs the startup script after all that it does by itself: cloud-init comes to it last of all. */
const agentGraceMs = 90_000;

/**
 * Gets a root shell on a guest that is booting, by the ways of the plan, whichever opens first.
 * @throws GuestError `no-way-in` at once when a login prompt shows and nobody can log in; `login-refused`; DeadlineError
 */
export const openShell = async (options: OpenShell): Promise<OpenedShell> => {
	const {plan, injection, metadata, ports, onTried} = options;
	const useShell = plan.steps.some(({method}) => method === 'shell');
	const refused = injection?.injected === false ? [{method: 'inject', why: injection.why} as const] : [];
	for (const {method, why} of [...plan.left, ...refused]) {
		onTried({method, opened: false, why});
	}

	// Not while a way in is being opened: an empty line in the middle of a login counts as an answer.
	let opening = false;
	const kernelStarted = options.kernelStarted ?? (() => kernelSeenOn(ports));
	using _nudging = useShell ? nudge(ports, {mayType: () => !opening && kernelStarted()}) : undefined;
	const announced: readonly AnnouncedShell[] = [
		...(injection?.injected === true ? [{method: 'inject', announcement: injection.announcement} as const] : []),
		...(metadata === undefined ? [] : [{method: 'metadata', announcement: metadata.announcement} as const]),
	];
	const signs = new Signs(ports, {announced, prompts: useShell});
	let {deadline} = options;
	let loginSeen: Sign | undefined;
	let agentWaitedFor = false;
	for (;;) {
		let sign: Sign;
		try {
			sign = await signs.next(deadline);
		} catch (error) {
			if (loginSeen === undefined || !(error instanceof DeadlineError) || options.deadline.signal.aborted) {
				throw error;
			}

			if (agentWaitedFor || metadata?.asked() !== true) {
				throw noWayIn(options, loginSeen);
			}

			agentWaitedFor = true;
			deadline = options.deadline.within('access', agentGraceMs * options.timeoutScale);
			continue;
		}

		if (sign.kind === 'login' && plan.credentials === undefined) {
			if (announced.length === 0) {
				throw noWayIn(options, sign);
			}

			// The arranged shell may come a little later than the prompt.
			if (loginSeen === undefined) {
				loginSeen = sign;
				deadline = options.deadline.within('access', graceMs * options.timeoutScale);
			}
		} else {
			opening = true;
			const opened = await openBy(options, sign);
			opening = false;
			if (opened !== undefined) {
				return opened;
			}

			signs.promptAgain(sign.port);
		}
	}
};

/** Opens the way that a sign points to; undefined where it was none. */
const openBy = async (options: OpenShell, {kind, port, by}: Sign): Promise<OpenedShell | undefined> => {
	const {plan, injection, deadline, onTried} = options;
	const tried = (method: AccessMethod, opened: boolean, why: string): void => onTried({method, opened, why});
	const open = async (method: AccessMethod, work: ConsolePort, why: string): Promise<OpenedShell> => {
		const shell = await RootShell.open(work, deadline);
		tried(method, true, `${why}; commands run on ${work.name}`);
		return {shell, port: work, method};
	};

	switch (kind) {
		case 'announced': {
			if (by === 'metadata') {
				return await open('metadata', port, 'an agent in the image ran the script that the metadata server gave it');
			}

			const where = injection?.injected === true ? `${injection.root} (${injection.init})` : 'the image';
			return await open('inject', port, `a shell was added to ${where}`);
		}

		case 'login': {
			if (plan.credentials === undefined) {
				return undefined;
			}

			try {
				await loginWith({port, ...plan.credentials, deadline, promptSeen: true});
			} catch (error) {
				tried('credentials', false, error instanceof Error ? error.message : String(error));
				throw error;
			}

			return await open(
				'credentials',
				await workPortOf(options, port),
				`${plan.credentials.user} logged in on ${port.name}`,
			);
		}

		case 'prompt': {
			const uid = await proveShell(port, {deadline, attempts: 2});
			if (uid !== 0) {
				tried(
					'shell',
					false,
					uid === undefined
						? `no shell answered on ${port.name}`
						: `the shell on ${port.name} is user ${uid}'s, not root's`,
				);
				return undefined;
			}

			return await open('shell', await workPortOf(options, port), `there was one on ${port.name}`);
		}
	}
};

const workPortOf = async ({ports, deadline}: OpenShell, port: ConsolePort): Promise<ConsolePort> =>
	port.name === 'ttyS0' ? await moveShell(port, ports, deadline) : port;

const noWayIn = ({plan, injection, metadata}: OpenShell, {port}: Sign): GuestError => {
	const added =
		injection === undefined
			? (plan.left.find(({method}) => method === 'inject')?.why ?? 'none was to be added')
			: injection.injected
				? `the one that was added to ${injection.root} (${injection.init}) did not start`
				: injection.why;
	const agent =
		metadata === undefined
			? ''
			: metadata.asked()
				? '; an agent in the image read the metadata, but did not run the startup script or user data'
				: '; nothing in the image asked the metadata server';
	return new GuestError(
		'no-way-in',
		`There is a login prompt on ${port.name}, but no user was given, and there is no root shell: ${added}${agent}. Log: ${port.logPath}`,
		{
			hint: 'Give --user NAME and --password-file FILE (or BOOTWRIGHT_PASSWORD), or let a shell be added: --access inject',
		},
	);
};
