import {randomBytes} from 'node:crypto';
import {announcementOf, portShell, workPorts} from './port-shell.ts';

/** A root shell that the image's own agent starts, because the metadata says so. */
export type MetadataShell = {
	/** Instance attributes: `startup-script` for Google's guest agent, `user-data` for cloud-init. */
	readonly attributes: Readonly<Record<string, string>>;
	/** The line with which the shell will announce itself on its port. */
	readonly announcement: string;
};

/**
 * The script that is served as startup script and as user data; in an image with both agents the second one finds the first one's mark.
 * It becomes the leader of a session of its own, so that it outlives the agent's unit (KillMode=process in google-startup-scripts.service
 * and cloud-final.service) and gets the port as its terminal.
 */
export const metadataShell = (): MetadataShell => {
	const announcement = announcementOf(randomBytes(8).toString('hex'));
	const lines = portShell({ports: workPorts, announcement, onlyFree: true});
	const script = `#!/bin/sh
# From Bootwright's metadata server: a root shell on a serial port.
mkdir /run/bootwright-shell || exit 0
setsid sh -c '${lines.join('\n')}' </dev/null >/dev/null 2>&1 &
`;
	return {attributes: {'startup-script': script, 'user-data': script}, announcement};
};
