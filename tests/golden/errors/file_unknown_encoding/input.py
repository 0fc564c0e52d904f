# coding: latin-one
"""@nni.get_next_parameter()"""
x = "é"
