"""A trial as one wrote it in 2019 for TensorFlow 1 and NNI, with layers, variables and a function choice."""

import argparse

import nni
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits


def weights(shape):
    return tf.Variable(tf.truncated_normal(shape, stddev=0.1))


def dense(inputs, units):
    x = inputs[0][0]
    return tf.nn.relu(tf.matmul(x, weights([x.get_shape()[1].value, units])))


def linear(inputs, units):
    x = inputs[0][0]
    return tf.matmul(x, weights([x.get_shape()[1].value, units]))


class Network:
    def __init__(self, hidden_size=32, learning_rate=0.1):
        """@nni.variable(nni.choice(16, 32), name=self.hidden_size)"""
        self.hidden_size = hidden_size
        """@nni.variable(nni.loguniform(0.1, 0.5), name=self.learning_rate)"""
        self.learning_rate = learning_rate

    def build(self):
        self.images = tf.placeholder(tf.float32, [None, 64])
        self.labels = tf.placeholder(tf.int32, [None])
        """@nni.function_choice(tf.nn.l2_normalize(self.images, 1), tf.identity(self.images), name=tf.identity)"""
        hidden = tf.identity(self.images)
        """@nni.mutable_layers({
            layer_choice: [dense(self.hidden_size), linear(units=self.hidden_size)],
            fixed_inputs: [hidden],
            layer_output: hidden
        })"""
        with tf.variable_scope("logits"):
            kernel = tf.get_variable("kernel", [hidden.get_shape()[1].value, 10])
        logits = tf.matmul(hidden, kernel)
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.labels, logits=logits))
        self.train = tf.train.GradientDescentOptimizer(self.learning_rate).minimize(self.loss)
        hits = tf.equal(tf.argmax(logits, 1, output_type=tf.int32), self.labels)
        self.accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))


def main(params):
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32)
    network = Network()
    network.build()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {network.images: images, network.labels: labels}
        losses = []
        for _ in range(params["steps"]):
            """@nni.training_update(tf=tf, session=sess, loss=network.loss, feed_dict=feed)"""
            losses.append(sess.run([network.loss, network.train], feed)[0])
            """@nni.report_intermediate_result(losses[-1])"""
        accuracy = sess.run(network.accuracy, feed)
        """@nni.report_final_result(float(accuracy))"""
    assert losses[-1] < losses[0], (losses[0], losses[-1])
    print("trained", nni.get_trial_id(), accuracy)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=30)
    """@nni.get_next_parameter()"""
    params = vars(parser.parse_args())
    params.update(nni.get_next_parameter() or {})
    main(params)
