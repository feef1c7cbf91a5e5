#!/bin/busybox sh
# Runs in the appliance, as /bootwright/run: finds every root file system on the attached disk and adds a root shell
# for the init that it has. The disk is an overlay: the image's own file is never written.
# /bootwright/env sets NONCE, PORT (where the shell will be: ttyS1) and ANNOUNCEMENT (the line by which the shell says whose it is).
# /bootwright/files holds what is to be written (harness/access/inject/shell-files.ts).
#
# Says on the console, one line each, "@NONCE" first:
#   root PLACE FILESYSTEM INIT      a shell was added there
#   refused PLACE WORDS…            a root file system that is left as it is
#   failed PLACE WORDS…             something there could not be read or written
#   note PLACE WORDS…               worth knowing, no failure
#   end                             the last line
. /bootwright/env
mount_point=/mnt/root
files=/bootwright/files
errors=/tmp/errors
mkdir -p $mount_point /tmp

say() {
	echo "@$NONCE $*"
}

# The last words of a program that failed, as one line, without where in this script or on this machine it was.
words() {
	sed 's/^.*: line [0-9]*: //; s/^mount: mounting .* failed: //' $errors | tr '\n' ' ' | tail -c 300
}

# REPLY = the file that path $2 means inside root $1: links are followed as the guest will follow them, never out of the root.
inside() {
	local root=$1 rest=$2 path= part target hops=0
	while [ -n "$rest" ]; do
		part=${rest%%/*}
		case $rest in
		*/*) rest=${rest#*/} ;;
		*) rest= ;;
		esac
		case $part in
		'' | .) ;;
		..) path=${path%/*} ;;
		*)
			if [ -L "$root$path/$part" ]; then
				hops=$((hops + 1))
				[ $hops -gt 40 ] && return 1
				target=$(readlink "$root$path/$part")
				case $target in
				/*) path= ;;
				esac
				rest=$target/$rest
			else
				path=$path/$part
			fi
			;;
		esac
	done
	REPLY=$root$path
}

# put ROOT PATH: writes standard input there, in place where the file exists (so that it keeps its owner and labels).
put() {
	{ inside "$1" "$2" && mkdir -p "${REPLY%/*}" && cat >"$REPLY"; } 2>$errors || {
		# A read-only subvolume is a snapshot: nothing boots from it.
		case $place in
		*:*) grep -q Read-only $errors && return 1 ;;
		esac
		say "failed $place /$2 cannot be written: $(words)"
		return 1
	}
	label "$1" "$REPLY" "${3:-etc_t}"
}

# link ROOT TARGET PATH: makes PATH a symbolic link to TARGET, whatever it was.
link() {
	{ inside "$1" "${3%/*}" && mkdir -p "$REPLY" && rm -rf "$REPLY/${3##*/}" && ln -s "$2" "$REPLY/${3##*/}"; } 2>$errors || {
		say "failed $place /$3 cannot be made: $(words)"
		return 1
	}
	label "$1" "$REPLY/${3##*/}" systemd_unit_file_t
}

# The appliance's kernel writes no SELinux labels; a file without one may be forbidden to the guest's init.
label() {
	[ -f "$1/etc/selinux/config" ] || return 0
	setfattr -h -n security.selinux -v "system_u:object_r:$3:s0" "$2" 2>$errors && return 0
	[ -n "$labels_noted" ] && return 0
	labels_noted=yes
	say "note $place an image with SELinux: the files of the added shell have no label, an enforcing policy may forbid it"
}

# INIT = the path of the root's init, KIND = systemd, sysvinit, busybox or nothing; false where the root has none.
# The order of names is the kernel's (init/main.c, kernel_init).
find_init() {
	local name
	KIND= INIT=
	for name in sbin/init etc/init bin/init; do
		inside "$1" $name && [ -f "$REPLY" ] && INIT=${REPLY#"$1"} && break
	done
	case $INIT in
	*/systemd) KIND=systemd ;;
	*/busybox) KIND=busybox ;;
	'')
		# The init may lie on a /usr of its own, which this script does not put together; its configuration says whose it is.
		inside "$1" etc/systemd/system && [ -d "$REPLY" ] && INIT=/sbin/init KIND=systemd && return 0
		inside "$1" etc/inittab && [ -f "$REPLY" ] || return 1
		INIT=/sbin/init KIND=busybox
		grep -q ':initdefault:' "$REPLY" && KIND=sysvinit
		return 0
		;;
	*)
		inside "$1" "$INIT"
		if grep -q 'BusyBox v' "$REPLY"; then
			KIND=busybox
		elif grep -q 'org\.freedesktop\.systemd1' "$REPLY"; then
			KIND=systemd
		elif grep -q 'initdefault' "$REPLY"; then
			KIND=sysvinit
		fi
		;;
	esac
	return 0
}

