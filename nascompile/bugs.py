"""What is said of a bug of our own: what happened, in which file of the user's, and in which line of ours.

    trial.py: KeyError: 'h' (nascompile/passes/keys.py:40)

In a module of its own, since it is loaded only where there is one.
"""

from __future__ import annotations

import os
import traceback

from nascompile.diagnostics import CompilerBug, clipped, printable

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def bug_in(path: str, error: Exception) -> CompilerBug:
    """Return what to raise for an exception that ended the compilation of a file."""
    return CompilerBug(f"{path}: {in_a_line(error)}")


def in_a_line(error: Exception) -> str:
    """Return what an exception says, and the last line of ours that it came through."""
    text = clipped(error, 200)
    if not isinstance(error, CompilerBug):
        name = type(error).__name__
        text = f"{name}: {text}" if text else name
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_PACKAGE + os.sep)]
    if not ours:
        return text
    place = os.path.relpath(ours[-1].filename, os.path.dirname(_PACKAGE))
    return f"{text} ({place.replace(os.sep, '/')}:{ours[-1].lineno})"


def traceback_of(error: Exception) -> str:
    """Return an exception's traceback, which does nothing to a terminal."""
    return "\n".join(map(printable, "".join(traceback.format_exception(error)).splitlines()))
