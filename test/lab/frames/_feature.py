"""Switches one offload: feature.py INTERFACE tso|gro 0|1 (ETHTOOL_STSO, ETHTOOL_SGRO; linux/ethtool.h)."""
import array
import fcntl
import socket
import struct
import sys

name, feature, value = sys.argv[1:]
command = {'tso': 0x1F, 'gro': 0x2C}[feature]
wanted = array.array('I', [command, int(value)])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8946, struct.pack('16sP16x', name.encode(), wanted.buffer_info()[0]))
