import {stringify} from 'yaml';
import {loadProfile, profileNames, profileOwn} from '../../profile/load.ts';
import {type Subject, plainSubject} from './subject.ts';

/** The profiles that come with the program: what each extends, and what it says otherwise. */
export const profileSubjects = async (): Promise<readonly Subject[]> => {
	const names = await profileNames();
	return Promise.all(names.map(async (name) => profileSubject(name)));
};

const profileSubject = async (name: string): Promise<Subject> => {
	const [{title, machine, vcpus, memoryMiB, firmware}, {parent, own}] = await Promise.all([
		loadProfile(name),
		profileOwn(name),
	]);
	const differs = Object.fromEntries(Object.entries(own).filter(([key]) => key !== 'title'));
	return plainSubject({
		kind: 'profile',
		id: name,
		title,
		heading: 'Profile: a machine',
		entries: [
			[
				'machine',
				`${vcpus} vCPUs, ${memoryMiB} MiB, ${firmware.uefi === undefined ? 'BIOS' : 'UEFI'}, ${machine.type}`,
			],
			['extends', parent],
			['differs', parent === undefined ? undefined : stringify(differs).trimEnd()],
			['file', `qemu-profiles/${name}.yaml`],
			['run', `bootwright test IMAGE --profile ${name}`],
			['docs', 'docs/profiles.md'],
		],
	});
};
