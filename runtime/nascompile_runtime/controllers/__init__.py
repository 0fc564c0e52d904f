"""Controllers: one module each, entered into the registry by importing it here."""

from __future__ import annotations

from nascompile_runtime.architecture import did_you_mean
from nascompile_runtime.controllers import evolution as _evolution  # noqa: F401  (registers itself)
from nascompile_runtime.controllers import random as _random  # noqa: F401
from nascompile_runtime.controllers import reinforce as _reinforce  # noqa: F401
from nascompile_runtime.controllers.base import CONTROLLERS, Controller
from nascompile_runtime.options import Options, OptionsError

__all__ = ["Controller", "create_controller"]


def create_controller(name: str, options: Options) -> Controller:
    """A new controller of the name that the options use. Raises OptionsError where there is none of that name."""
    if name not in CONTROLLERS:
        known = ", ".join(sorted(CONTROLLERS))
        raise OptionsError(f"there is no controller {name!r}{did_you_mean(name, CONTROLLERS)}; there are: {known}")
    return CONTROLLERS[name](options)
