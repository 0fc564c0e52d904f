"""The graphs of the modes, one file a mode, facing the compiler's `modes`.

    from nascompile_runtime.graph import enas as _nascompile      # does not load TensorFlow yet

Compiled files begin with such an import, often above the lines in which the user sets what TensorFlow reads when it is
loaded. So the modes that need TensorFlow are executed when one of their functions is first looked up, and the user's
own import stays the one that loads it. From then on, the code's `import nni` works where NNI is not installed, too.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from nascompile_runtime import nni_finder

_NEED_TENSORFLOW = ("enas", "oneshot", "darts")

nni_finder.install()


def __getattr__(name: str) -> ModuleType:
    if name not in _NEED_TENSORFLOW:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    full_name = f"{__name__}.{name}"
    if full_name not in sys.modules:
        spec = importlib.util.find_spec(full_name)
        assert spec is not None
        assert spec.loader is not None
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules[full_name] = module
        spec.loader.exec_module(module)
    globals()[name] = sys.modules[full_name]
    return sys.modules[full_name]
