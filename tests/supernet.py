"""Short ways for tests to build layers of a supernet and to choose in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from nascompile_runtime.architecture import Choice
from nascompile_runtime.graph import enas
from nascompile_runtime.graph.signal import find_signal

v1 = tf.compat.v1

BLOCK = "net"


def layer(functions: dict[str, Callable[..., Any]], *fixed: Any, key: str = "h", **optional: Any) -> Any:
    """A layer whose candidates are the functions, called with inputs as candidates are, in scopes `h/<name>`."""
    return enas.conditional(
        BLOCK,
        key,
        layer_choice=[enas.candidate(f"{name}()", f"{key}/{name}", each) for name, each in functions.items()],
        fixed_inputs=fixed,
        **optional,
    )


def choose(session: Any, **choices: int | tuple[int, tuple[int, ...]]) -> None:
    """Load choices by layer: the candidate's position, or that and the positions of the chosen inputs."""
    signal = find_signal(session, "enas")
    assert signal is not None
    chosen = {
        (BLOCK, key): Choice(given, ()) if isinstance(given, int) else Choice(*given) for key, given in choices.items()
    }
    enas._load_choices(session, signal, chosen)


def start(session: Any) -> None:
    """Initialise all variables."""
    session.run([v1.global_variables_initializer(), v1.local_variables_initializer(), v1.tables_initializer()])


def randomize(session: Any, variables: Any = None, seed: int = 0) -> None:
    """Give variables (all global ones of floats) values that depend on their names and the seed only."""
    if variables is None:
        variables = [each for each in v1.global_variables() if each.dtype.base_dtype.is_floating]
    values = []
    for each in variables:
        generator = np.random.default_rng([seed, *each.op.name.encode()])
        values.append(generator.uniform(0.1, 1.0, each.shape.as_list()))
    session.run(
        [each.initializer for each in variables],
        {each.initializer.inputs[1]: value for each, value in zip(variables, values, strict=True)},
    )


def values_of(session: Any, variables: Any = None) -> dict[str, Any]:
    """The values of variables (all global ones) by name."""
    variables = v1.global_variables() if variables is None else variables
    return {each.op.name: value for each, value in zip(variables, session.run(variables), strict=True)}


def moved(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The names whose values are not bit for bit the same."""
    return {name for name in before if before[name].tobytes() != after[name].tobytes()}
