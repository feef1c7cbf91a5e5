import {quoteShell} from '../core/shell-quote.ts';
import type {MachineFile} from '../profile/machine-files.ts';
import {type QemuRun, inRun} from '../profile/run.ts';

/** What `qemu.sh` needs to know about the run whose machine it starts again. */
export type QemuScript = {
	/** As the command line gave it: a name, or an absolute path. */
	readonly profile: string;
	readonly run: QemuRun;
	/** Of `qemuArguments(profile, run)`. */
	readonly arguments: readonly string[];
	/** Of `machineFiles(profile)`. */
	readonly files: readonly MachineFile[];
	readonly binary: {readonly path: string; readonly imgPath: string};
	/** harness/bootwright.js, and the Node that runs it. */
	readonly program: {readonly node: string; readonly entry: string};
	/** How the machine will differ from that of the run, a sentence each. */
	readonly differences: readonly string[];
	/** Brings the disk into the script's own folder, where the run had it in its own. */
	readonly makeDisk?: string | undefined;
};

/**
 * A shell script that starts the machine of a run once more, by hand and after the run is gone: with an overlay and a
 * folder of its own, the serial console on the terminal, and the profile's overrides where the program is still there.
 */
export const qemuScript = ({
	profile,
	run,
	arguments: args,
	files,
	binary,
	program,
	differences,
	makeDisk,
}: QemuScript): string => `#!/bin/sh
# Starts the machine of this run by hand. The image is not written; what the guest writes is gone at the end.
${differences.map((difference) => `# Differs from the run: ${difference}\n`).join('')}set -eu

bootwright=${quoteShell(program.entry)}
node=${quoteShell(program.node)}
qemu=${quoteShell(binary.path)}

run=$(mktemp -d "\${TMPDIR:-/tmp}/bootwright-by-hand.XXXXXX")
child=
end() {
	trap - HUP INT TERM
	[ -z "$child" ] || kill -TERM "$child" 2>/dev/null
	[ -z "$child" ] || wait "$child"
	exit "$1"
}
trap 'rm -rf "$run"' EXIT
trap 'end 129' HUP
trap 'end 130' INT
trap 'end 143' TERM
# A shell may give what runs in the background /dev/null to read before it looks at redirections (dash does).
exec 3<&0
cd "$run"
${makeDisk === undefined ? '' : `${makeDisk}\n`}${overlay(run, binary.imgPath)}${files.map(machineFile).join('')}
set -- \\
${pairs(args.map((argument) => ownFiles(argument, run))).join(' \\\n')}

if [ -e "$bootwright" ] && [ -x "$node" ]; then
	"$node" "$bootwright" start-machine --profile ${quoteShell(profile)} --qemu "$qemu" --directory "$run" -- "$@" <&3 3<&- &
	child=$!
	status=0
	wait "$child" || status=$?
	exit "$status"
fi

echo "Bootwright is not at $bootwright any more: the machine starts without the profile's overrides (PCI revisions, hidden IDE function, SMBIOS version)." >&2
echo 'Serial console on this terminal; Ctrl-A X ends the machine.' >&2
count=$#
while [ "$count" -gt 0 ]; do
	argument=$1
	shift
	count=$((count - 1))
	case $argument in
	-S) ;;
	socket,id=ttyS0,*) set -- "$@" stdio,id=ttyS0,mux=on,signal=off ;;
	*) set -- "$@" "$argument" ;;
	esac
done
"$qemu" "$@" <&3 3<&- &
child=$!
status=0
wait "$child" || status=$?
exit "$status"
`;

const overlay = (run: QemuRun, imgPath: string): string =>
	run.candidate === undefined || run.overlay === undefined
		? ''
		: `${quoteShell(imgPath)} create -q -f qcow2 -F raw -b ${quoteShell(inRun(run, run.candidate.path))} overlay.qcow2\n`;

const machineFile = (file: MachineFile): string =>
	'bytes' in file
		? `echo ${Buffer.from(file.bytes).toString('base64')} | base64 -d >${quoteShell(file.name)}\n`
		: `cp ${quoteShell(file.copyOf)} ${quoteShell(file.name)}\n`;

/** The run's own overlay and firmware log are gone, or must stay as they are. */
const ownFiles = (argument: string, run: QemuRun): string =>
	[[run.overlay?.path, 'overlay.qcow2'] as const, [run.firmwareLog, 'firmware.log'] as const].reduce(
		(text, [file, own]) =>
			file === undefined ? text : text.replaceAll(inRun(run, file).replaceAll(',', ',,'), () => own),
		argument,
	);

/** An option and its value on one line. */
const pairs = (args: readonly string[]): readonly string[] =>
	args.reduce<readonly string[]>(
		(lines, argument) =>
			argument.startsWith('-') || lines.length === 0
				? [...lines, `\t${quoteShell(argument)}`]
				: [...lines.slice(0, -1), `${lines.at(-1) ?? ''} ${quoteShell(argument)}`],
		[],
	);