add_systemd() {
	local units=etc/systemd/system getty
	put "$1" etc/bootwright-shell <$files/script &&
		put "$1" $units/bootwright-shell.service systemd_unit_file_t <$files/unit &&
		link "$1" ../bootwright-shell.service $units/sysinit.target.wants/bootwright-shell.service &&
		put "$1" etc/systemd/system-preset/00-bootwright.preset systemd_unit_file_t <$files/preset || return 1
	# Nobody else may read from the port.
	for getty in serial-getty getty; do
		link "$1" /dev/null $units/$getty@$PORT.service || return 1
	done
}

# edit_inittab ROOT LINE: whatever else used the port is switched off, the line is added.
edit_inittab() {
	inside "$1" etc/inittab
	{ sed "/^[^#]/{/$PORT/s/^/#/;}" "$REPLY" >/tmp/inittab && echo "$2" >>/tmp/inittab; } 2>$errors || {
		say "failed $place /etc/inittab cannot be read: $(words)"
		return 1
	}
	put "$1" etc/bootwright-shell <$files/script && put "$1" etc/inittab </tmp/inittab
}

add_sysvinit() {
	edit_inittab "$1" "bw:2345:respawn:/bin/sh /etc/bootwright-shell"
}

add_busybox() {
	inside "$1" etc/inittab
	# Without the file busybox acts as if it held these lines (init/init.c, parse_inittab); with it, only on what it holds.
	[ -f "$REPLY" ] || put "$1" etc/inittab <$files/busybox-inittab || return 1
	edit_inittab "$1" "$PORT::respawn:/bin/sh /etc/bootwright-shell"
}

# try_root DIRECTORY: adds the shell if this is a root file system.
try_root() {
	inside "$1" etc && [ -d "$REPLY" ] || return 0
	# The same subvolume may be reached in two ways.
	grep -qsF "$ANNOUNCEMENT" "$REPLY/bootwright-shell" && return 0
	find_init "$1" || return 0
	if [ -z "$KIND" ]; then
		say "refused $place its init is $INIT, neither systemd nor sysvinit nor busybox"
	elif ! mount -o remount,rw $mount_point 2>$errors; then
		say "refused $place it cannot be mounted for writing: $(words)"
	elif add_$KIND "$1"; then
		say "root $place $type $KIND"
	fi
}

# look DEVICE TYPE OPTIONS SUBDIRECTORIES: mounts a file system and tries the directories that may be roots.
look() {
	local directory
	device=$1 place=$1 type=$2
	if ! mount -t $type -o ro$3 $device $mount_point 2>$errors; then
		say "failed $place it cannot be mounted: $(words) ($(dmesg | tail -n 1 | sed 's/^\[[^]]*\] *//'))"
		return
	fi
	try_root $mount_point
	for directory in $4; do
		if [ -d "$directory" ] && [ ! -L "$directory" ]; then
			place=$device:${directory#$mount_point/}
			try_root "$directory"
		fi
	done
	umount $mount_point
}

# Lines of "DEVICE TYPE" for all that blkid recognises.
devices() {
	blkid -c /dev/null -s TYPE | sed -n 's/^\(\/dev\/[^:]*\): TYPE="\([^"]*\)".*/\1 \2/p' | sort
}

all=$(devices)
case $all in
*LVM2_member*)
	mkdir -p /run/lock/lvm
	modprobe dm-mod
	# Without udev nobody else makes the nodes, and nobody answers.
	lvm vgchange --activate ay --config 'activation{udev_sync=0 udev_rules=0} devices{use_devicesfile=0 obtain_device_list_from_udev=0 external_device_info_source="none"} global{event_activation=0}' >$errors 2>&1 ||
		say "failed LVM volume groups cannot be activated: $(words)"
	all=$(devices)
	;;
esac

# The usual place of a root in an ostree deployment; for btrfs every subvolume at the top, and where snapshots live.
deployments="$mount_point/ostree/deploy/*/deploy/*"
subvolumes="$mount_point/* $mount_point/.snapshots/*/snapshot $mount_point/*/.snapshots/*/snapshot"
case $all in
*DM_verity_hash*)
	say "refused disk the image is protected by dm-verity: changed, it would not boot"
	all=
	;;
esac
echo "$all" | while read -r name kind; do
	case $kind in
	ext[234]) look "$name" "$kind" '' "$deployments" ;;
	xfs) look "$name" xfs ,nouuid "$deployments" ;;
	btrfs)
		look "$name" btrfs '' ''
		look "$name" btrfs ,subvolid=5 "$subvolumes"
		;;
	squashfs | erofs | iso9660 | cramfs) say "note $name holds $kind, which cannot be written" ;;
	crypto_LUKS) say "note $name is encrypted (LUKS)" ;;
	linux_raid_member) say "note $name belongs to a RAID, which is not put together here" ;;
	esac
done >/tmp/report
# Boot partitions are FAT: only where nothing else was a root is it worth the time to load the drivers.
grep -q "^@$NONCE ro\|^@$NONCE re" /tmp/report || echo "$all" | while read -r name kind; do
	[ "$kind" = vfat ] && look "$name" vfat '' ''
done >>/tmp/report
cat /tmp/report
say end
