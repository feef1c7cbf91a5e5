import {type Evidence, equal} from '../../core/verdict.ts';
import {lostLink} from './lost-link.ts';
import {type OffloadSession} from './open-session.ts';

/** That 16 MiB arrive unchanged in the guest and come back unchanged, with the offloads as they are. */
export const carried = async (session: OffloadSession, title: string): Promise<readonly Evidence[]> => {
	const {data} = session.peer;
	const {received, returned} = await session.transfer();
	const whole = received === data.sha256 && returned?.sha256 === data.sha256;
	const mebibytes = `${data.bytes / 1024 / 1024} MiB`;
	return [
		...(whole ? [] : await lostLink(session.link)),
		equal('guest', `SHA-256 of ${mebibytes} that it received, ${title}`, {expected: data.sha256, observed: received}),
		equal('host', `SHA-256 of ${mebibytes} that came back, ${title}`, {
			expected: data.sha256,
			observed: returned?.sha256,
		}),
	];
};
