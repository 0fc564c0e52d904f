"""The user's own variables may be called like anything of ours."""
import nni
import tensorflow

_nascompile = nni.get_next_parameter()
tf, _nascompile_2 = _nascompile["tf"], 2


def build(nni, x, candidate, tf):
    with tensorflow.compat.v1.variable_scope(None, "tf/nni_tf"): tf = nni([[_nascompile], []], tf)

    return tf
