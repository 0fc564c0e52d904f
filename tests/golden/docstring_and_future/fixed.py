#!/usr/bin/env python
# Copyright: nobody.
"""A trial with everything that must stay in front.

The import of the runtime may come after all of it only.
"""

# The future comes first.
from __future__ import annotations
from __future__ import (
    division,
)  # of integers

import tensorflow as tf


def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[x], []], size=1)
    return h
from layers import conv
