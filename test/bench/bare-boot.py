"""The rival: a bare pexpect script, as a person would write it, on the same machine.

Reads one JSON object on standard input: {"argv": [...], "cwd": "...", "user": "root", "password": "..."}; ttyS0 is QEMU's
standard input and output there, nothing is stopped, hashed, patched or judged. Prints the seconds to the first answer of a root shell.
"""
import json
import sys
import time

import pexpect

job = json.load(sys.stdin)
start = time.monotonic()
guest = pexpect.spawn(job["argv"][0], job["argv"][1:], cwd=job["cwd"], timeout=300, encoding=None)
guest.expect(rb"login: ")
guest.sendline(job["user"].encode())
guest.expect(rb"Password: ")
guest.sendline(job["password"].encode())
guest.expect(rb"# ")
guest.sendline(b"echo pro''ven")
guest.expect(rb"proven\r+\n")  # QEMU and the pseudo terminal each add a carriage return
print(json.dumps({"seconds": time.monotonic() - start}))
guest.close(force=True)
