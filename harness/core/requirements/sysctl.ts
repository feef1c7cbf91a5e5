import {type RequirementText} from './types.ts';
import {type SysctlKey} from './ids.ts';
import {sysctlSection} from './guide.ts';
import {sysctlSettings} from './sysctl-settings.ts';

/** The file that the advice uses: read late, so that it wins over what packages ship. */
export const sysctlFile = '/etc/sysctl.d/90-cloud.conf';

export const sysctlText = (key: SysctlKey): RequirementText => {
	const {required, order, why, provider, source} = sysctlSettings[key];
	return {
		title: `Must be ${required}${order === 'at-least' ? ' or more' : ''}`,
		why,
		observed: {
			guest: `/proc/sys/${key.replaceAll('.', '/')} of the booted image${key.includes('.all.') ? ', together with the value of each interface' : ''}`,
		},
		fix: `echo '${key} = ${required}' >> ${sysctlFile}
A file in /etc/sysctl.d, /run/sysctl.d or /usr/lib/sysctl.d whose name sorts later, or a service that starts later, can undo it: grep -r ${key} /etc/sysctl.conf /etc/sysctl.d /run/sysctl.d /usr/lib/sysctl.d
A key that is not there needs ${provider}.`,
		source: [sysctlSection, source],
	};
};
