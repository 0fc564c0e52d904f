"""Deriving: every form of arguments, and places where the annotation is all there is."""
import tensorflow.compat.v1 as tf


def score(session): return session
def conv(inputs, size): return inputs[0][0]


def build(x):
    # @nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x])
    h = conv([[x], []], size=1)
    return h


session = tf.Session()
metric, valid, train = build(tf.zeros([2, 3])), [{}], lambda: iter([{}])
"""@nni.derive(metric=metric)"""
"""@nni.derive(session, metric, valid[0])"""
# @nni.derive(
#     session=session,
#     metric={"default": metric, "loss": -metric},  # the first one counts
#     feed_dict=[{}, *valid],
#     samples=500, top=20,
#     output="best.json",
#     recalibrate=train
# )
if session:
    """@nni.derive(session=session, metric=lambda session, feed: score(session, **feed), feed_dict=train,
                   samples=len(valid))"""
else: """@nni.derive(session=session, metric=metric)"""
session.close(); """@nni.derive(session=session,
    metric=metric)"""; session = None
