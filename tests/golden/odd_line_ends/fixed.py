"""Form feeds, vertical tabs, U+0085 and U+2028 end no line of Python."""
import tensorflow as tf

title = "one twothreefour"
def build(x):
    with tf.compat.v1.variable_scope(None, "h/conv_a_u2028b"):
        h = conv([[x], []], 'a\u2028b')

    label = " "; (
        ); label = ""  #   and so on

    with tf.compat.v1.variable_scope(None, "out/conv_u2028"):
        out = conv([[h], []], '\u2028')

    return out
from layers import conv, pool
