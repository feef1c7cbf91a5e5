import {readFile, stat} from 'node:fs/promises';
import {z} from 'zod';
import {cacheFolder} from '../core/cache-folder.ts';
import {keepFile} from '../image/keep-file.ts';
import type {QemuBinary} from './find-qemu.ts';
import type {KvmHost} from './kvm-host.ts';
import type {Proof} from './prove-accelerator.ts';

/** Where the last proof of KVM is kept. */
export const proofCache = (env: NodeJS.ProcessEnv = process.env): string => cacheFolder('kvm-proof.json', env);

const entry = z.strictObject({
	key: z.string(),
	proof: z.discriminatedUnion('proven', [
		z.strictObject({proven: z.literal(true)}),
		z.strictObject({proven: z.literal(false), reason: z.string()}),
	]),
});

/** What a proof holds for: this start of the host, this device (made anew when the module is loaded again), this QEMU. */
export const proofKey = async ({bootId, device}: KvmHost, {path: qemu, version}: QemuBinary): Promise<string> => {
	const [boot, {ino, ctimeMs}] = await Promise.all([readFile(bootId, 'utf8'), stat(device)]);
	return [boot.trim(), ino, ctimeMs, qemu, version.text].join(' ');
};

/** The proof that was kept under that key; undefined where there is none, or nothing that can be read. */
export const recallProof = async (file: string, key: string): Promise<Proof | undefined> => {
	try {
		const kept = entry.parse(JSON.parse(await readFile(file, 'utf8')));
		return kept.key === key ? kept.proof : undefined;
	} catch {
		return undefined;
	}
};

/** Keeps a proof for the next run, which it saves a tenth of a second. */
export const keepProof = async (file: string, kept: z.infer<typeof entry>): Promise<void> =>
	keepFile(file, JSON.stringify(kept));
