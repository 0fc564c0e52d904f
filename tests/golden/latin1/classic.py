# -*- coding: latin-1 -*-
"""Größen und Maße: an encoding cookie, and letters beyond ASCII."""; from nascompile_runtime.graph import classic as _nascompile
import tensorflow as tf

maß = "café"; größe = 3; _nascompile.get_next_parameter(); après = "déjà"


def aufbau(bild):
    é = "ü"; _nascompile.report_intermediate_result({'default': é, 'größe': größe}
        ); ö = "ß"
    höhe = _nascompile.sub_graph("input/aufbau", "höhe", layer_choice=[_nascompile.candidate("faltung(größe=1)", "h_he/faltung_gr_e_1", faltung, größe=1), _nascompile.candidate("faltung(größe=3, art='weiß')", "h_he/faltung_gr_e_3_art_wei", faltung, größe=3, art='weiß')],
        fixed_inputs=[bild], optional_inputs={"ö": ö}, optional_input_size=1)  # weiß
    länge = _nascompile.sub_graph("input/aufbau", "länge", layer_choice=[_nascompile.candidate("faltung(größe=5)", "l_nge/faltung_gr_e_5", faltung, größe=5), _nascompile.candidate("pfeil(form='\u2192')", "l_nge/pfeil_form", pfeil, form='\u2192')], fixed_inputs=[höhe])
  # Ende
    return länge
from layers import faltung, pfeil
