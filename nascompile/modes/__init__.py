"""The modes, by name. A mode is one file here and, facing it, one in the runtime's `graph`."""

from nascompile.modes import classic, darts, enas, fixed, oneshot
from nascompile.modes.base import Mode

MODES: dict[str, Mode] = {one.MODE.name: one.MODE for one in (classic, enas, oneshot, darts, fixed)}

__all__ = ["MODES", "Mode", "mode_named"]


def mode_named(spelling: str) -> str:
    """Return the name of a mode, which may be spelled as NNI spelled it, `enas_mode`.

    Raises:
        ValueError: there is no such mode; the message says which there are.
    """
    name = spelling.removesuffix("_mode")
    if name not in MODES:
        raise ValueError(f"unknown mode {spelling!r}; the modes are {', '.join(MODES)}")
    return name
