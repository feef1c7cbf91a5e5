import {chmod, writeFile} from 'node:fs/promises';
import test from 'ava';
import {execa} from 'execa';
import tmp from 'tmp-promise';
import {wakeProgram} from '../../harness/image/wake-program.ts';

/** It would set the clock of this host: here it may do nothing. */
const powerless = ['--bounding-set', '-all', '--inh-caps', '-all', '--reuid', '65534', '--clear-groups', '--'] as const;

for (const architecture of ['amd64', 'i386'] as const) {
	test(`${architecture}: it runs, and says that it may not`, async (t) => {
		const {path: folder, cleanup} = await tmp.dir({unsafeCleanup: true});
		t.teardown(cleanup);
		const file = `${folder}/wake`;
		await chmod(folder, 0o755);
		await writeFile(file, wakeProgram(architecture));
		await chmod(file, 0o755);
		const {exitCode, signal, stderr} = await execa('setpriv', [...powerless, file, '1700000000'], {reject: false});
		if (stderr.includes('Exec format error')) {
			t.log('this kernel runs no 32-bit programs');
		}

		t.is(signal, undefined);
		// 127: setpriv could not run it.
		t.is(exitCode, stderr.includes('Exec format error') ? 127 : 1, stderr);
	});
}
