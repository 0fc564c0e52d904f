"""The modes, by name. A mode is one file here and, facing it, one in the runtime's `graph`."""

from nascompile.modes import classic, enas, fixed, oneshot
from nascompile.modes.base import Mode

MODES: dict[str, Mode] = {one.MODE.name: one.MODE for one in (classic, enas, oneshot, fixed)}

__all__ = ["MODES", "Mode"]
