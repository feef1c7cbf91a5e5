/** A disk on a virtio-scsi adapter as the guest shows it. */
export type SeenDisk = {
	/** Name below /dev. */
	readonly block: string;
	/** In units of 512 bytes, whatever its blocks are (Documentation/ABI/stable/sysfs-block, `size`). */
	readonly sectors: number;
	/** Hundredths of a second that the guest waited for it. */
	readonly waitedCs: number;
};

/** Below the adapter's own device, so that no other controller's disk is taken for it. */
const unit = (target: number): string => `/sys/bus/pci/devices/*/virtio*/host*/target*:0:${target}/*:0:${target}:0`;

/** Times are hundredths of a second: /proc/uptime has two digits. `sleep` of a fraction is no POSIX, but GNU, busybox and toybox know it. */
const clock = 'now() { read -r t x </proc/uptime; t=$((${t%.*}*100+1${t#*.}-100)); }';
const pause = 'sleep 0.05 2>/dev/null || sleep 1';

/** Waits until a disk is there with its node; prints `BLOCK SECTORS WAITED`, or nothing when the time is over. */
export const awaitDisk = (target: number, patienceMs: number): string => `${clock}
now; s=$t
until set -- ${unit(target)}/block/*; b=\${1##*/}; [ -s "$1/size" ] && [ -b "/dev/$b" ]; do
	now; [ $((t-s)) -lt ${Math.round(patienceMs / 10)} ] || exit 1
	${pause}
done
now; read -r n <"$1/size"; echo "$b $n $((t-s))"`;

export const parseDisk = (text: string): SeenDisk | undefined => {
	const [, block, sectors, waited] = /^(\S+) (\d+) (\d+)$/v.exec(text) ?? [];
	return block === undefined ? undefined : {block, sectors: Number(sectors), waitedCs: Number(waited)};
};

/** Waits until the kernel has let go of the unit; status 1 when the time is over. */
export const awaitGone = (target: number, patienceMs: number): string => `${clock}
now; s=$t
while set -- ${unit(target)}; [ -e "$1" ]; do
	now; [ $((t-s)) -lt ${Math.round(patienceMs / 10)} ] || exit 1
	${pause}
done`;

/** Has the adapter look at a target (Documentation/scsi/scsi_mid_low_api.rst: `echo "c t l" > scan`). */
export const lookAgain = (target: number): string =>
	`for f in /sys/bus/pci/devices/*/virtio*/host*/scsi_host/host*/scan; do echo "0 ${target} 0" >"$f"; done`;

/** Has the kernel forget a unit. */
export const forget = (target: number): string => `for f in ${unit(target)}/delete; do echo 1 >"$f"; done`;

/** Where the tools go: a file system in memory, mounted where no disk is written for it. */
const place = '/dev/bootwright';

/** Exit status when memory is short. */
export const shortOfMemory = 3;

/**
 * Reads the whole disk and unpacks it into memory. Prints the SHA-256 of the disk's bytes, then the folder with the tools.
 * Of the image it takes nothing but a shell, `dd`, `mkdir`, `chmod` and `mount`: the first file on the disk is a busybox for the rest
 * (which takes its own name from how it is called: libbb/appletlib.c, anything that begins with `busybox`).
 * /dev is no disk's (devtmpfs), and what is mounted there may be executed, unlike /run and /dev/shm of some images.
 */
export const unpackDisk = (
	block: string,
	{bytes, unpackerBytes}: {readonly bytes: number; readonly unpackerBytes: number},
): string => {
	const needKiB = Math.ceil((2 * bytes) / 1024) + 16 * 1024;
	return `d=${place}; b=/dev/${block}
while read -r k v u; do case $k in MemAvailable:) a=$v;; MemFree:) f=$v;; esac; done </proc/meminfo
[ -n "$a" ] || a=$f # before Linux 3.14
[ "$a" -ge ${needKiB} ] || { echo "$a KiB of memory are free, ${needKiB} are needed" >&2; exit ${shortOfMemory}; }
mkdir -p $d && mount -t tmpfs -o mode=755 tools $d || exit
x=$d/busybox-0
fail() { s=$?; kill $p 2>/dev/null; wait; umount $d; exit $s; }
dd if=$b of=$x bs=512 skip=1 count=${Math.ceil(unpackerBytes / 512)} 2>/dev/null && chmod 755 $x || fail
# Both at once: what one has read is in memory for the other.
$x sha256sum <$b >$d/sum & p=$!
$x tar -x -f $b -C $d && wait $p || fail
read -r s r <$d/sum; $x rm $d/sum $x; echo "$s $d"`;
};

export const parseUnpacked = (text: string): {readonly sha256: string; readonly directory: string} | undefined => {
	const [, sha256, directory] = /^([\da-f]{64}) (\/\S+)$/v.exec(text) ?? [];
	return sha256 === undefined || directory === undefined ? undefined : {sha256, directory};
};
