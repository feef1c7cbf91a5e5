import {readFile} from 'node:fs/promises';
import {type Credentials} from '../access/plan-access.ts';
import {UsageError, messageOf} from '../core/errors.ts';
import type {TestOptions} from './test-options.ts';

/**
 * Who may log in: `--user` with the first line of `--password-file`, or with BOOTWRIGHT_PASSWORD. Never a password on the command
 * line, where every process of the host can read it.
 * @throws UsageError where one half is missing or the file cannot be read
 */
export const credentialsOf = async (
	{user, passwordFile}: Pick<TestOptions, 'user' | 'passwordFile'>,
	env: Readonly<Record<string, string | undefined>>,
): Promise<Credentials | undefined> => {
	if (user === undefined) {
		if (passwordFile === undefined) {
			return undefined;
		}

		throw new UsageError('--password-file needs a user', {hint: 'Add --user NAME'});
	}

	const password = passwordFile === undefined ? env['BOOTWRIGHT_PASSWORD'] : await firstLine(passwordFile);
	if (password === undefined) {
		throw new UsageError(`--user ${user} needs a password`, {
			hint: 'Put it into the first line of a file (--password-file FILE) or into BOOTWRIGHT_PASSWORD; an empty one is fine',
		});
	}

	return {user, password};
};

const firstLine = async (file: string): Promise<string> => {
	try {
		const [line = ''] = (await readFile(file, 'utf8')).split(/\r?\n/u, 1);
		return line;
	} catch (error) {
		throw new UsageError(`Cannot read the password file ${file}: ${messageOf(error)}`, {cause: error});
	}
};
