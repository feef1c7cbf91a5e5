import {scenario} from '../../harness/index.ts';
import reachability from '../../scenarios/reachability.ts';

/** One thing that keeps people out after the other, each put right by the next. */
const changes = [
	':',
	'echo "AllowUsers nobody" >>/etc/ssh/sshd_config; systemctl restart ssh',
	'sed -i "/^AllowUsers/d" /etc/ssh/sshd_config; systemctl restart ssh; systemctl stop google-guest-agent; userdel -r bootwright',
	'systemctl stop ssh',
];

export default scenario({
	id: 'logins',
	title: 'What the notes say of an image with an SSH server, as it is and with something wrong',
	proves: [],
	needsGuest: true,
	usesTools: true,
	usesLab: true,
	async run(context) {
		for (const change of changes) {
			await context.guest.run(change);
			await reachability.run(context);
		}
	},
});
