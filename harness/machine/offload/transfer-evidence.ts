import {type Evidence, equal} from '../../core/verdict.ts';
import {type OffloadSession} from './open-session.ts';

/** That 16 MiB arrive unchanged in the guest and come back unchanged, with the offloads as they are. */
export const carried = async (session: OffloadSession, title: string): Promise<readonly Evidence[]> => {
	const {data} = session.peer;
	const {received, returned} = await session.transfer();
	const mebibytes = `${data.bytes / 1024 / 1024} MiB`;
	return [
		equal('guest', `SHA-256 of ${mebibytes} that it received, ${title}`, {expected: data.sha256, observed: received}),
		equal('host', `SHA-256 of ${mebibytes} that came back, ${title}`, {
			expected: data.sha256,
			observed: returned?.sha256,
		}),
	];
};
