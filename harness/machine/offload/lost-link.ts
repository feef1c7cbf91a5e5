import {type Evidence, equal} from '../../core/verdict.ts';
import {type TestLink} from './open-link.ts';

/**
 * What to say of the guest's interface when bytes stopped on their way: nothing while it is there and up (IFF_UP is bit 0 of its flags,
 * linux/if.h). Without it every other observation is about an interface that the guest does not have any more.
 */
export const lostLink = async ({name, run}: Pick<TestLink, 'name' | 'run'>): Promise<readonly Evidence[]> => {
	const {text} = await run(`cat /sys/class/net/${name}/flags`, {sysfs: true});
	const observed = /^0x[\da-f]+$/v.test(text) ? (Number(text) % 2 === 1 ? 'up' : 'down') : 'gone';
	const evidence = equal('guest', `interface ${name} in the middle of the test`, {expected: 'up', observed});
	return evidence.holds ? [] : [evidence];
};
