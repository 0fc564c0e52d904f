"""The user's own variables may be called like anything of ours."""; from nascompile_runtime.graph import oneshot as _nascompile_3
import nni
import tensorflow

_nascompile = nni.get_next_parameter()
tf, _nascompile_2 = _nascompile["tf"], 2


def build(nni, x, candidate, tf):
    tf = _nascompile_3.dropout_sum("input/build", "tf", layer_choice=[_nascompile_3.candidate("nni(tf)", "tf/nni_tf", nni, tf), _nascompile_3.candidate("tf.conv(nni=nni)", "tf/tf_conv_nni_nni", tf.conv, nni=nni), _nascompile_3.candidate("candidate(candidate)", "tf/candidate_candidate", candidate, candidate)], fixed_inputs=[_nascompile])
    _nascompile_3.report_final_result(nni)
    return tf
