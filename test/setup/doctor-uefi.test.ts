import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import tmp from 'tmp-promise';
import {checkUefi} from '../../harness/setup/doctor/uefi.ts';

test('firmware that is not there is named, with the command that installs it', async (t) => {
	const {path: folder, cleanup} = await tmp.dir({unsafeCleanup: true});
	t.teardown(cleanup);
	const code = path.join(folder, 'code.fd');
	const profile = path.join(folder, 'own.yaml');
	await writeFile(
		profile,
		`extends: gce-uefi\ntitle: Own\nfirmware: {uefi: {code: ${code}, variables: ${folder}/none.fd}}\n`,
	);
	await writeFile(code, '');
	t.like(await checkUefi(profile), {
		ok: false,
		essential: false,
		found: `${folder}/none.fd cannot be read: --profile ${profile} cannot be started`,
		cure: 'sudo apt-get install ovmf',
	});
	await writeFile(path.join(folder, 'none.fd'), '');
	t.like(await checkUefi(profile), {ok: true, cure: undefined});
});
