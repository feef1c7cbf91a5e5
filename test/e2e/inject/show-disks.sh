#!/bin/busybox sh
# Runs in the appliance: adds the shells, then shows what lies in the images.
sh /bootwright/inject

show() {
	mount -t "$2" -o "ro$3" "/dev/$1" /mnt || return
	(
		cd "/mnt/$4" || exit
		for file in $(find etc -type f -o -type l | sort); do
			case $file in
			*inittab) echo "= $1 $file $(stat -c %a $file) $(tr '\n' '|' <$file)" ;;
			*) echo "= $1 $file $(readlink "$file" || stat -c %a "$file")" ;;
			esac
		done
	)
	umount /mnt
}

show vda1 ext4
show vda3 ext4
show vdb2 xfs
show vdc1 btrfs '' @
show vdd ext4
show mapper/vg-root ext4
