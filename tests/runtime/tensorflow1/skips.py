"""Skip connections as one wrote them in 2019 for TensorFlow 1 and NNI: lists appended to, and a list of all layers."""

import argparse

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

layer_id = -1


def next_layer_id():
    global layer_id
    layer_id += 1
    return "layer_" + str(layer_id)


def create_weight(name, shape):
    return tf.get_variable(name, shape, initializer=tf.variance_scaling_initializer(scale=2.0))


def batch_norm(x, is_training):
    channels = [x.get_shape()[3]]
    with tf.variable_scope("bn", reuse=None if is_training else True):
        offset = tf.get_variable("offset", channels, initializer=tf.constant_initializer(0.0, dtype=tf.float32))
        scale = tf.get_variable("scale", channels, initializer=tf.constant_initializer(1.0, dtype=tf.float32))
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-5)


class Child:
    def __init__(self, images, labels, filters=8, name="child"):
        self.images = tf.constant(images)
        self.labels = tf.constant(labels, tf.int32)
        self.filters = filters
        self.name = name

    def halve(self, x, out_filters, is_training):
        with tf.variable_scope("path"):
            w = create_weight("w", [1, 1, x.get_shape()[3].value, out_filters])
            x = tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
            return batch_norm(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME"), is_training)

    def model(self, images, is_training, reuse=False):
        global layer_id
        layer_id = -1
        with tf.variable_scope(self.name, reuse=reuse):
            layers = []
            out_filters = self.filters
            with tf.variable_scope("stem"):
                w = create_weight("w", [3, 3, 1, out_filters])
                x = batch_norm(tf.nn.conv2d(images, w, [1, 1, 1, 1], "SAME"), is_training)
                layers.append(x)

            def add_fixed_pooling_layer(number, layers, out_filters):
                out_filters *= 2
                pooled = []
                with tf.variable_scope("pool_at_{0}".format(number)):  # noqa: UP030, UP032
                    for position, layer in enumerate(layers):
                        with tf.variable_scope("from_{0}".format(position)):  # noqa: UP030, UP032
                            pooled.append(self.halve(layer, out_filters, is_training))
                return pooled, out_filters

            def post_process(out, optional_inputs):
                with tf.variable_scope("skip"):
                    inputs = layers[-1]
                    height, width = inputs.get_shape()[1].value, inputs.get_shape()[2].value
                    out.set_shape([None, height, width, out_filters])
                    optional_inputs.append(out)
                    out = batch_norm(tf.add_n(optional_inputs), is_training)
                layers.append(out)
                return out

            def conv(inputs, size):
                with tf.variable_scope(next_layer_id()):
                    with tf.variable_scope("branch"):
                        w = create_weight("w", [size, size, out_filters, out_filters])
                        out = tf.nn.relu(tf.nn.conv2d(inputs[0][0], w, [1, 1, 1, 1], "SAME"))
                    return post_process(out, inputs[1])

            def max_pool(inputs):
                with tf.variable_scope(next_layer_id()):
                    out = tf.nn.max_pool(inputs[0][0], [1, 3, 3, 1], [1, 1, 1, 1], "SAME")
                    return post_process(out, inputs[1])

            """@nni.mutable_layers(
            {
                layer_choice: [conv(size=1), conv(size=3), max_pool()],
                fixed_inputs:[x],
                layer_output: layer_0_out
            },
            {
                layer_choice: [conv(size=1), conv(size=3), max_pool()],
                fixed_inputs:[layer_0_out],
                optional_inputs: [layer_0_out],
                optional_input_size: [0, 1],
                layer_output: layer_1_out
            }
            )"""
            layers, out_filters = add_fixed_pooling_layer(1, layers, out_filters)
            assert len(layers) == 3, "the stem and two layers"
            layer_0_out, layer_1_out = layers[-2:]  # noqa: RUF059
            """@nni.mutable_layers(
            {
                layer_choice: [conv(size=1), conv(size=3), max_pool()],
                fixed_inputs: [layer_1_out],
                optional_inputs: [layer_0_out, layer_1_out],
                optional_input_size: [0, 1],
                layer_output: layer_2_out
            },
            {
                layer_choice: [conv(size=1), conv(size=3), max_pool()],
                fixed_inputs: [layer_2_out],
                optional_inputs: [layer_0_out, layer_1_out, layer_2_out],
                optional_input_size: [0, 2],
                layer_output: layer_3_out
            }
            )"""
            x = tf.reduce_mean(layer_3_out, [1, 2])  # noqa: F821
            with tf.variable_scope("fc"):
                return tf.matmul(x, create_weight("w", [x.get_shape()[1].value, 10]))

    def build(self):
        logits = self.model(self.images, is_training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=self.labels)
        self.loss = tf.reduce_mean(losses)
        variables = [variable for variable in tf.trainable_variables() if variable.name.startswith(self.name)]
        grads = tf.gradients(self.loss, variables)
        self.grad_norm = tf.global_norm(grads)
        optimizer = tf.train.MomentumOptimizer(0.05, 0.9, use_locking=True, use_nesterov=True)
        self.global_step = tf.Variable(0, dtype=tf.int32, trainable=False, name="global_step")
        self.train_op = optimizer.apply_gradients(zip(grads, variables, strict=True), global_step=self.global_step)
        """@nni.training_update(loss=self.loss)"""
        valid = self.model(self.images, is_training=False, reuse=True)
        hits = tf.equal(tf.to_int32(tf.argmax(valid, axis=1)), self.labels)
        self.accuracy = tf.reduce_mean(tf.to_float(hits))


def main(_):
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=30)
    steps = parser.parse_args().steps
    images, labels = load_digits(return_X_y=True)
    images = (images[:256].reshape([-1, 8, 8, 1]) / 16).astype(np.float32)
    with tf.Graph().as_default():
        tf.set_random_seed(0)
        child = Child(images, labels[:256])
        child.build()
        sess = tf.train.SingularMonitoredSession()
    losses = []
    for _ in range(steps):
        """@nni.training_update(tf, sess, child.loss)"""
        loss, norm, _ = sess.run([child.loss, child.grad_norm, child.train_op])
        assert np.isfinite(norm)
        losses.append(loss)
        """@nni.report_intermediate_result(loss)"""
    accuracy = float(sess.run(child.accuracy))
    """@nni.report_final_result(accuracy)"""
    assert np.mean(losses[-10:]) < 0.9 * np.mean(losses[:10]), losses
    print("trained", accuracy)


if __name__ == "__main__":
    tf.app.run()
