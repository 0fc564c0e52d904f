"""TensorFlow 1's functions by a short name, and a local variable that is called like the usual one."""
from tensorflow import compat as c, float32


def build(tf, x):
    with c.v1.variable_scope(None, "h/conv_size_1"):
        h = conv([[x, tf], []], size=1)
    with c.v1.variable_scope(None, "out/pool"): out = pool([[h], []])
    return out
from layers import conv, pool
