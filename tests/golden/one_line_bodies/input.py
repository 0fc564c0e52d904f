"""Bodies on the line of their header. Nothing that needs a line of its own fits there."""
def build(x): """@nni.mutable_layer(layer_choice=[conv(size=1), conv(size=3)], fixed_inputs=[x], layer_output=h)"""; return h
def report(x): """@nni.report_final_result(x)"""
class Net: """@nni.mutable_layer(
    layer_choice=[conv(size=1)], layer_output=h)"""
if build(1): """@nni.report_intermediate_result(1)"""; """@nni.report_final_result(1)"""
else: """@nni.get_next_parameter()"""
for step in range(3): """@nni.training_update(
    loss=step)"""
from layers import conv
