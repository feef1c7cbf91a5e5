# Runs a command in a copy of a directory in which files belong to whom a list says, and all others to root.
# Usage, as root of a mount namespace of its own: owned-copy.sh DIRECTORY LIST EMPTY COMMAND…
# LIST has lines of UID GID PATH. The copy lies in memory, over the empty directory, and is gone with the namespace.
set -eu
source=$1
list=$2
copy=$3
shift 3
mount -t tmpfs -o mode=755 tmpfs "$copy"
cd "$copy"
cp -a "$source"/. .
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
