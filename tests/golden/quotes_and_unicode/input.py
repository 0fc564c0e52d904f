"""Arguments that are awkward to quote: in names, in scopes and in code they stay what they are."""
import tensorflow as tf

kind = "weiß"
r"""@nni.mutable_layer(
    layer_choice=[conv('a "quoted" word'),
                  conv("it's"),
                  conv('\'"'),
                  conv('both \' and "'),
                  conv("back\\slash"),
                  conv("tab\t, newline\n, null\0, literal	tab"),
                  conv("{braces} %s {}"),
                  conv('日本語', größe="ß"),
                  conv('日本'),
                  conv("😀"),
                  conv("\ud800"),
                  conv(b"bytes\x00"),
                  conv(f"{kind}!{{}}\n"),
                  conv(''),
                  conv("x" "y"),
                  conv("/slash/")],
    optional_inputs=[x["key"], x['other'], x.größe],
    optional_input_size=1,
    layer_output=y["it's"])"""
from layers import conv, x, y
