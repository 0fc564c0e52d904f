"""Requests, updates, reports and marks with every form of arguments."""
import tensorflow as tf

"""@nni.get_next_parameter()"""
session, loss, feed = tf.Session(), "loss", {"x": 1}
"""@nni.get_next_parameter(session)"""
"""@nni.get_next_parameter(session=session)"""
"""@nni.training_update()"""
"""@nni.training_update(tf)"""
"""@nni.training_update(tf, session, loss, {"x": 1})"""
"""@nni.training_update(tf=tf, session=session, loss=loss, feed_dict=feed)"""
"""@nni.training_update(session=session, loss=loss, feed_dict=feed, train_feed_dict={"x": 2})"""
"""@nni.training_update(
    feed_dict={"x": 1, **feed},
    session=session
)"""
"""@nni.report_intermediate_result(0.5)"""
"""@nni.report_intermediate_result(metric={"default": loss, "steps": 3})"""
"""@nni.report_final_result(
    max(loss,
        key=len))"""
"""@nni.report_final_result(loss,)"""
"""@nni.begin_evaluation(session)"""
# @nni.end_evaluation(session=session)
