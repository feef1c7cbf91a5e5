import {type Guest} from '../guest.ts';

const raise =
	'for f in /sys/class/tty/ttyS[0-3]/rx_trig_bytes; do read -r n <"$f" && echo 14 >"$f" && echo "echo $n >$f"; done 2>/dev/null; :';

/**
 * Lets the 16550As interrupt at 14 received bytes instead of 8 while something runs (`rx_trig_bytes`, since Linux 3.17:
 * Documentation/ABI/testing/sysfs-tty). The emulated chip takes in no more than that at once, and each time costs a change
 * from QEMU's main loop to the guest's processor and back: 64 KiB of input take a third of the time. Older kernels just take longer.
 */
export const withHighTrigger = async <Result>(guest: Guest, action: () => Promise<Result>): Promise<Result> => {
	const {text} = await guest.run(raise);
	const restore = text
		.split('\n')
		.filter((line) => /^echo \d+ >\/sys\/class\/tty\/ttyS[0-3]\/rx_trig_bytes$/v.test(line));
	const result = await action();
	await guest.run(restore.join('; '));
	return result;
};
