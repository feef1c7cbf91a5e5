# Runs shell commands inside an unpacked package tree as if it were the whole host: what the host has installed never comes into it.
# Usage, in a mount namespace of its own: enter-tree.sh TREE COMMANDS
set -eu
tree=$1
# Compilers and shells want /dev/null.
mount --rbind /dev "$tree/dev"
# Ended with whoever waits for it (make then ends its compilers). Said here, because a new user namespace forgets it (kernel/cred.c, commit_creds).
PATH=/usr/sbin:/usr/bin:/sbin:/bin exec setpriv --pdeathsig TERM chroot "$tree" /bin/dash -euc "$2"
