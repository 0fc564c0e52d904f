"""Handwritten digits: a trial in plain TensorFlow, with seven undecided layers.

As it stands, `python trial.py` trains one sensible network. The annotations, which plain Python takes for comments and
strings, say what else it could be; `nascompile` turns them into code.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("NASCOMPILE_CONFIG", '{"drop_candidates": true}')  # oneshot is to rank architectures at the end

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.logging.set_verbosity(tf.logging.ERROR)
tf.disable_v2_behavior()


def merge(inputs):
    """The sum of a layer's inputs, fixed and optional: either group is a list, and may be empty.

    Each image of it is standardised, so that a layer gets on with whatever was chosen before it.
    """
    fixed, optional = inputs
    x = tf.reduce_sum(fixed, axis=0) + tf.reduce_sum(optional, axis=0)
    mean, variance = tf.nn.moments(x, axes=[1, 2, 3], keepdims=True)
    return (x - mean) * tf.rsqrt(variance + 1e-3)


def relu_conv(x, size, ch, stride=1):
    shape = [size, size, x.get_shape().as_list()[-1], ch]
    weights = tf.Variable(tf.truncated_normal(shape, stddev=np.sqrt(2 / np.prod(shape[:3]))), name="weights")
    bias = tf.Variable(tf.zeros([ch]), name="bias")
    return tf.nn.relu(tf.nn.conv2d(x, weights, strides=stride, padding="SAME") + bias)


def conv(inputs, size, ch, stride=1):
    return relu_conv(merge(inputs), size, ch, stride)


def residual_conv(inputs, size, ch):
    x = merge(inputs)
    return x + relu_conv(x, size, ch)


def separable_conv(inputs, size, ch):
    x = merge(inputs)
    depthwise = tf.get_variable("depthwise", [size, size, ch, 1])
    pointwise = tf.get_variable("pointwise", [1, 1, ch, ch])
    bias = tf.get_variable("bias", [ch], initializer=tf.zeros_initializer())
    return x + tf.nn.relu(tf.nn.separable_conv2d(x, depthwise, pointwise, [1, 1, 1, 1], "SAME") + bias)


def max_pool(inputs, stride):
    return tf.nn.max_pool2d(merge(inputs), ksize=2, strides=stride, padding="SAME")


def avg_pool(inputs, stride):
    return tf.nn.avg_pool2d(merge(inputs), ksize=2, strides=stride, padding="SAME")


def identity(inputs):
    return merge(inputs)


class Net:
    """Three layers on 8x8 images, a step down to 4x4, up to three more layers, and a linear classifier."""

    def __init__(self, ch, learning_rate):
        self.images = tf.placeholder(tf.float32, [None, 8, 8, 1], name="images")
        self.labels = tf.placeholder(tf.int64, [None], name="labels")
        logits = self.build(self.images, ch)
        self.loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.labels, logits=logits), name="loss"
        )
        self.train_step = tf.train.AdamOptimizer(learning_rate).minimize(self.loss)
        self.accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), self.labels), tf.float32))

    def build(self, images, ch):
        # @nni.mutable_layer(layer_choice=[conv(size=1, ch=ch), conv(size=3, ch=ch), conv(size=5, ch=ch)],
        #                    fixed_inputs=[images])
        stem = conv([[images], []], size=3, ch=ch)

        # @nni.mutable_layer(layer_choice=[identity(), residual_conv(size=3, ch=ch), separable_conv(size=3, ch=ch),
        #                                  max_pool(stride=1)],
        #                    fixed_inputs=[stem])
        early = residual_conv([[stem], []], size=3, ch=ch)

        # @nni.mutable_layer(layer_choice=[identity(), residual_conv(size=3, ch=ch), separable_conv(size=5, ch=ch),
        #                                  avg_pool(stride=1)],
        #                    fixed_inputs=[early])
        late = residual_conv([[early], []], size=3, ch=ch)

        # @nni.mutable_layer(layer_choice=[max_pool(stride=2), avg_pool(stride=2), conv(size=3, ch=ch, stride=2)],
        #                    fixed_inputs=[late], optional_inputs=[stem, early], optional_input_size=1)
        down = max_pool([[late], [stem]], stride=2)

        features = down  # plain Python leaves it at that, for it takes what follows for a string
        """@nni.mutable_layers(
            {
                layer_choice: [identity(), residual_conv(size=3, ch=ch), separable_conv(size=3, ch=ch)],
                fixed_inputs: [down],
                layer_output: first
            },
            {
                layer_choice: [identity(), residual_conv(size=3, ch=ch), separable_conv(size=3, ch=ch)],
                fixed_inputs: [first],
                layer_output: second
            },
            {
                layer_choice: [identity(), residual_conv(size=1, ch=ch), residual_conv(size=3, ch=ch)],
                fixed_inputs: [second],
                optional_inputs: [down, first],
                optional_input_size: [0, 2],
                layer_output: features
            }
        )"""
        with tf.variable_scope("classifier"):
            weights = tf.get_variable("weights", [4 * 4 * ch, 10])
            bias = tf.get_variable("bias", [10], initializer=tf.zeros_initializer())
            return tf.matmul(tf.reshape(features, [-1, 4 * 4 * ch]), weights) + bias

    def score(self, session, images, labels):
        # @nni.begin_evaluation(session)
        accuracy = session.run(self.accuracy, {self.images: images, self.labels: labels})
        # @nni.end_evaluation(session)
        return accuracy  # noqa: RET504 (the annotation stands between)


def load_splits(seed):
    """Training, validation and test images with their labels: three fifths, one fifth, one fifth of every digit."""
    digits = load_digits()
    images = (digits.images[..., np.newaxis] / 16).astype(np.float32)
    rest, test, rest_labels, test_labels = train_test_split(
        images, digits.target, test_size=0.2, stratify=digits.target, random_state=seed
    )
    train, valid, train_labels, valid_labels = train_test_split(
        rest, rest_labels, test_size=0.25, stratify=rest_labels, random_state=seed
    )
    return (train, train_labels), (valid, valid_labels), (test, test_labels)


def batches(images, labels, size, seed):
    """Batches without end, shuffled anew in every epoch."""
    rng = np.random.RandomState(seed)
    while True:
        order = rng.permutation(len(images))
        for start in range(0, max(1, len(images) - size + 1), size):
            chosen = order[start : start + size]
            yield images[chosen], labels[chosen]


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch_size", type=int, default=64)
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--learning_rate", type=float, default=0.004)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", metavar="PATH", help="save the weights there at the end")
    parser.add_argument("--restore", metavar="PATH", help="start from the weights saved there")
    args = parser.parse_args(argv)

    tf.set_random_seed(args.seed)
    train, valid, test = load_splits(args.seed)
    train_batches = batches(*train, args.batch_size, args.seed)
    valid_batches = batches(*valid, args.batch_size, args.seed)

    """@nni.get_next_parameter()"""
    net = Net(args.channels, args.learning_rate)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        if args.restore:
            tf.train.Saver().restore(session, args.restore)
        for step in range(1, args.steps + 1):
            images, labels = next(train_batches)
            feed = {net.images: images, net.labels: labels}
            images, labels = next(valid_batches)
            valid_feed = {net.images: images, net.labels: labels}  # noqa: F841 (an annotation uses it)
            """@nni.training_update(tf=tf, session=session, loss=net.loss, feed_dict=valid_feed,
                                    train_feed_dict=feed)"""
            loss, _ = session.run([net.loss, net.train_step], feed)
            # A batch of validation images tells a weight-sharing search how good this step's architecture is.
            """@nni.report_final_result(net.score(session, images, labels))"""
            if step % 100 == 0:
                """@nni.report_intermediate_result(net.score(session, *valid))"""
                print(f"step {step:4}  loss {loss:.3f}  test accuracy {net.score(session, *test):.3f}", flush=True)
        # What counts of a classic trial is its last report: all of the validation images.
        """@nni.report_final_result(net.score(session, *valid))"""
        if args.save:
            tf.train.Saver().save(session, args.save)
        # A search ends with the best of 100 architectures, scored by those images with the weights that all share.
        """@nni.derive(session=session, metric=net.accuracy, samples=100,
                       feed_dict={net.images: valid[0], net.labels: valid[1]})"""
        print(f"final validation accuracy {net.score(session, *valid):.6f}")
        print(f"final test accuracy {net.score(session, *test):.3f}")


if __name__ == "__main__":
    main()
