import tensorflow as tf

with tf.Graph().as_default(), tf.variable_scope("net"):
    with tf.compat.v1.variable_scope(None, "h/conv_size_1"): h = conv([[], []], size=1)
    with tf.Session() as session:


        session.run(h)
from layers import conv
