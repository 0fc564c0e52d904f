"""The net of `search_quality.py`: handwritten digits, four undecided layers, 3 · 3 · (3 · 3) · 3 = 243 architectures.

It is small enough to be trained alone in a second, so that the truth about every architecture can be computed, and it
ends in a mean over the image, so that only layers that look beyond one pixel tell one digit from another.
"""

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def merge(inputs):
    """The sum of a layer's inputs, normalised by the statistics of the batch, in training as in evaluation."""
    fixed, optional = inputs
    x = tf.reduce_sum(fixed, axis=0) + tf.reduce_sum(optional, axis=0)
    mean, variance = tf.nn.moments(x, axes=[0, 1, 2], keepdims=True)
    return (x - mean) * tf.rsqrt(variance + 1e-3)


def relu_conv(x, size, ch, stride=1):
    shape = [size, size, x.get_shape().as_list()[-1], ch]
    filters = tf.Variable(tf.truncated_normal(shape, stddev=np.sqrt(2 / np.prod(shape[:3]))), name="filters")
    bias = tf.Variable(tf.zeros([ch]), name="bias")
    return tf.nn.relu(tf.nn.conv2d(x, filters, strides=stride, padding="SAME") + bias)


def conv(inputs, size, ch, stride=1):
    return relu_conv(merge(inputs), size, ch, stride)


def residual_conv(inputs, size, ch):
    x = merge(inputs)
    return x + relu_conv(x, size, ch)


def max_pool(inputs):
    return tf.nn.max_pool2d(merge(inputs), ksize=2, strides=2, padding="SAME")


def avg_pool(inputs):
    return tf.nn.avg_pool2d(merge(inputs), ksize=2, strides=2, padding="SAME")


def identity(inputs):
    return merge(inputs)


class Net:
    """Two layers on 8x8 images, a step down to 4x4, another layer, and a linear classifier of the mean pixel."""

    def __init__(self, ch):
        self.images = tf.placeholder(tf.float32, [None, 8, 8, 1])
        self.labels = tf.placeholder(tf.int64, [None])
        self.learning_rate = tf.placeholder_with_default(0.0, [])
        features = tf.reduce_mean(self.build(self.images, ch), axis=[1, 2])
        weights = tf.Variable(tf.truncated_normal([ch, 10], stddev=np.sqrt(1 / ch)), name="weights")
        logits = tf.matmul(features, weights) + tf.Variable(tf.zeros([10]), name="bias")
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.labels, logits=logits))
        self.accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), self.labels), tf.float32))
        self.train_step = tf.train.AdamOptimizer(self.learning_rate).minimize(self.loss)

    def build(self, images, ch):
        # @nni.mutable_layer(layer_choice=[conv(size=1, ch=ch), conv(size=3, ch=ch), conv(size=5, ch=ch)],
        #                    fixed_inputs=[images])
        stem = conv([[images], []], size=3, ch=ch)

        # @nni.mutable_layer(layer_choice=[identity(), residual_conv(size=1, ch=ch), residual_conv(size=3, ch=ch)],
        #                    fixed_inputs=[stem])
        early = residual_conv([[stem], []], size=3, ch=ch)

        # @nni.mutable_layer(layer_choice=[max_pool(), avg_pool(), conv(size=3, ch=ch, stride=2)],
        #                    optional_inputs=[stem, early], optional_input_size=[1, 2])
        down = conv([[], [early]], size=3, ch=ch, stride=2)

        # @nni.mutable_layer(layer_choice=[identity(), residual_conv(size=1, ch=ch), residual_conv(size=3, ch=ch)],
        #                    fixed_inputs=[down])
        late = residual_conv([[down], []], size=3, ch=ch)
        return late  # noqa: RET504 (the annotation describes the assignment)

    def feed(self, images, labels, learning_rate=0.0):
        return {self.images: images, self.labels: labels, self.learning_rate: learning_rate}


def load_splits():
    """Training (600), validation (400) and test images (797) with their labels, the same ones in every run."""
    digits = load_digits()
    images = (digits.images[..., np.newaxis] / 16).astype(np.float32)
    rest, test, rest_labels, test_labels = train_test_split(
        images, digits.target, train_size=1000, stratify=digits.target, random_state=0
    )
    train, valid, train_labels, valid_labels = train_test_split(
        rest, rest_labels, train_size=600, stratify=rest_labels, random_state=0
    )
    return (train, train_labels), (valid, valid_labels), (test, test_labels)


def batches(images, labels, size, seed):
    """Batches without end, shuffled anew in every epoch."""
    rng = np.random.RandomState(seed)
    while True:
        order = rng.permutation(len(images))
        for start in range(0, len(images) - size + 1, size):
            chosen = order[start : start + size]
            yield images[chosen], labels[chosen]


def rates(steps, peak):
    """A learning rate for each step, from `peak` down to zero along half a cosine."""
    return peak * (1 + np.cos(np.pi * np.arange(steps) / steps)) / 2


def train(net, session, batches, steps, peak):
    """Train what is in the graph, as it is."""
    for rate in rates(steps, peak):
        session.run(net.train_step, net.feed(*next(batches), rate))


def search(net, session, batches, valid_batches, steps, peak):
    """Train the supernet; the loss that a mode's update gets, and the reward of a step, are of validation images."""
    for rate in rates(steps, peak):
        feed = net.feed(*next(valid_batches))  # noqa: F841 (annotations use it)
        """@nni.training_update(tf=tf, session=session, loss=net.loss, feed_dict=feed)"""
        session.run(net.train_step, net.feed(*next(batches), rate))
        """@nni.report_final_result(session.run(net.accuracy, feed))"""


def rank(net, session, valid, samples, output):
    """Rank architectures by their accuracy on all validation images, with the weights they share."""
    feed = net.feed(*valid)  # noqa: F841 (the annotation uses it)
    """@nni.derive(session=session, metric=net.accuracy, feed_dict=feed, samples=samples, top=samples, output=output)"""
