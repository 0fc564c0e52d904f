"""Arguments that are awkward to quote: in names, in scopes and in code they stay what they are."""
import tensorflow as tf

kind = "weiß"
with tf.compat.v1.variable_scope(None, "y_it_s/conv_a_quoted_word"):
    y["it's"] = conv([[], [x["key"]]], 'a "quoted" word')


















from layers import conv, x, y
