"""Sends one frame again and again, as fast as one process can: blast.py INTERFACE COUNT, with
virtio-net header and frame as hexadecimal digits on stdin. Prints seconds."""
import socket
import sys
import time

name, count, frame = sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.stdin.read())
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sender:
    sender.setsockopt(263, 15, 1)
    sender.bind((name, 0))
    started = time.monotonic()
    for _ in range(count):
        sender.send(frame)
    print(time.monotonic() - started)
