from nascompile_runtime.graph import darts as _nascompile; import tensorflow as tf

with tf.Graph().as_default(), tf.variable_scope("net"):
    h = _nascompile.weighted_sum("input", "h", layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)])
    with tf.Session() as session:
        _nascompile.get_next_parameter(session)
        _nascompile.training_update(session=session)
        session.run(h)
from layers import conv
