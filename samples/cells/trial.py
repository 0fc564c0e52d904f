"""Noise off photographs: a net of repeated cells, whose three nodes are undecided.

As it stands, `python trial.py` trains one sensible network. The annotations, which plain Python takes for comments and
strings, say what else a cell could be; `nascompile` turns them into code.
"""

import argparse
import os
from importlib.resources import files

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("NASCOMPILE_CONFIG", '{"drop_candidates": true}')  # oneshot is to rank architectures at the end

import numpy as np
import tensorflow.compat.v1 as tf

tf.logging.set_verbosity(tf.logging.ERROR)
tf.disable_v2_behavior()

NOISE = 25 / 255  # its standard deviation, in units of the full range of brightness


def merge(inputs):
    """The sum of a node's inputs; each image of it is standardised, so that a node gets on with whatever was chosen."""
    fixed, optional = inputs
    x = tf.reduce_sum(fixed, axis=0) + tf.reduce_sum(optional, axis=0)
    mean, variance = tf.nn.moments(x, axes=[1, 2, 3], keepdims=True)
    return (x - mean) * tf.rsqrt(variance + 1e-3)


def new_filters(shape, fan_in, name):
    return tf.Variable(tf.truncated_normal(shape, stddev=np.sqrt(2 / fan_in)), name=name)


def linear_conv(x, size, ch):
    channels = x.get_shape().as_list()[-1]
    filters = new_filters([size, size, channels, ch], size * size * channels, name="filters")
    bias = tf.Variable(tf.zeros([ch]), name="bias")
    return tf.nn.conv2d(x, filters, strides=1, padding="SAME") + bias


def conv(inputs, size, ch):
    return tf.nn.relu(linear_conv(merge(inputs), size, ch))


def separable_conv(inputs, size, ch):
    depthwise = new_filters([size, size, ch, 1], size * size, name="depthwise")
    x = tf.nn.depthwise_conv2d(merge(inputs), depthwise, [1, 1, 1, 1], "SAME")
    return tf.nn.relu(linear_conv(x, 1, ch))


def blur(inputs, size):
    return tf.nn.avg_pool2d(merge(inputs), ksize=size, strides=1, padding="SAME")


def identity(inputs):
    return merge(inputs)


def cell(before, last, ch):
    """Three nodes, each of which takes two of what is there already: the outputs of two cells, and the nodes above it.

    Every cell of the net comes through here, and the same annotation is the same choice: all cells are alike.
    """
    # @nni.mutable_layer(layer_choice=[identity(), blur(size=3), conv(size=1, ch=ch), conv(size=3, ch=ch),
    #                                  separable_conv(size=5, ch=ch)],
    #                    optional_inputs=[before, last], optional_input_size=2)
    first = conv([[], [before, last]], size=3, ch=ch)

    # @nni.mutable_layer(layer_choice=[identity(), blur(size=3), conv(size=1, ch=ch), conv(size=3, ch=ch),
    #                                  separable_conv(size=5, ch=ch)],
    #                    optional_inputs=[before, last, first], optional_input_size=2)
    second = conv([[], [last, first]], size=3, ch=ch)

    # @nni.mutable_layer(layer_choice=[identity(), blur(size=3), conv(size=1, ch=ch), conv(size=3, ch=ch),
    #                                  separable_conv(size=5, ch=ch)],
    #                    optional_inputs=[before, last, first, second], optional_input_size=2)
    third = conv([[], [before, second]], size=3, ch=ch)
    return (first + second + third) / 3


