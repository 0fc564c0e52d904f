# coding: latin-1
"""@nni.get_next_parameter()"""
