"""Captures, counts and injects frames with their virtio-net headers on one interface: what Node has no sockets for.

Usage: frames.py INTERFACE. Commands and answers are JSON, one a line, on stdin and stdout; frame-tool.ts is the other end.
Ends when stdin closes. Python 3.9 or later, standard library only.

Frames are read from a ring in shared memory (packet_mmap.rst, TPACKET_V3), not by recv(): an unprivileged namespace may
not raise SO_RCVBUF above net.core.rmem_max, where six frames of 64 KiB fit, and a ring has no such limit.
Sources: packet(7), linux/if_packet.h, net/packet/af_packet.c, linux/virtio_net.h.
"""
import array
import base64
import json
import mmap
import os
import select
import socket
import struct
import sys
import time

SOL_PACKET = 263
PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION, PACKET_VNET_HDR = 5, 6, 10, 15
TPACKET_V3 = 2
SO_ATTACH_FILTER = 26
ETH_P_ALL = 0x0003
PACKET_OUTGOING = 4

BLOCK_BYTES = 1 << 20
# The kernel hands over a block that is not full after one or two of these.
RETIRE_MS = 10
# A guest that takes no frame for so long (it is stopped, or its interface is down) is an error, not a hang.
SEND_TIMEOUT_S = 2

# tpacket_block_desc: version, offset_to_priv, block_status, num_pkts, offset_to_first_pkt, blk_len
BLOCK = struct.Struct('=IIIIII')
# tpacket3_hdr up to tp_net; a sockaddr_ll with the packet's type follows at 48.
FRAME = struct.Struct('=IIIIIIHH')
PACKET_TYPE_AT = 48 + 10
VNET_BYTES = 10
# captured bytes, bytes on the wire, nanoseconds since 1970, 1 for outgoing (towards the guest); then vnet header, bytes
RECORD = struct.Struct('<IIQB')


def answer(**fields):
    print(json.dumps(fields, separators=(',', ':')), flush=True)


class Ring:
    """Everything that passes a filter, from the moment it is made until `close`."""

    def __init__(self, interface, command):
        self.id = command['id']
        self.counts = {}
        self.frames = self.octets = self.received = self.drops = self.block = 0
        self.error = None
        self.limit_frames = command.get('frames', sys.maxsize)
        self.limit_bytes = command.get('bytes', sys.maxsize)
        self.blocks = command['blocks']
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V3)
        # Only before there is a ring.
        self.socket.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        size = BLOCK_BYTES * self.blocks
        request = struct.pack('=7I', BLOCK_BYTES, self.blocks, 2048, size // 2048, RETIRE_MS, 0, 0)
        self.socket.setsockopt(SOL_PACKET, PACKET_RX_RING, request)
        self.memory = mmap.mmap(self.socket.fileno(), size)
        self.filter(command['filter'])
        # Bound last: with the filter in place nothing else was ever let in. ETH_P_ALL, or outgoing frames are not seen.
        self.socket.bind((interface, ETH_P_ALL))
        self.file = open(command['path'], 'wb') if 'path' in command else None

    def filter(self, program):
        code = array.array('B', b''.join(struct.pack('=HBBI', *line) for line in program))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack('HP', len(program), code.buffer_info()[0]))

    def full(self):
        return self.frames >= self.limit_frames or self.octets >= self.limit_bytes

    def drain(self):
        """Takes every block the kernel has closed and gives it back."""
        while True:
            start = self.block * BLOCK_BYTES
            _, _, status, number, first, length = BLOCK.unpack_from(self.memory, start)
            if not status & 1:
                return
            block = self.memory[start:start + length]
            (self.store if self.file else self.count)(block, number, first)
            struct.pack_into('=I', self.memory, start + 8, 0)
            self.received += number
            self.block = (self.block + 1) % self.blocks

    def count(self, block, number, at):
        counts = self.counts
        for _ in range(number):
            step, _, _, _, length, _, mac, _ = FRAME.unpack_from(block, at)
            vnet = at + mac - VNET_BYTES
            key = (block[at + PACKET_TYPE_AT] == PACKET_OUTGOING, length, block[vnet], block[vnet + 1])
            counts[key] = counts.get(key, 0) + 1
            at += step

    def store(self, block, number, at):
        for _ in range(number):
            if self.full():
                return
            step, seconds, nanoseconds, kept, length, _, mac, _ = FRAME.unpack_from(block, at)
            outgoing = block[at + PACKET_TYPE_AT] == PACKET_OUTGOING
            self.file.write(RECORD.pack(kept, length, seconds * 10**9 + nanoseconds, outgoing))
            self.file.write(block[at + mac - VNET_BYTES:at + mac + kept])
            self.frames += 1
            self.octets += kept
            at += step

    def statistics(self):
        # Reading sets the kernel's own numbers back to zero; `tp_packets` includes those that were dropped.
        packets, drops, _ = struct.unpack('=3I', self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 12))
        self.drops += drops
        return packets - drops

    def close(self):
        """Lets nothing more in, waits for the block the kernel still holds, and reports."""
        self.filter([(0x06, 0, 0, 0)])
        expected = self.statistics()
        patience = time.monotonic() + 1
        while self.error is None and time.monotonic() < patience:
            self.drain()
            expected += self.statistics()
            if self.received >= expected:
                break
            time.sleep(RETIRE_MS / 2000)
        if self.file:
            self.file.close()
        self.memory.close()
        self.socket.close()
        counts = [[*key, number] for key, number in self.counts.items()]
        answer(id=self.id, event='stopped', counts=counts, stored=self.frames, full=self.full(), error=self.error,
               received=self.received, drops=self.drops, missing=max(0, expected - self.received))


def inject(interface, command):
    """Sends frames as they are, each with its header in front of it."""
    frames = [base64.b64decode(frame) for frame in command['sent']]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sender:
        sender.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack('@ll', SEND_TIMEOUT_S, 0))
        sender.bind((interface, 0))
        for number, frame in enumerate(frames, 1):
            try:
                sender.send(frame)
            except OSError as error:
                where = f'frame {number} of {len(frames)} ({len(frame) - VNET_BYTES} bytes)'
                raise OSError(error.errno, f'{os.strerror(error.errno)}, {where}') from error
    answer(id=command['id'], event='injected')


def obey(interface, command, rings, poll):
    try:
        if command['do'] == 'inject':
            inject(interface, command)
        elif command['do'] == 'stop':
            finish(rings, poll, [ring for ring in rings.values() if ring.id == command['id']])
        else:
            ring = Ring(interface, command)
            rings[ring.socket.fileno()] = ring
            poll.register(ring.socket, select.POLLIN)
            answer(id=ring.id, event='started')
    except OSError as error:
        answer(id=command['id'], event='failed', message=error.strerror or str(error))


def finish(rings, poll, finished):
    for ring in finished:
        del rings[ring.socket.fileno()]
        poll.unregister(ring.socket)
        ring.close()


def main(interface):
    rings, poll, rest = {}, select.poll(), b''
    poll.register(0, select.POLLIN)
    answer(event='ready', index=socket.if_nametoindex(interface))
    while True:
        for descriptor, events in poll.poll():
            ring = rings.get(descriptor)
            if descriptor == 0:
                piece = os.read(0, 1 << 20)
                if not piece:
                    return
                *lines, rest = (rest + piece).split(b'\n')
                for line in lines:
                    obey(interface, json.loads(line), rings, poll)
            elif ring:
                if events & select.POLLERR:
                    ring.error = os.strerror(ring.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
                ring.drain()
                if ring.error or ring.full():
                    finish(rings, poll, [ring])


main(sys.argv[1])
