"""What TensorFlow says of a session call that we made, in a line: what is missing, and what the user can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

_UNFED = re.compile(r"must feed a value for placeholder tensor '([^']+)'")
_UNMADE = re.compile(r"(?:Could not find variable |uninitialized value |Resource [^/ ]+/)(?P<name>[\w./-]*\w)")


@contextmanager
def explained(what: str, feeds: str = "feed_dict") -> Iterator[None]:
    """In this context, say in a line which placeholder was not fed, or which variable not initialised.

    Raises:
        ValueError: a placeholder was not fed; `feeds` is the argument that would do it.
        RuntimeError: a variable was not initialised.
    """
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        unfed = _UNFED.search(str(error))
        if unfed is None:
            raise
        raise ValueError(f"{what}: the placeholder {unfed[1]!r} needs a value: {feeds}={{{unfed[1]}: ...}}") from None
    except (tf.errors.FailedPreconditionError, tf.errors.NotFoundError) as error:
        unmade = _UNMADE.search(str(error))
        if unmade is None:
            raise
        name = unmade["name"].removesuffix("/N10tensorflow3VarE")
        raise RuntimeError(
            f"{what}: the variable {name!r} is not initialised in this session; "
            "run tf.compat.v1.global_variables_initializer(), which knows the architecture weights too, "
            "after all of the graph was built"
        ) from None
