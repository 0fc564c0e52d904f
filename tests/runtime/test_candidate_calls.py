"""A candidate that cannot be called, or fails, is told with its layer and with how it is called."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
import tensorflow as tf

from nascompile_runtime.graph import classic, darts, enas, oneshot
from nascompile_runtime.layer import LayerError, candidate

BUILDS = {
    "classic": classic.sub_graph,
    "enas": enas.conditional,
    "oneshot": oneshot.dropout_sum,
    "darts": darts.weighted_sum,
}


@pytest.fixture(params=BUILDS)
def build(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """The function that builds a layer, of each mode."""
    function: Callable[..., Any] = BUILDS[request.param]
    return function


def dense(inputs: list[Any], units: int) -> Any:
    return inputs[0][0] * units


def layer(build: Callable[..., Any], name: str, function: Any, *args: Any, **kwargs: Any) -> Any:
    """A layer of one candidate, in a graph."""
    fixed = kwargs.pop("fixed_inputs", [1.0])
    with tf.Graph().as_default():
        return build("trial", "h", layer_choice=[candidate(name, "h/f", function, *args, **kwargs)], fixed_inputs=fixed)


def test_candidate_that_is_given_its_inputs_is_told_to_leave_them_out(build: Callable[..., Any]) -> None:
    with pytest.raises(LayerError) as raised:
        layer(build, "dense([[x], []], units=2)", dense, [[1.0], []], units=2)
    message = str(raised.value)
    assert message.startswith("layer 'h' of block 'trial': candidate 'dense([[x], []], units=2)' is called as ")
    assert "dense(inputs, [[x], []], units=2), with inputs = [fixed_inputs, chosen_optional_inputs]: " in message
    assert f"multiple values for argument 'units' ({__file__}:{dense.__code__.co_firstlineno} defines it)" in message
    assert message.endswith("leave the inputs out of the candidate, it gets them as its first argument")


def test_candidate_that_lacks_an_argument_is_told_which(build: Callable[..., Any]) -> None:
    with pytest.raises(LayerError, match=r"is called as dense\(inputs\), .*missing a required argument: 'units'"):
        layer(build, "dense()", dense)


def test_candidate_of_a_decorated_function_is_told_where_that_is_defined(build: Callable[..., Any]) -> None:
    @wraps(dense)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        return dense(*args, **kwargs)

    with pytest.raises(LayerError, match=rf"{__file__}:{dense.__code__.co_firstlineno} defines it"):
        layer(build, "dense()", decorated)


def test_candidate_that_is_no_function_is_told(build: Callable[..., Any]) -> None:
    with pytest.raises(LayerError, match=r"candidate 'three\(\)' is called as three\(inputs\).*: int 3 is no function"):
        layer(build, "three()", 3)


def test_error_inside_of_a_candidate_stays_what_it_is_and_says_whose(build: Callable[..., Any]) -> None:
    def fails(inputs: list[Any], size: int) -> Any:
        raise IndexError(f"no {size}")

    with pytest.raises(IndexError) as raised:
        layer(build, "fails(size=(1))", fails, size=1)
    shown = "".join(traceback.format_exception(raised.value))
    assert "no 1" in shown
    assert "layer 'h' of block 'trial': candidate 'fails(size=(1))' is called as fails(inputs, size=(1))" in shown
    assert "here 1 fixed and 0 optional ones" in shown
    assert "in fails" in shown, "the traceback goes into the user's code"


def test_type_error_of_a_candidate_that_can_be_called_is_its_own(build: Callable[..., Any]) -> None:
    def adds(inputs: list[Any]) -> Any:
        return 1 + "one"  # type: ignore[operator]

    with pytest.raises(TypeError, match="unsupported operand") as raised:
        layer(build, "adds()", adds)
    assert not isinstance(raised.value, LayerError)
    assert "candidate 'adds()'" in "".join(traceback.format_exception(raised.value))


def test_candidate_without_inputs_that_fails_is_asked_for_them(build: Callable[..., Any]) -> None:
    with pytest.raises(IndexError) as raised:
        layer(build, "dense(2)", dense, 2, fixed_inputs=[])
    assert "does its annotation lack `fixed_inputs`?" in "".join(traceback.format_exception(raised.value))
