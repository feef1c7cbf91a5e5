import {type PortName} from '../../core/events.ts';

/** The line by which an injected shell says that it is the one of this run: nobody else knows the nonce. */
export const announcementOf = (nonce: string): string => `bootwright-shell ${nonce}`;

/** What the appliance writes into the image's overlay, by the name that inject/run.sh knows it by. */
export type ShellFiles = {
	readonly unit: string;
	readonly preset: string;
	readonly script: string;
	readonly 'busybox-inittab': string;
};

/**
 * The files that give an image a root shell on a serial port, for each kind of init.
 * @param options.announcement one line without quotes, from `announcementOf`
 */
export const shellFiles = ({
	port,
	announcement,
}: {
	readonly port: PortName;
	readonly announcement: string;
}): ShellFiles => {
	// A port with echo off and wide lines, whatever was set before; an image without stty keeps what it has.
	const begin = `stty sane -echo columns 500 2>/dev/null; echo ${announcement}`;
	return {
		unit: `# Added to the overlay by Bootwright; modelled on systemd's own debug-shell.service.
[Unit]
Description=Bootwright root shell on ${port}
# Ordered after what mounts and writes at boot, before nothing but shutdown: no cycle is possible.
DefaultDependencies=no
After=systemd-remount-fs.service local-fs.target systemd-sysctl.service systemd-tmpfiles-setup.service
Conflicts=shutdown.target
Before=shutdown.target
IgnoreOnIsolate=yes

[Service]
ExecStart=/bin/sh -c '${begin}; exec /bin/sh'
Environment=${environment.map((pair) => `"${pair}"`).join(' ')}
StandardInput=tty
StandardOutput=tty
StandardError=tty
TTYPath=/dev/${port}
TTYReset=yes
Restart=always
RestartSec=1
# Until version 230 the limit has this name and place; later ones still read it.
StartLimitInterval=0
KillMode=process
IgnoreSIGPIPE=no
# Interactive shells ignore SIGTERM.
KillSignal=SIGHUP

[Install]
WantedBy=sysinit.target
`,
		// An image that was never booted may apply its presets first, and those may say "disable *".
		preset: 'enable bootwright-shell.service\n',
		script: `# Added to the overlay by Bootwright: a root shell on ${port}, started by init.
exec </dev/${port} >/dev/${port} 2>&1
export ${environment.map((pair) => `'${pair}'`).join(' ')}
${begin}
exec /bin/sh
`,
		'busybox-inittab': busyboxDefaults,
	};
};

/** No history, no terminal tricks, and the usual search path of root. */
const environment = [
	'TERM=dumb',
	'HOME=/root',
	'HISTFILE=/dev/null',
	'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
];

/** What busybox init does when there is no /etc/inittab (busybox 1.35, init/init.c, parse_inittab). */
const busyboxDefaults = `::sysinit:/etc/init.d/rcS
::askfirst:-/bin/sh
tty2::askfirst:-/bin/sh
tty3::askfirst:-/bin/sh
tty4::askfirst:-/bin/sh
::ctrlaltdel:/sbin/reboot
::shutdown:/sbin/swapoff -a
::shutdown:/bin/umount -a -r
::restart:/sbin/init
`;
