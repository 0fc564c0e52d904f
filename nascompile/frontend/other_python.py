"""Says of a line that Python refuses which other Python reads it: IPython, or a newer version than the one that runs.

%matplotlib inline             IPython's
type Pair = tuple[int, int]    of Python 3.12
"""

from __future__ import annotations

import re
import sys

_OF_IPYTHON = re.compile(r"\s*(?:\w+\s*=\s*)?(?P<magic>(?:%%?|!)[A-Za-z]\w*)|\s*(?P<help>\?{0,2}[\w.]+\?{1,2})\s*$")
_NEWER = (
    ((3, 11), re.compile(r"\s*except\s*\*"), "`except*`"),
    ((3, 12), re.compile(r"\s*type\s+\w+\s*(?:\[.*\]\s*)?="), "a `type` statement"),
    ((3, 12), re.compile(r"\s*(?:async\s+)?(?:def|class)\s+\w+\s*\["), "a list of type parameters"),
    ((3, 12), re.compile(r".*\b[rR]?[fF][rR]?[\"'].*\{"), "a quote or a backslash inside an f-string's braces"),
    ((3, 14), re.compile(r".*\b[rR]?[tT][rR]?[\"']"), "a t-string"),
)


def explain_line(line: str) -> str | None:
    """Return a hint about a line that Python refuses; None where nothing tells what it is of."""
    if match := _OF_IPYTHON.match(line):
        return f"`{match['magic'] or match['help']}` is IPython's, not Python's: remove it from the file"
    for version, pattern, what in _NEWER:
        if sys.version_info < version and pattern.match(line):
            wanted, ours = ".".join(map(str, version)), ".".join(map(str, sys.version_info[:2]))
            return (
                f"{what} may stand there from Python {wanted} on, and this is {ours}: run nascompile with a newer one"
            )
    return None
