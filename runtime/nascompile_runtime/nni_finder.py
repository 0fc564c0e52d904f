"""Finds `nni` for compiled code where it is not installed; where it is, this is never asked."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType


class NniFinder:
    """The last of the finders: it finds our stand-in under the name of NNI."""

    @staticmethod
    def find_spec(
        fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where `nni` is, and nothing else."""
        if fullname != "nni":
            return None
        return importlib.util.spec_from_file_location("nni", Path(__file__).with_name("nni_stand_in.py"))


def install() -> None:
    """Have imports end with this finder, once."""
    if NniFinder not in sys.meta_path:
        sys.meta_path.append(NniFinder)


def is_stand_in(nni: ModuleType) -> bool:
    """Whether a module is our stand-in, and not NNI's own."""
    return "STANDS_IN" in vars(nni)
