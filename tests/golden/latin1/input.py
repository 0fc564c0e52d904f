# -*- coding: latin-1 -*-
"""Größen und Maße: an encoding cookie, and letters beyond ASCII."""
import tensorflow as tf

maß = "café"; größe = 3; """@nni.get_next_parameter()"""; après = "déjà"


def aufbau(bild):
    é = "ü"; """@nni.report_intermediate_result({"default": é,
        "größe": größe})"""; ö = "ß"
    """@nni.mutable_layer(layer_choice=[faltung(größe=1), faltung(größe=3, art='weiß')],
        fixed_inputs=[bild], optional_inputs=[ö], optional_input_size=1, layer_output=höhe)"""  # weiß
    # @nni.mutable_layer(layer_choice=[faltung(größe=5), pfeil(form='\u2192')], fixed_inputs=[höhe])
    länge = faltung([[höhe], []], größe=5)  # Ende
    return länge
from layers import faltung, pfeil
