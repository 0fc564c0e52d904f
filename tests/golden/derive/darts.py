"""Deriving: every form of arguments, and places where the annotation is all there is."""; from nascompile_runtime.graph import darts as _nascompile
import tensorflow.compat.v1 as tf


def score(session): return session
def conv(inputs, size): return inputs[0][0]


def build(x):
    h = _nascompile.weighted_sum("input/build", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)], fixed_inputs=[x])

    return h


session = tf.Session()
metric, valid, train = build(tf.zeros([2, 3])), [{}], lambda: iter([{}])
_nascompile.derive(metric=metric)
_nascompile.derive(session=session, metric=metric, feed_dict=valid[0])
_nascompile.derive(
    session=session,
    metric={'default': metric, 'loss': -metric},
    feed_dict=[{}, *valid],
    samples=500, top=20,
    output='best.json',
    recalibrate=train)

if session:
    _nascompile.derive(session=session, metric=lambda session, feed: score(session, **feed), feed_dict=train,
        samples=len(valid))
else: _nascompile.derive(session=session, metric=metric)
session.close(); _nascompile.derive(session=session,
    metric=metric); session = None
