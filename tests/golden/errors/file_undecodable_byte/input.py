"""@nni.get_next_parameter()"""
x = "café"