class Net:
    """A convolution, some cells in a row, and a convolution that gives the noise, which is then taken away."""

    def __init__(self, ch, cells, learning_rate):
        self.noisy = tf.placeholder(tf.float32, [None, None, None, 3], name="noisy")
        self.clean = tf.placeholder(tf.float32, [None, None, None, 3], name="clean")
        restored = self.noisy - self.build(self.noisy, ch, cells)
        self.loss = tf.reduce_mean(tf.square(restored - self.clean), name="loss")
        self.train_step = tf.train.AdamOptimizer(learning_rate).minimize(self.loss)
        # The peak signal-to-noise ratio in decibels: how much of the error is gone, on the ear's and eye's scale.
        self.psnr = -10 * tf.math.log(self.loss) / np.log(10)

    def build(self, images, ch, cells):
        with tf.variable_scope("stem"):
            before = last = linear_conv(images, 3, ch)
        for number in range(cells):
            with tf.variable_scope(f"cell{number}"):
                before, last = last, cell(before, last, ch)
        with tf.variable_scope("noise"):
            return NOISE * linear_conv(last, 3, 3)

    def feed(self, pair):
        noisy, clean = pair
        return {self.noisy: noisy, self.clean: clean}

    def score(self, session, pair):
        return session.run(self.psnr, self.feed(pair))


def load_photographs():
    """The two photographs that scikit-learn ships, `[2, 427, 640, 3]`, brightness from -0.5 to 0.5."""
    with tf.Graph().as_default(), tf.Session() as session:
        names = ("china.jpg", "flower.jpg")
        jpegs = [tf.io.decode_jpeg((files("sklearn.datasets.images") / name).read_bytes()) for name in names]
        return np.float32(session.run(jpegs)) / 255 - 0.5


def with_noise(clean, rng):
    """A pair of images, noisy and clean."""
    return clean + rng.normal(scale=NOISE, size=clean.shape).astype(np.float32), clean


def batches(photographs, batch, size, seed):
    """Pairs of square cuttings without end, each from anywhere in the photographs and with noise of its own."""
    rng = np.random.RandomState(seed)
    count, height, width, _ = photographs.shape
    while True:
        corners = rng.randint([count, height - size + 1, width - size + 1], size=[batch, 3])
        yield with_noise(np.stack([photographs[n, y : y + size, x : x + size] for n, y, x in corners]), rng)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--patch_size", type=int, default=32)
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--cells", type=int, default=3)
    parser.add_argument("--learning_rate", type=float, default=0.004)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", metavar="PATH", help="save the weights there at the end")
    parser.add_argument("--restore", metavar="PATH", help="start from the weights saved there")
    args = parser.parse_args(argv)

    tf.set_random_seed(args.seed)
    # Three fifths of the photographs, from the left, are for training, one is for validation, and the last for tests.
    photographs, rng = load_photographs(), np.random.RandomState(args.seed)
    train, valid, test = np.split(photographs, [384, 512], axis=2)
    valid, test = with_noise(valid, rng), with_noise(test, rng)
    train_batches = batches(train, args.batch_size, args.patch_size, args.seed)
    valid_batches = batches(valid[1], args.batch_size, args.patch_size, args.seed)  # noqa: F841 (annotations use it)

    """@nni.get_next_parameter()"""
    net = Net(args.channels, args.cells, args.learning_rate)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        if args.restore:
            tf.train.Saver().restore(session, args.restore)
        for step in range(1, args.steps + 1):
            feed = net.feed(next(train_batches))
            """@nni.training_update(tf=tf, session=session, loss=net.loss, feed_dict=net.feed(next(valid_batches)),
                                    train_feed_dict=feed)"""
            loss, _ = session.run([net.loss, net.train_step], feed)
            """@nni.report_final_result(net.score(session, next(valid_batches)))"""
            if step % 100 == 0:
                print(f"step {step:4}  loss {loss:.5f}  test PSNR {net.score(session, test):.2f} dB", flush=True)
        """@nni.report_final_result(net.score(session, valid))"""
        if args.save:
            tf.train.Saver().save(session, args.save)
        # A search ends with the best of 50 architectures, scored with the weights that all share.
        """@nni.derive(session=session, metric=net.psnr, feed_dict=net.feed(valid), samples=50)"""
        print(f"final validation PSNR {net.score(session, valid):.4f} dB")
        print(f"final test PSNR {net.score(session, test):.2f} dB, of noise alone {-20 * np.log10(NOISE):.2f} dB")


if __name__ == "__main__":
    main()
