"""@nni.get_next_parameter()"""
x = 1
return x
