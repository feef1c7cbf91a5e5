import {type PortName} from '../../core/events.ts';
import {portShell} from '../port-shell.ts';

/** What the appliance writes into the image's overlay, by the name that inject/run.sh knows it by. */
export type ShellFiles = {
	readonly unit: string;
	readonly preset: string;
	readonly script: string;
	readonly 'busybox-inittab': string;
};

/** The files that give an image a root shell on a serial port, for each kind of init. */
export const shellFiles = (options: {
	/** The ports in the order of preference: the first that has a UART is taken. */
	readonly ports: readonly PortName[];
	readonly announcement: string;
}): ShellFiles => ({
	unit: systemdUnit,
	// An image that was never booted may apply its presets first, and those may say "disable *".
	preset: 'enable bootwright-shell.service\n',
	script: `# Added to the overlay by Bootwright: init runs it, it becomes a root shell on a serial port.\n${portShell(options).join('\n')}\n`,
	'busybox-inittab': busyboxDefaults,
});

/** Works from systemd 219 on. Modelled on systemd's own debug-shell.service, but later: mounts and sysctls are done. */
const systemdUnit = `# Added to the overlay by Bootwright.
[Unit]
Description=Bootwright root shell
# Ordered before nothing but shutdown: it can be part of no cycle.
DefaultDependencies=no
After=systemd-remount-fs.service local-fs.target systemd-sysctl.service systemd-tmpfiles-setup.service
Conflicts=shutdown.target
Before=shutdown.target
IgnoreOnIsolate=yes

[Service]
# systemd gives every service a session of its own: the port that the script opens becomes its controlling terminal.
ExecStart=/bin/sh /etc/bootwright-shell
StandardInput=null
StandardOutput=null
StandardError=null
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
`;

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
