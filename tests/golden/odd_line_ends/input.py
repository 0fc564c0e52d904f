"""Form feeds, vertical tabs, U+0085 and U+2028 end no line of Python."""
import tensorflow as tf

title = "one twothreefour"
def build(x):
    """@nni.mutable_layer(
        layer_choice=[conv("a b"), pool()],
        fixed_inputs=[x], layer_output=h)"""
    label = " "; """@nni.report_intermediate_result(
        h)"""; label = ""  #   and so on
    # @nni.mutable_layer(layer_choice=[conv(" "),
     #pool()], fixed_inputs=[h])
    out = pool(" ")
    # @nni.report_final_result(out)
    return out
from layers import conv, pool
