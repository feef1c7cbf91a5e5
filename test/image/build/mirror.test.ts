import test from 'ava';
import {sourceLines} from '../../../harness/image/build/mirror.ts';

// As `apt-get indextargets` printed them, with the hosts' names changed.
const bookworm = `http://mirror.test/debian/ bookworm-backports main Debian Backports
http://mirror.test/debian/ bookworm main Debian
http://mirror.test/debian/ bookworm contrib Debian
http://mirror.test/debian/ bookworm-updates main Debian
http://mirror.test/security/ bookworm-security main Debian
https://other.test/node/ nodistro main 
https://other.test/tools/ bookworm main Somebody
https://other.test/more/ bookworm main Debian Somebody`;

test('a Debian 12 host: its own lines, without backports and foreign repositories', (t) => {
	t.deepEqual(sourceLines('bookworm', bookworm), [
		'deb http://mirror.test/debian/ bookworm main',
		'deb http://mirror.test/debian/ bookworm-updates main',
		'deb http://mirror.test/security/ bookworm-security main',
	]);
});

test('another Debian release: the same mirror, asked for Debian 12', (t) => {
	t.deepEqual(sourceLines('bookworm', bookworm.replaceAll('bookworm', 'trixie')), [
		'deb http://mirror.test/debian/ bookworm main',
		'deb http://mirror.test/debian/ bookworm-updates main',
		'deb http://mirror.test/security/ bookworm-security main',
	]);
});

test('another release than the host has: the same mirror, asked for that one', (t) => {
	t.deepEqual(sourceLines('trixie', bookworm), [
		'deb http://mirror.test/debian/ trixie main',
		'deb http://mirror.test/debian/ trixie-updates main',
		'deb http://mirror.test/security/ trixie-security main',
	]);
});

test('Debian 12 beside a newer release: only its own lines count', (t) => {
	const both = `http://new.test/debian/ trixie main Debian\n${bookworm}`;
	t.false(sourceLines('bookworm', both).some((line) => line.includes('new.test')));
});

test('a host that is no Debian, and apt without lists, have nothing to offer', (t) => {
	t.deepEqual(sourceLines('bookworm', 'http://mirror.test/ubuntu/ noble main Ubuntu\n'), []);
	t.deepEqual(sourceLines('bookworm', ''), []);
});

test('an installation medium is no mirror', (t) => {
	t.deepEqual(sourceLines('bookworm', 'cdrom:[Debian]/ bookworm main Debian\n'), []);
});
