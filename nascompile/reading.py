"""Reads files, most of which hold nothing for us: what is done with each counts.

    read_file("model/net.py")     # its bytes

Opening a small file takes longer than reading it, and through the layers of `open` half as long again.
"""

from __future__ import annotations

import os

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)


def read_file(path: str) -> bytes:
    """Return the bytes of a file, a pipe or a device.

    Raises:
        OSError: it cannot be read.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, size + 1)
        if len(data) == size > 0:
            return data
        with open(descriptor, "rb", closefd=False) as rest:  # a pipe, or a file that grows
            return data + rest.read()
    except OSError as error:
        error.filename = path
        raise
    finally:
        os.close(descriptor)
