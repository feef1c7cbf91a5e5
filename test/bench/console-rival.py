"""The other ends of the console bench.

console-rival.py send SOCKET FILE TIMES   listens on a unix socket, says "ready", and sends the file to whoever connects
console-rival.py pexpect FILE TEXT        looks for a text in the output of cat by pexpect, and prints the seconds that took
"""
import socket
import sys
import time


def send(path, file, times):
    with socket.socket(socket.AF_UNIX) as server, open(file, "rb") as log:
        server.bind(path)
        server.listen()
        print("ready", flush=True)
        connection, _ = server.accept()
        with connection:
            for _ in range(int(times)):
                log.seek(0)
                connection.sendfile(log)


def look(file, text):
    import pexpect

    start = time.monotonic()
    guest = pexpect.spawn("cat", [file], timeout=None)
    # It pauses after each read, by default: 9 MB/s.
    guest.delayafterread = None
    found = guest.expect_exact([text.encode(), pexpect.EOF])
    print(time.monotonic() - start if found == 1 else "nan")


{"send": send, "pexpect": look}[sys.argv[1]](*sys.argv[2:])
