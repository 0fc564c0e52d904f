"""A block of layers of which each builds on the ones before, and an architecture that chooses among them."""
import tensorflow.compat.v1 as tf


class Net:
    def build(self, images):
        with tf.variable_scope(None, "layer_1/conv_size_5"):
            layer_1 = conv([[images], []], size=5)




        with tf.variable_scope(None, "layer_2/pool"):
            layer_2 = pool([[layer_1], [images]])





        with tf.variable_scope(None, "self_logits/dense_units_self_units_name_wide"):
            self.logits = dense([[], [images, layer_2]], units=self.units, name="wide")







        return self.logits
from layers import conv, dense, pool
