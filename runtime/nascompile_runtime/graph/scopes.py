"""The variable scopes of candidates: the same variable names in every mode.

    for position, candidate in enumerate(layer.candidates):
        with candidate_scope(candidate.scope):      # variables: <the user's scope>/h1/conv_size_1/...
            ...

Scopes are numbered as they are opened, so every mode opens those of all candidates, in declared order, also of those
that it does not build (`pass_scope`).
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any


def candidate_scope(scope: str) -> AbstractContextManager[Any]:
    """The scope of a candidate's variables, nested in the user's current one.

    A layer built again under reuse (True or AUTO_REUSE) finds its variables; otherwise it makes new ones in a scope
    that ends in `_1`, as TensorFlow numbers its own layers. Without TensorFlow there are no variables and no scopes.
    """
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return nullcontext()
    v1 = tensorflow.compat.v1
    if v1.get_variable_scope().reuse:
        entered: AbstractContextManager[Any] = v1.variable_scope(scope)
    else:
        entered = v1.variable_scope(None, default_name=scope)
    return entered


def pass_scope(scope: str) -> None:
    """Count the scope of a candidate that is not built."""
    with candidate_scope(scope):
        pass
