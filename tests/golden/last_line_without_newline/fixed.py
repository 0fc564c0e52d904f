import tensorflow as tf
from layers import conv
x = 1
with tf.compat.v1.variable_scope(None, "h/conv_size_1"):
    h = conv([[x], []], size=1)
