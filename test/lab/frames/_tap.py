"""A tap with virtio-net headers, driven by lines: "write HEX" puts a frame in, "read N" shows N frames that come out.

Usage: tap.py NAME OFFLOADS (bits of TUNSETOFFLOAD, linux/if_tun.h). What a QEMU does with it, without a guest.
"""
import fcntl
import os
import struct
import sys

TUNSETIFF, TUNSETOFFLOAD = 0x400454CA, 0x400454D0
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000

tap = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack('16sH22x', sys.argv[1].encode(), IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
fcntl.ioctl(tap, TUNSETOFFLOAD, int(sys.argv[2]))
os.system(f'ip link set {sys.argv[1]} up mtu 1460')
print('ready', flush=True)
for line in sys.stdin:
    do, argument = line.split()
    if do == 'write':
        os.write(tap, bytes.fromhex(argument))
        print('written', flush=True)
    else:
        for _ in range(int(argument)):
            print(os.read(tap, 70000).hex(), flush=True)
