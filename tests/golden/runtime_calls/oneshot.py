"""Requests, updates, reports and marks with every form of arguments."""; from nascompile_runtime.graph import oneshot as _nascompile
import tensorflow as tf

_nascompile.get_next_parameter()
session, loss, feed = tf.Session(), "loss", {"x": 1}
_nascompile.get_next_parameter(session)
_nascompile.get_next_parameter(session)
_nascompile.training_update()
_nascompile.training_update(tf=tf)
_nascompile.training_update(tf=tf, session=session, loss=loss, feed_dict={'x': 1})
_nascompile.training_update(tf=tf, session=session, loss=loss, feed_dict=feed)
_nascompile.training_update(session=session, loss=loss, feed_dict=feed, train_feed_dict={'x': 2})
_nascompile.training_update(
    feed_dict={'x': 1, **feed},
    session=session)

_nascompile.report_intermediate_result(0.5)
_nascompile.report_intermediate_result({'default': loss, 'steps': 3})
_nascompile.report_final_result(
    max(loss, key=len))

_nascompile.report_final_result(loss)
_nascompile.begin_evaluation(session)
_nascompile.end_evaluation(session)
