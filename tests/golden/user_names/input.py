"""The user's own variables may be called like anything of ours."""
import nni
import tensorflow

_nascompile = nni.get_next_parameter()
tf, _nascompile_2 = _nascompile["tf"], 2


def build(nni, x, candidate, tf):
    """@nni.mutable_layer(layer_choice=[nni(tf), tf.conv(nni=nni), candidate(candidate)], fixed_inputs=[_nascompile], layer_output=tf)"""
    """@nni.report_final_result(nni)"""
    return tf
