# -*- coding: latin-1 -*-
"""Größen und Maße: an encoding cookie, and letters beyond ASCII."""
import tensorflow as tf

maß = "café"; größe = 3; pass; après = "déjà"


def aufbau(bild):
    é = "ü"; (
        ); ö = "ß"
    with tf.compat.v1.variable_scope(None, "h_he/faltung_gr_e_1"):
        höhe = faltung([[bild], [ö]], größe=1)  # weiß
    with tf.compat.v1.variable_scope(None, "l_nge/faltung_gr_e_5"):
        länge = faltung([[höhe], []], größe=5)  # Ende
    return länge
from layers import faltung, pfeil
