import {createServer} from 'node:http';
import {once} from 'node:events';
import {type AddressInfo} from 'node:net';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {HostError} from '../../../harness/core/errors.ts';
import {explainFetch} from '../../../harness/image/build/explain-fetch.ts';

const module = new URL('../../../harness/image/build/tree.ts', import.meta.url).href;

/** What becomes of fetching packages from a mirror, with real mmdebstrap and apt. */
const fetchFrom = async (mirror: (directory: string) => string): Promise<string> => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	await mkdir(path.join(directory, 'unsigned/dists/bookworm'), {recursive: true});
	await writeFile(path.join(directory, 'unsigned/dists/bookworm/Release'), 'Origin: Debian\nSuite: bookworm\n');
	const script = `
		const {ensureTree} = await import(${JSON.stringify(module)});
		const options = {onLine: (line) => line.endsWith('; trying again') && console.log('again')};
		await ensureTree('parts', options).catch((error) => console.log(error.name, error.message, '/', error.hint));`;
	const env = {XDG_CACHE_HOME: directory, BOOTWRIGHT_MIRROR: mirror(directory), no_proxy: '127.0.0.1'};
	const {stdout} = await execa(process.execPath, ['--input-type=module', '-e', script], {env});
	await cleanup();
	return stdout;
};

const hint = 'Name a Debian mirror that this host can reach: BOOTWRIGHT_MIRROR=URI';

test('a mirror without Debian 12', async (t) => {
	const server = createServer((_request, response) => void response.writeHead(404).end());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	t.is(
		await fetchFrom(() => `http://127.0.0.1:${port}/debian`),
		`HostError The package mirror of this host has no Debian 12: The repository 'http://127.0.0.1:${port}/debian bookworm Release' does not have a Release file. / ${hint}`,
	);
	server.close();
	server.closeAllConnections();
});

test('a mirror that cannot be reached', async (t) => {
	const said = await fetchFrom(() => 'http://127.0.0.1:9/debian');
	t.true(said.startsWith('again\nagain\nPassingFetchError The package mirror cannot be reached: '), said);
	t.true(said.includes('Could not connect to 127.0.0.1:9'), said);
	t.true(said.endsWith(`("sudo apt-get update" must work). ${hint}`), said);
});

test('a mirror that fails for the moment is asked again, twice', async (t) => {
	const server = createServer((_request, response) => void response.writeHead(503).end());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const said = await fetchFrom(() => `http://127.0.0.1:${port}/debian`);
	t.true(said.startsWith('again\nagain\nPassingFetchError The package mirror cannot be reached: '), said);
	server.close();
	server.closeAllConnections();
});

test('a mirror that nobody signed', async (t) => {
	const said = await fetchFrom((directory) => `file:${directory}/unsigned`);
	t.regex(
		said,
		/^HostError The signature of the package mirror is not known here: The repository 'file:.* is not signed\./v,
	);
	t.true(said.endsWith('/ sudo apt-get install debian-archive-keyring'));
});

test('what an ordinary user lacks, in the words of mmdebstrap', (t) => {
	const failed = new HostError('mmdebstrap ended with status 25');
	const explained = (...words: readonly string[]): unknown => explainFetch(failed, words);
	t.like(explained('E: cannot find newuidmap'), {
		message: 'Building as an ordinary user needs the programs newuidmap and newgidmap: cannot find newuidmap',
		hint: 'sudo apt-get install uidmap',
	});
	t.like(explained('W: no entry in /etc/subuid for somebody', 'E: failed to parse /etc/subuid and /etc/subgid'), {
		message:
			'Building as an ordinary user needs a range of user and group ids of your own: no entry in /etc/subuid for somebody',
		hint: 'sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "$USER"',
	});
	t.like(explained('E: unshare syscall failed: Operation not permitted'), {
		message:
			'This host does not let ordinary users make user namespaces: unshare syscall failed: Operation not permitted',
	});
	t.is(explained('E: something else'), failed);
});
