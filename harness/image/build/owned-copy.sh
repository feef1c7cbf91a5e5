# Runs a command in a copy of a directory in which files belong to whom a list says, and all others to root.
# Usage, as root of a mount namespace of its own: owned-copy.sh DIRECTORY LIST COMMAND…
# LIST has lines of UID GID PATH. The copy lies in memory and is gone with the namespace.
set -eu
source=$1
list=$2
shift 2
cd "$source"
mount -t tmpfs -o mode=755 tmpfs /mnt
cp -a . /mnt
cd /mnt
chown -hR 0:0 .
# A change of owner takes the setuid and setgid bits away (chown(2)).
(cd "$source" && find . -perm /6000 ! -type l) | while read -r file; do
	chmod --reference="$source/$file" "$file"
done
while read -r user group file; do
	chown -h "$user:$group" "$file"
	[ -h "$file" ] || chmod --reference="$source/$file" "$file"
done <"$list"
"$@"
