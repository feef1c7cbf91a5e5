"""The other end of the guest's connections: sends and takes streams at full speed, and knows their digests.

Usage: peer.py ADDRESS BYTES INTERFACE. Commands and answers are JSON, one a line, on stdin and stdout; open-peer.ts is the other end.
Ends when stdin closes. Python 3.9 or later, standard library only.
"""
import array
import base64
import contextlib
import fcntl
import hashlib
import json
import os
import socket
import struct
import sys
import threading

SIOCETHTOOL = 0x8946
# linux/ethtool.h: commands of the kind that takes one number.
SETTERS = {'tx': 0x17, 'sg': 0x19, 'tso': 0x1f, 'gso': 0x24}
CHUNK = 1 << 20
KEPT = 1 << 24
# A guest whose interface is gone says no farewell: its end of a transfer gives up after as long a silence (offload/transfer.ts).
SILENCE_S = 20
lock = threading.Lock()


def answer(**fields):
    with lock:
        print(json.dumps(fields, separators=(',', ':')), flush=True)


def discard(connection):
    buffer = bytearray(CHUNK)
    with connection:
        while connection.recv_into(buffer):
            pass


def source(connection):
    chunk = bytes(CHUNK)
    with connection:
        while True:
            connection.sendall(chunk)


@contextlib.contextmanager
def ending(event, result):
    """Tells of a stream with what came of it, also where it broke off: somebody waits for it."""
    try:
        yield
    finally:
        answer(event=event, **result())


def take(connection):
    digest, length, buffer = hashlib.sha256(), 0, bytearray(CHUNK)
    connection.settimeout(SILENCE_S)
    with connection, ending('taken', lambda: {'bytes': length, 'sha256': digest.hexdigest()}):
        while True:
            number = connection.recv_into(buffer)
            if not number:
                break
            digest.update(memoryview(buffer)[:number])
            length += number


def keep(connection):
    data = bytearray()
    connection.settimeout(SILENCE_S)
    with connection, ending('kept', lambda: {'data': base64.b64encode(data).decode()}):
        while len(data) < KEPT:
            piece = connection.recv(CHUNK)
            if not piece:
                break
            data += piece


def give(connection, data):
    with connection:
        connection.sendall(data)


def serve(address, handler, *args, family=socket.AF_INET):
    listener = socket.create_server((address, 0), family=family, backlog=16)

    def guarded(connection):
        try:
            handler(connection, *args)
        except OSError:
            pass  # The guest closed it, or is gone: that is no news.

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=guarded, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def link_local(interface):
    """The interface's own IPv6 address, which the kernel gives to each; None where it has no IPv6 (net/ipv6/addrconf.c, if6_seq_show)."""
    with contextlib.suppress(OSError), open('/proc/net/if_inet6', encoding='ascii') as lines:
        for address, _, _, scope, _, name in map(str.split, lines):
            if name == interface and scope == '20':
                return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(address))
    return None


def serve6(interface):
    address = link_local(interface)
    return address and {'address': address, 'sink': serve('::', discard, family=socket.AF_INET6)}


def offloads(interface, settings):
    """Sets what the host's side of the tap may hand to the guest: with tso and gso off, only frames of the MTU's size."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for name, on in settings.items():
            value = array.array('B', struct.pack('=II', SETTERS[name], int(on)))
            request = struct.pack('16sP16x', interface.encode(), value.buffer_info()[0])
            fcntl.ioctl(control, SIOCETHTOOL, request)


def main(address, data_bytes, interface):
    data = os.urandom(data_bytes)
    ports = {'sink': serve(address, discard), 'source': serve(address, source), 'take': serve(address, take),
             'keep': serve(address, keep), 'give': serve(address, give, data)}
    answer(event='ready', ports=ports, ipv6=serve6(interface), bytes=data_bytes, sha256=hashlib.sha256(data).hexdigest())
    for line in sys.stdin:
        command = json.loads(line)
        try:
            offloads(command['interface'], command['settings'])
            answer(event='set', error=None)
        except OSError as error:
            answer(event='set', error=error.strerror or str(error))


main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
