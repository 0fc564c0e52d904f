"""Every kind of string that may carry an annotation."""


def build(x):
    '@nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=a)'
    "@nni.report_intermediate_result({'default': a, \"other\": 1})"
    '''@nni.report_intermediate_result("it's")'''
    r"""@nni.report_intermediate_result("\d\n")"""
    R'@nni.report_intermediate_result("\x41")'
    u"@nni.get_next_parameter()"
    "@nni.report_intermediate_result('\x41\N{LATIN SMALL LETTER A}\u00e9\\t')"
    "@nni.mutable_layer(" "layer_choice=[conv(), pool()], " 'fixed_inputs=[a], layer_output=b)'
    "@nni.report_intermediate_result(" \
        '"continued"' \
        ')'
    ("@nni.mutable_layer("  # a comment in between
        r"layer_choice=[conv(path='C:\d'),"
        "pool()], fixed_inputs=[b],"
        " layer_output=c)")
    ("""@nni.report_final_result(c)""")
    (
        "@nni.get_next_parameter()"
    )
    (("""@nni.get_next_parameter()""")); ("@nni.get_next_parameter("
        ")")
    "@nni.mutable_layer(layer_choice=[conv(), \
pool()], fixed_inputs=[c], layer_output=d)"
    "@nni.mutable_layer(\n    layer_choice=[conv()],\n    layer_output=e)"
    """@nni.training_update(
        # comments inside of an annotation
        loss=d)  # are no part of it
    """
    return a
from layers import conv, pool
