"""Tracebacks of a script that runs: they begin where the user's code does, and end there where the runtime refuses it.

    Traceback (most recent call last):
      File "trial.py", line 28, in <module>
    LayerError: layer 'h1' of block 'trial': candidate 'tanh()' is called as tanh(inputs), ...

A refusal is an error that the runtime raises on purpose. Of any other its frames are shown: it may be a bug there.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import os
import sys
from collections.abc import Sequence
from types import CodeType, TracebackType

_RAISE = dis.opmap["RAISE_VARARGS"]
_RUNTIME = f"{os.sep}nascompile_runtime{os.sep}"
_BETWEEN = (contextlib.__file__, functools.__file__)  # whose frames stand among the runtime's


def show_frames_of(codes: Sequence[CodeType]) -> None:
    """Have tracebacks show frames from one of `codes` on; it is not among `codes` where the user's code never began."""
    hook = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        while traceback is not None and traceback.tb_frame.f_code not in codes:
            traceback = traceback.tb_next
        if not isinstance(error, AssertionError):
            traceback = _without_refusal(traceback)
        hook(kind, error.with_traceback(traceback), traceback)

    sys.excepthook = show


def _without_refusal(traceback: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the runtime's frames at its end, if the last of these raises."""
    frames = []
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    if frames and _is_of_runtime(frames[-1]) and _raises(frames[-1]):
        while frames and (_is_of_runtime(frames[-1]) or _path(frames[-1]) in _BETWEEN):
            frames.pop()
    shown: TracebackType | None = None
    for frame in reversed(frames):
        shown = TracebackType(shown, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return shown


def _is_of_runtime(frame: TracebackType) -> bool:
    return _RUNTIME in _path(frame)


def _path(frame: TracebackType) -> str:
    return frame.tb_frame.f_code.co_filename


def _raises(frame: TracebackType) -> bool:
    """Whether a statement of the frame itself raised, and not something that it calls."""
    return frame.tb_frame.f_code.co_code[frame.tb_lasti] == _RAISE
