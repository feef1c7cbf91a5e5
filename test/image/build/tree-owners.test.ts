import test from 'ava';
import {foreignOwners} from '../../../harness/image/build/tree-owners.ts';

test('what does not belong to root, out of a listing by tar', (t) => {
	const listing = `drwxr-xr-x 0/0               0 2023-06-10 00:00 ./
-rw-r----- 0/42            501 2023-06-10 00:00 ./etc/shadow
drwxr-sr-x 0/999             0 2023-06-10 00:00 ./var/log/journal/
lrwxrwxrwx 101/0             0 2023-06-10 00:00 ./etc/a link -> ../usr/lib -> x
hrwxr-xr-x 0/0               0 2023-06-10 00:00 ./usr/bin/perl link to ./usr/bin/perl5.36.0
crw-rw-rw- 0/5             5,0 2023-06-10 00:00 ./dev/tty
-rw------- 42/0              0 2023-06-10 00:00 ./etc/with -> arrow`;
	t.is(foreignOwners(listing), '0 42 etc/shadow\n0 999 var/log/journal/\n101 0 etc/a link\n42 0 etc/with -> arrow\n');
});
