import {type AlarmRule} from './rule.ts';

/** What the init system complains of. */
export const serviceRules: readonly AlarmRule[] = [
	{
		kind: 'ordering-cycle',
		severity: 'error',
		speaker: 'anyone',
		triggers: ['Ordering cycle', 'ordering cycle'],
		pattern:
			/\[ SKIP \] Ordering cycle found|systemd\[1\]: \S+: (?:Found ordering cycle on|Job \S+ deleted to break ordering cycle)/,
		block: 'follows',
		source: 'systemd src/core/transaction.c',
	},
];
