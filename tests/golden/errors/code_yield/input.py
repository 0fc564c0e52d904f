"""A trial."""
"""@nni.report_final_result((yield))"""


class Net:
    """@nni.mutable_layer(layer_choice=[conv((yield))], layer_output=h)"""
