"""What goes into the compilation of a file beside its bytes, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nascompile.diagnostics import Diagnostic
from nascompile.passes.usage import EMPTY, Usage
from nascompile.search_space import SearchSpace

_EMPTY_SPACE = SearchSpace()


@dataclass(frozen=True, slots=True)
class Options:
    """How files are compiled. `architecture` is for mode fixed; `scopes` says whether fixed writes variable scopes.

    `tf1` makes TensorFlow that of TensorFlow 1, also in files without annotations.
    """

    mode: str = "classic"
    architecture: Mapping[str, Any] | None = None
    scopes: bool = True
    tf1: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled file. Where there is an error, `output` is None, and what is known of the file may be incomplete."""

    output: bytes | None
    search_space: SearchSpace = _EMPTY_SPACE
    diagnostics: tuple[Diagnostic, ...] = ()
    usage: Usage = EMPTY

    @property
    def ok(self) -> bool:
        """Whether the file was compiled."""
        return self.output is not None


def is_whole(compiled: Compiled) -> bool:
    """Whether something that was read from somewhere has the types that it claims to have."""
    try:
        return (
            isinstance(compiled.output, bytes | None)
            and isinstance(compiled.search_space, SearchSpace)
            and isinstance(compiled.diagnostics, tuple)
            and all(isinstance(diagnostic, Diagnostic) for diagnostic in compiled.diagnostics)
        )
    except AttributeError:  # a field was never set
        return False
