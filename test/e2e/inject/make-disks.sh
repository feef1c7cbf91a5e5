#!/bin/busybox sh
# Runs in the appliance with its tools: makes images of every layout and init on empty disks. Says "made" at the end.
set -e
mkdir -p /t /run/lock/lvm

systemd_tree() {
	mkdir -p "$1/etc/systemd/system" "$1/usr/lib/systemd/system" "$1/usr/sbin" "$1/usr/bin" "$1/proc"
	echo systemd >"$1/usr/lib/systemd/systemd"
	# Links that are right inside the image alone.
	ln -s /usr/lib "$1/lib"
	ln -s /usr/sbin "$1/sbin"
	ln -s /lib/systemd/systemd "$1/usr/sbin/init"
}

sysvinit_tree() {
	mkdir -p "$1/etc" "$1/sbin"
	printf 'ELF\0 initdefault \0' >"$1/sbin/init"
	printf 'id:2:initdefault:\n# T0 ttyS1\nT0:23:respawn:/sbin/getty -L ttyS0\nT1:23:respawn:/sbin/getty -L ttyS1\n' >"$1/etc/inittab"
	chmod 600 "$1/etc/inittab"
}

busybox_tree() {
	mkdir -p "$1/etc" "$1/sbin" "$1/bin"
	echo 'BusyBox v1' >"$1/bin/busybox"
	ln -s ../bin/busybox "$1/sbin/init"
}

nodes() {
	blockdev --rereadpt "$1" || :
	usleep 100000
}

# vda: MBR, ext4, systemd; beside it what is no root, and roots that must be left alone.
printf 'label: dos\nsize=100M\nsize=20M, type=82\nsize=40M\nsize=40M, type=5\nsize=30M\n' | sfdisk -q /dev/vda
nodes /dev/vda
systemd_tree /t/a
echo own >/t/a/etc/systemd/system/serial-getty@ttyS1.service
/sbin/mke2fs -q -t ext4 -d /t/a /dev/vda1
mkswap /dev/vda2
mkdir -p /t/runit/etc /t/runit/sbin && echo runit >/t/runit/sbin/runit-init && ln -s runit-init /t/runit/sbin/init
/sbin/mke2fs -q -t ext4 -d /t/runit /dev/vda3
systemd_tree /t/ro
/sbin/mke2fs -q -t ext4 -O ^metadata_csum -d /t/ro /dev/vda5
# RO_COMPAT feature "read-only" (fs/ext4/ext4.h, 0x1000): second byte of the field at 0x464 of the superblock.
printf '\020' | dd of=/dev/vda5 bs=1 seek=$((0x465)) conv=notrunc 2>/dev/null

# vdb: GPT with an EFI partition, xfs, sysvinit.
printf 'label: gpt\nsize=20M, type=U\n-\n' | sfdisk -q /dev/vdb
nodes /dev/vdb
mkfs.fat /dev/vdb1 >/dev/null
mkfs.xfs -q /dev/vdb2
mkdir /t/b && mount -t xfs /dev/vdb2 /t/b && sysvinit_tree /t/b && umount /t/b

# vdc: MBR, btrfs with the root in a subvolume and a read-only snapshot of it.
printf 'label: dos\n-\n' | sfdisk -q /dev/vdc
nodes /dev/vdc
mkfs.btrfs -q /dev/vdc1
mkdir /t/c && mount -t btrfs /dev/vdc1 /t/c
btrfs subvolume create /t/c/@ >/dev/null
systemd_tree /t/c/@
btrfs subvolume create /t/c/@home >/dev/null
btrfs subvolume snapshot -r /t/c/@ /t/c/before >/dev/null
umount /t/c

# vdd: ext4 on the whole disk, busybox without an inittab.
busybox_tree /t/d && /sbin/mke2fs -q -t ext4 -d /t/d /dev/vdd

# vde: LVM, the root in a logical volume, busybox with an inittab.
printf 'label: gpt\n-\n' | sfdisk -q /dev/vde
nodes /dev/vde
modprobe dm-mod
quiet='activation{udev_sync=0 udev_rules=0} devices{use_devicesfile=0 obtain_device_list_from_udev=0} backup{backup=0 archive=0}'
lvm pvcreate -q -q --config "$quiet" /dev/vde1
lvm vgcreate -q -q --config "$quiet" vg /dev/vde1
lvm lvcreate -q -q -Zn -Wn --config "$quiet" -L 100M -n root vg
busybox_tree /t/e && printf '::sysinit:/etc/rc\nttyS1::askfirst:/bin/sh\n' >/t/e/etc/inittab
/sbin/mke2fs -q -t ext4 -d /t/e /dev/mapper/vg-root
lvm vgchange -q -q --config "$quiet" -an vg

# vdf: a file system that is damaged behind its superblock.
/sbin/mke2fs -q -t ext4 /dev/vdf
dd if=/dev/zero of=/dev/vdf bs=4096 seek=1 count=200 conv=notrunc 2>/dev/null

echo made
