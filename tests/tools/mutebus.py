# SPDX-License-Identifier: GPL-3.0-or-later
"""Owns a name on a D-Bus and never answers anybody: python3 mutebus.py SOCKET NAME. Prints "owned" when it does."""

import os
import socket
import struct
import sys


def text(s: str) -> bytes:
    data = s.encode()
    return struct.pack("<I", len(data)) + data + b"\0"


def pad(data: bytes, n: int) -> bytes:
    return data + b"\0" * (-len(data) % n)


def call(serial: int, member: str, signature="", body=b"") -> bytes:
    fields = b""
    for code, kind, value in (
        (1, "o", text("/org/freedesktop/DBus")),
        (2, "s", text("org.freedesktop.DBus")),
        (3, "s", text(member)),
        (6, "s", text("org.freedesktop.DBus")),
        *([(8, "g", bytes([len(signature)]) + signature.encode() + b"\0")] if signature else []),
    ):
        fields = pad(fields, 8) + bytes([code, 1]) + kind.encode() + b"\0" + value
    head = b"l\1\0\1" + struct.pack("<II", len(body), serial) + struct.pack("<I", len(fields)) + fields
    return pad(head, 8) + body


def main():
    path, name = sys.argv[1:]
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    s.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
    assert s.recv(4096).startswith(b"OK")
    s.sendall(b"BEGIN\r\n" + call(1, "Hello") + call(2, "RequestName", "su", pad(text(name), 4) + struct.pack("<I", 4)))
    seen = b""
    while name.encode() not in seen:  # the NameAcquired signal
        part = s.recv(4096)
        assert part, seen
        seen += part
    print("owned", flush=True)
    while s.recv(4096):
        pass


main()
