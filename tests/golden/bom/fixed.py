"""The file begins with a byte order mark."""
import tensorflow as tf

with tf.compat.v1.variable_scope(None, "h_he/conv_size_1"): höhe = conv([["größe"], []], size=1)
from layers import conv
