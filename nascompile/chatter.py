"""Leaves out, of what TensorFlow says while it is imported, what TF_CPP_MIN_LOG_LEVEL asks it to leave out.

    I0000 00:00:1795545232.443032   27562 cudart_stub.cc:31] Could not find cuda drivers on your machine, …

TensorFlow heeds its variable only when its logging is set up, and has then said such things already. They come from
native code, so it is the file descriptor of standard error that leads through a filter. That is a process of its own,
this file run as a script: it also hears the last words of an import that ends the process.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_MESSAGE = re.compile(rb"([IWE])\d{4} [0-9:.]+ +\d+ \S+:\d+\] ")
_PREFACE = b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR"
_STDERR = 2
_PATIENCE = 2.0  # seconds, for a filter that something else still writes to


@contextlib.contextmanager
def less_chatter() -> Iterator[None]:
    """Filter standard error while the block runs, if the environment has a level from 1 to 3."""
    level = os.environ.get(LEVEL, "")
    listener = _listener(level) if level in ("1", "2", "3") else None
    if listener is None or listener.stdin is None:
        yield
        return
    sys.stderr.flush()
    former = os.dup(_STDERR)
    os.dup2(listener.stdin.fileno(), _STDERR)
    listener.stdin.close()
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(former, _STDERR)
        os.close(former)
        with contextlib.suppress(subprocess.TimeoutExpired):
            listener.wait(_PATIENCE)


def is_left_out(line: bytes, level: int) -> bool:
    """Whether a line is a message below a level: 1 leaves out information, 2 warnings too, 3 errors too."""
    if line.startswith(_PREFACE):
        return level > 0
    message = _MESSAGE.match(line)
    return message is not None and b"IWE".index(message[1]) < level


def _listener(level: str) -> subprocess.Popen[bytes] | None:
    """Return the filter, whose standard error is ours; None where there is none to write to, or it cannot start."""
    try:
        os.fstat(_STDERR)
        return subprocess.Popen([sys.executable, "-I", "-S", __file__, level], stdin=subprocess.PIPE)
    except OSError:
        return None


def _listen(level: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which ends us by ending
    for line in sys.stdin.buffer:
        if not is_left_out(line, level):
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()


if __name__ == "__main__":
    _listen(int(sys.argv[1]))
