import test from 'ava';
import {type AccessTried, type OpenShell, openShell} from '../../harness/access/open-shell.ts';
import {type AccessPlan, planAccess} from '../../harness/access/plan-access.ts';
import {monotonicMs} from '../../harness/core/clock.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {GuestError} from '../../harness/core/errors.ts';
import {bootProbe} from './_guest.ts';

const candidate = {partitions: [], filesystem: undefined};
const auto = {access: 'auto', credentials: undefined, candidate, known: undefined} as const;

const open = async (plan: AccessPlan, options: Pick<OpenShell, 'ports'> & Partial<OpenShell>) => {
	const tried: AccessTried[] = [];
	using deadline = new Deadline({phase: 'access', budgetMs: 60_000});
	const opened = await openShell({
		plan,
		injection: undefined,
		deadline,
		timeoutScale: 1,
		onTried: (one) => void tried.push(one),
		...options,
	});
	return {
		...opened,
		said: tried.filter(({opened: isOpen}) => isOpen).map(({method, why}) => `${method}: ${why}`),
		run: async (command: string) => (await opened.shell.run(command)).text,
	};
};

/** No shell anywhere, busybox' own getty and login on the console. */
const loginFiles = {
	'etc/inittab': '::sysinit:/bin/true\nttyS0::respawn:/bin/getty -L 115200 ttyS0 vt100\n',
	'etc/shadow':
		'root:$6$bootwright$/f3wHQVdfuL52OjVZNgVSFyf7PqpJhda1wmEWcHbX3eB4fbCrTRGd8UDQKyQguwEKZpHM49k5UttP1CBnKa6c.:19000:0:99999:7:::\n',
};

test.serial(
	'a shell that is there is used, and where it is only on the console, work moves to another port',
	async (t) => {
		{
			await using guest = await bootProbe();
			const {port, said, run} = await open(planAccess({...auto, known: {access: 'shell'}}), guest);
			t.is(port.name, 'ttyS1');
			t.deepEqual(said, ['shell: there was one on ttyS1; commands run on ttyS1']);
			t.is(await run('id -u'), '0');
		}

		await using guest = await bootProbe({
			files: {'etc/inittab': 'ttyS0::respawn:-/bin/sh\n'},
			overrides: {uarts: {ttyS1: null}},
		});
		const {said, run} = await open(planAccess(auto), guest);
		t.deepEqual(said, ['shell: there was one on ttyS0; commands run on ttyS2']);
		t.is(await run('id -u'), '0');
	},
);

test.serial(
	'a login prompt ends the wait at once without a user, and with one leads to a shell beside the console',
	async (t) => {
		await using guest = await bootProbe({files: loginFiles});
		const startedAt = monotonicMs();
		const error = await t.throwsAsync(open(planAccess(auto), guest), {instanceOf: GuestError});
		t.true(monotonicMs() - startedAt < 20_000);
		t.is(error.failure, 'no-way-in');
		t.is(
			error.message,
			`There is a login prompt on ttyS0, but no user was given, and there is no root shell: there is no file system on the disk that is known here. Log: ${guest.directory}/console-ttyS0.log`,
		);

		const wrong = planAccess({...auto, credentials: {user: 'root', password: 'wrong'}});
		const refused = await t.throwsAsync(open(wrong, guest), {instanceOf: GuestError});
		t.is(refused.failure, 'login-refused');
		t.regex(refused.message, /^The login of root on ttyS0 was refused: "Login incorrect"/);

		const right = planAccess({...auto, credentials: {user: 'root', password: 'hunter2'}});
		const {said, run} = await open(right, guest);
		t.deepEqual(said, ['credentials: root logged in on ttyS0; commands run on ttyS1']);
		t.is(await run('id -u'), '0');
	},
);
