#!/usr/bin/env python
# Copyright: nobody.
"""A trial with everything that must stay in front.

The import of the runtime may come after all of it only.
"""

# The future comes first.
from __future__ import annotations
from __future__ import (
    division,
); from nascompile_runtime.graph import oneshot as _nascompile  # of integers

import tensorflow as tf


def build(x):
    h = _nascompile.dropout_sum("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])
    return h
from layers import conv
