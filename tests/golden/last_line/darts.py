from nascompile_runtime.graph import darts as _nascompile; import tensorflow as tf

with tf.Session() as session:
    _nascompile.get_next_parameter(session)
    accuracy = session.run("accuracy")
_nascompile.report_final_result(
    accuracy)
