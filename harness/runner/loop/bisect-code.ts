import {bisectMeaning} from '../../core/exit-codes.ts';

/**
 * The exit code as `git bisect run` understands it: 0 good, 1 bad, 125 cannot be told, so that commit is passed over
 * (git-bisect(1), "Bisect run"). A row that failed and a guest that did not come up are bad; whatever kept us from looking is not.
 */
export const bisectCode = (exitCode: number): number => {
	switch (exitCode) {
		case 0: {
			return 0;
		}

		case 1:
		case 3: {
			return 1;
		}

		case 129:
		case 130:
		case 143: {
			// A person's signal ends the bisection: git takes what is above 127 for that.
			return exitCode;
		}

		default: {
			return bisectMeaning.codes[0];
		}
	}
};
