"""A macro search space as one wrote it in 2019 for TensorFlow 1 and NNI: towers, skip connections, batch norm."""

import argparse

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow.python.training import moving_averages


def create_weight(name, shape):
    return tf.get_variable(name, shape, initializer=tf.variance_scaling_initializer(scale=2.0))


def batch_norm(x, is_training, data_format, decay=0.9):
    shape = [x.get_shape()[3 if data_format == "NHWC" else 1]]
    with tf.variable_scope("bn", reuse=None if is_training else True):
        offset = tf.get_variable("offset", shape, initializer=tf.constant_initializer(0.0, dtype=tf.float32))
        scale = tf.get_variable("scale", shape, initializer=tf.constant_initializer(1.0, dtype=tf.float32))
        moving_mean = tf.get_variable("moving_mean", shape, trainable=False, initializer=tf.zeros_initializer())
        moving_variance = tf.get_variable("moving_variance", shape, trainable=False, initializer=tf.ones_initializer())
        if not is_training:
            return tf.nn.fused_batch_norm(
                x, scale, offset, moving_mean, moving_variance, data_format=data_format, is_training=False
            )[0]
        x, mean, variance = tf.nn.fused_batch_norm(x, scale, offset, data_format=data_format, is_training=True)
        update_mean = moving_averages.assign_moving_average(moving_mean, mean, decay)
        update_variance = moving_averages.assign_moving_average(moving_variance, variance, decay)
        with tf.control_dependencies([update_mean, update_variance]):
            return tf.identity(x)


class Child:
    def __init__(self, images, labels, out_filters=8, l2_reg=1e-4, lr_init=0.05, data_format="NHWC", name="child"):
        self.out_filters = out_filters
        self.l2_reg = l2_reg
        self.lr_init = lr_init
        self.data_format = data_format
        self.name = name
        self.images = tf.constant(images)
        self.labels = tf.constant(labels, tf.int32)

    def conv_op(self, x, size, is_training, separable=False):
        channels = x.get_shape()[3].value
        with tf.variable_scope(f"out_conv_{size}"):
            if separable:
                w_depth = create_weight("w_depth", [size, size, channels, 1])
                w_point = create_weight("w_point", [1, 1, channels, self.out_filters])
                x = tf.nn.separable_conv2d(x, w_depth, w_point, strides=[1, 1, 1, 1], padding="SAME")
            else:
                w = create_weight("w", [size, size, channels, self.out_filters])
                x = tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME", data_format=self.data_format)
            return tf.nn.relu(batch_norm(x, is_training, self.data_format))

    def pool_op(self, x, is_training, avg_or_max):
        x = self.conv_op(x, 1, is_training)
        pool = {"avg": tf.nn.avg_pool, "max": tf.nn.max_pool}[avg_or_max]
        return pool(x, [1, 3, 3, 1], [1, 1, 1, 1], "SAME", data_format=self.data_format)

    def halve(self, x):
        return tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME", data_format=self.data_format)

    def model(self, images, is_training, reuse=False):
        with tf.variable_scope(self.name, reuse=reuse):
            with tf.variable_scope("stem_conv"):
                x = self.conv_op(images, 3, is_training)

            def skip(out, optional_inputs):
                with tf.variable_scope("skip"):
                    return batch_norm(out + tf.reduce_sum(optional_inputs, axis=0), is_training, self.data_format)

            def conv3(inputs):
                return skip(self.conv_op(inputs[0][0], 3, is_training), inputs[1])

            def conv3_sep(inputs):
                return skip(self.conv_op(inputs[0][0], 3, is_training, separable=True), inputs[1])

            def avg_pool(inputs):
                return skip(self.pool_op(inputs[0][0], is_training, "avg"), inputs[1])

            def max_pool(inputs):
                return skip(self.pool_op(inputs[0][0], is_training, "max"), inputs[1])

            """@nni.mutable_layers(
            {
                layer_choice: [conv3(), conv3_sep(), avg_pool(), max_pool()],
                fixed_inputs:[x],
                layer_output: layer_0_out
            },
            {
                layer_choice: [conv3(), conv3_sep(), avg_pool(), max_pool()],
                fixed_inputs:[layer_0_out],
                optional_inputs: [x, layer_0_out],
                optional_input_size: [0, 2],
                layer_output: layer_1_out
            }
            )"""
            layer_0_out, layer_1_out = [self.halve(layer) for layer in [layer_0_out, layer_1_out]]  # noqa: F821, RUF059
            """@nni.mutable_layers(
            {
                layer_choice: [conv3(), conv3_sep(), avg_pool(), max_pool()],
                fixed_inputs: [layer_1_out],
                optional_inputs: [layer_0_out, layer_1_out],
                optional_input_size: [0, 1],
                layer_output: layer_2_out
            }
            )"""
            x = tf.reduce_mean(layer_2_out, [1, 2] if self.data_format == "NHWC" else [2, 3])  # noqa: F821
            with tf.variable_scope("fc"):
                return tf.matmul(x, create_weight("w", [x.get_shape()[1].value, 10]))

    def build_model(self):
        logits = self.model(self.images, is_training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=self.labels)
        self.loss = tf.reduce_mean(losses)
        self.train_acc = self.accuracy(logits)
        variables = tf.trainable_variables()
        l2_losses = [tf.reduce_sum(variable**2) for variable in variables]
        self.global_step = tf.train.get_or_create_global_step()
        self.lr = tf.train.exponential_decay(self.lr_init, self.global_step, 50, 0.9, staircase=True)
        grads = tf.gradients(self.loss + self.l2_reg * tf.add_n(l2_losses), variables)
        grads, self.grad_norm = tf.clip_by_global_norm(grads, 5.0)
        optimizer = tf.train.MomentumOptimizer(self.lr, 0.9, use_nesterov=True)
        self.train_op = optimizer.apply_gradients(zip(grads, variables, strict=True), global_step=self.global_step)
        """@nni.training_update(loss=self.loss)"""
        valid = self.model(self.images, is_training=False, reuse=True)
        self.valid_acc = self.accuracy(valid)

    def accuracy(self, logits):
        return tf.reduce_mean(tf.to_float(tf.equal(tf.to_int32(tf.argmax(logits, axis=1)), self.labels)))


