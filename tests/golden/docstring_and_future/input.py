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
    """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""
    return h
from layers import conv
