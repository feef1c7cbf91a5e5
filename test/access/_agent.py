"""Runs a startup script (stdin) twice, as two agents would, in this mount namespace, where /dev/ttyS1 is a terminal of ours."""
import os
import pty
import select
import subprocess
import sys
import termios
import time

script = sys.stdin.read()
master, slave = pty.openpty()
node = os.ttyname(slave)
for place in ('/run', '/sys'):
    subprocess.run(['mount', '-t', 'tmpfs', 'none', place], check=True)
# A tmpfs takes the place of /dev: a node of the host's own port is not opened by accident.
subprocess.run(['mount', '-t', 'tmpfs', 'none', '/mnt'], check=True)
for name in ('null', 'tty', node[5:]):
    target = '/mnt/' + ('ttyS1' if name == node[5:] else name)
    open(target, 'w').close()
    subprocess.run(['mount', '--bind', '/dev/' + name, target], check=True)
subprocess.run(['mount', '--rbind', '/mnt', '/dev'], check=True)
for agent in range(2):
    done = subprocess.run(['/bin/sh', '-c', script], stdin=subprocess.DEVNULL, timeout=5, check=False)
    print('status', done.returncode, flush=True)


def read_until(wanted, seconds=5):
    data, end = b'', time.monotonic() + seconds
    while wanted not in data and time.monotonic() < end:
        if select.select([master], [], [], 0.1)[0]:
            data += os.read(master, 4096)
    sys.stdout.write(data.decode())


read_until(b'bootwright-shell')
os.write(master, b'echo answer $((6*7)) uid $(id -u) tty $(readlink /proc/self/fd/0 || tty)\nexit\n')
read_until(b'answer')
sys.stdout.flush()
