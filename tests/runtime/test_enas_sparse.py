"""Gradients that are sparse by hand are sparse, also where a table is shared, so that other rows stay as they are."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf
from subgraphs import OPTIMIZERS, WIDTH, aggressive, check_steps
from supernet import choose, layer, randomize, start, values_of

v1 = tf.compat.v1
ROWS = 5


def table() -> Any:
    return v1.get_variable("table", [ROWS, WIDTH])


def head(h: Any) -> Any:
    w = v1.get_variable("head", [WIDTH])
    return tf.reduce_mean(tf.square(h * w - 0.3))


def row(of: Any, *ids: int, dtype: Any = tf.int32) -> Any:
    return tf.gather(of, tf.constant(ids, dtype))


def none(inputs: Any) -> Any:
    return 2.0 * inputs[0][0]


def two_lookups(layers: Any, x: Any) -> Any:
    shared = table()
    functions = {
        "none": none,
        "handle": lambda i: i[0][0] + row(shared, 1, 1, 2, 1) + row(shared, 0, 1, 1, 0),
        "read": lambda i: i[0][0] + row(shared.read_value(), 1, 1, 2, 1) + row(shared.read_value(), 0, 1, 1, 0),
    }
    return head(layers.layer(functions, x))


def made_in_the_candidate(layers: Any, x: Any) -> Any:
    functions = {
        "read": lambda i: i[0][0] + row(tf.convert_to_tensor(table()), 1, 1, 2, 1),
        "none": none,
        "embedded": lambda i: i[0][0] + tf.nn.embedding_lookup(table(), [3, 1, 1, 0]),
    }
    return head(layers.layer(functions, x))


def indices_of_two_types(layers: Any, x: Any) -> Any:
    shared = table()
    functions = {
        "wide": lambda i: i[0][0] + row(shared, 1, 1, 2, 0, dtype=tf.int64),
        "none": none,
        "narrow": lambda i: i[0][0] * row(shared, 3, 1, 3, 1),
        "both": lambda i: i[0][0] * row(shared, 3, 1, 3, 1) + row(shared, 0, 1, 3, 1, dtype=tf.int64),
    }
    return head(layers.layer(functions, x))


def multiplied(inputs: Any, by: Any) -> Any:
    return tf.matmul(tf.matmul(inputs[0][0], by, transpose_b=True), by)


def sparse_and_dense(layers: Any, x: Any) -> Any:
    shared = table()
    functions = {
        "sparse": lambda i: i[0][0] + row(shared, 1, 1, 2, 0),
        "dense": lambda i: multiplied(i, shared),
        "none": none,
        "other": lambda i: i[0][0] * row(shared, 4, 1, 1, 0),
    }
    return head(layers.layer(functions, x))


def sparse_and_dense_in_two_layers(layers: Any, x: Any) -> Any:
    shared = table()
    functions = {
        "sparse": lambda i: i[0][0] + row(shared, 1, 1, 2, 0),
        "dense": lambda i: multiplied(i, shared),
        "none": none,
    }
    return head(layers.layer(functions, layers.layer(functions, x), key="k"))


def looked_up_outside(layers: Any, x: Any) -> Any:
    shared = table()
    functions = {
        "none": none,
        "dense": lambda i: multiplied(i, shared),
        "sparse": lambda i: i[0][0] * row(shared, 4, 1, 1, 0),
    }
    return head(layers.layer(functions, x + row(shared, 0, 0, 2, 1)))


ONE = [{"h": candidate} for candidate in [1, 2, 0, 1, 0, 2, 1]]
FOUR = [{"h": candidate} for candidate in [1, 0, 2, 3, 0, 1, 3, 0]]
NETS: dict[Any, Any] = {
    two_lookups: ONE,
    made_in_the_candidate: ONE,
    indices_of_two_types: FOUR,
    sparse_and_dense: FOUR,
    sparse_and_dense_in_two_layers: [{"h": n % 3, "k": n // 3} for n in [4, 0, 2, 8, 6, 1, 3, 7, 5, 0]],
    looked_up_outside: ONE,
}


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "rmsprop", "ftrl", "adagrad"])
@pytest.mark.parametrize("net", NETS, ids=lambda net: net.__name__)
def test_a_table_is_updated_as_by_hand(net: Any, optimizer: str) -> None:
    check_steps(net, OPTIMIZERS[optimizer], NETS[net])


@pytest.mark.parametrize("net", NETS, ids=lambda net: net.__name__)
def test_also_when_the_graph_is_optimised_aggressively(net: Any) -> None:
    check_steps(net, OPTIMIZERS["momentum"], NETS[net], config=aggressive())


def test_rows_that_were_not_looked_up_stay(graph: Any) -> None:
    x = v1.placeholder(tf.float32, [None, WIDTH])
    shared = table()
    functions = {"dense": lambda i: multiplied(i, shared), "sparse": lambda i: i[0][0] + row(shared, 1, 1, 2, 1)}
    step = v1.train.MomentumOptimizer(0.1, 0.9).minimize(head(layer(functions, x)))
    with v1.Session() as session:
        start(session)
        randomize(session)
        rows = []
        for chosen in (0, 1, 0):
            choose(session, h=chosen)
            before = values_of(session)["table"]
            session.run(step, {x: [[0.1, 0.2, 0.3]] * 4})
            changed = values_of(session)["table"] != before
            rows.append([number for number in range(ROWS) if changed[number].any()])
        assert rows == [[0, 1, 2, 3, 4], [1, 2], [0, 1, 2, 3, 4]]
