"""Two annotations on one line, also where the first ends and the second begins in mid-line."""
def build(x):
    """@nni.mutable_layer(layer_choice=[conv()], layer_output=a)"""; """@nni.mutable_layer(layer_choice=[conv()], layer_output=b)"""
    """@nni.mutable_layer(
        layer_choice=[conv()],
        layer_output=c)"""; """@nni.mutable_layer(
        layer_choice=[pool()],
        fixed_inputs=[c],
        layer_output=d)"""
    """@nni.get_next_parameter()"""; """@nni.report_final_result(d)"""
    return a, b, c, d
from layers import conv, pool