class Trial:
    def __init__(self):
        images, labels = load_digits(return_X_y=True)
        images = (images[:256].reshape([-1, 8, 8, 1]) / 16).astype(np.float32)
        with tf.Graph().as_default():
            tf.set_random_seed(0)
            self.child_model = Child(images, labels[:256])
            self.child_model.build_model()
            self.sess = tf.train.SingularMonitoredSession()

    def run(self, steps):
        child = self.child_model
        losses, hits = [], []
        while True:
            """@nni.training_update(tf, self.sess, child.loss)"""
            ops = [child.loss, child.train_acc, child.lr, child.grad_norm, child.train_op]
            loss, train_acc, lr, grad_norm, _ = self.sess.run(ops)
            losses.append(loss)
            hits.append(train_acc)
            global_step = self.sess.run(child.global_step)
            if global_step % 10 == 0:
                acc = float(self.sess.run(child.valid_acc))
                print(f"step {global_step} loss {loss:.4f} lr {lr:.4f} |g| {grad_norm:.4f}")
                """@nni.report_intermediate_result(acc)"""
            if global_step >= steps:
                """@nni.report_final_result(acc)"""
                break
        assert np.mean(losses[-10:]) < 0.9 * np.mean(losses[:10]), losses
        # By the statistics of the batch: moving averages are those of all architectures that were trained of late.
        assert np.mean(hits[-10:]) > 0.2, hits  # a guess has 0.1
        print("trained", acc, np.mean(hits[-10:]))


def main(_):
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=30)
    Trial().run(parser.parse_args().steps)


if __name__ == "__main__":
    tf.app.run()
