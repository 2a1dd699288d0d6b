"""Unix sockets that listen, in the kernel's own records.

/proc/net/unix has their names as they are, and so has what `ss` prints: with line ends in a name,
anybody writes further lines there. In these records a name has a length, and none is asked for.
"""

import socket
import struct
from collections.abc import Iterator

SOCK_DIAG = 4
"""Netlink's protocol, and of its messages those that ask, end and fail."""
ASK, DONE, ERROR = 20, 3, 2
ALL = 0x301
"""NLM_F_REQUEST | NLM_F_DUMP."""
LISTEN = 10
"""The kernel's state of a socket that listens."""
HEADER = struct.Struct("=IHHII")
REQUEST = struct.Struct("=BBHIIIII")
ANSWER = struct.Struct("=BBBBI")
"""Family, type, state, nothing, and the inode; more follows."""
MOST_BYTES = 1 << 16


def listening() -> Iterator[int]:
    """The inodes of those that listen.

    Raises:
        OSError: this kernel does not tell.
    """
    wanted = REQUEST.pack(socket.AF_UNIX, 0, 0, 1 << LISTEN, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF)
    header = HEADER.pack(HEADER.size + len(wanted), ASK, ALL, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, SOCK_DIAG) as kernel:
        kernel.sendall(header + wanted)
        while True:
            told = kernel.recv(MOST_BYTES)
            while told:
                length, kind, *_ = HEADER.unpack_from(told)
                if kind == DONE:
                    return
                if kind == ERROR:
                    [number] = struct.unpack_from("=i", told, HEADER.size)
                    raise OSError(-number, "the kernel does not tell which sockets listen")
                yield ANSWER.unpack_from(told, HEADER.size)[4]
                told = told[(length + 3) & ~3 :]
