import tensorflow as tf

with tf.Session() as session:
    """@nni.get_next_parameter(session)"""
    accuracy = session.run("accuracy")
"""@nni.report_final_result(
    accuracy)"""
