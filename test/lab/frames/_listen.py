"""Listens on UDP and TCP port 8000 of an address and prints each datagram it gets: what a socket in the guest sees."""
import socket
import sys

tcp = socket.create_server((sys.argv[1], 8000))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((sys.argv[1], 8000))
print('ready', flush=True)
while True:
    print(udp.recv(2000).decode(), flush=True)
