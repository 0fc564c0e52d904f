"""Every kind of string that may carry an annotation."""


def build(x):
    a = conv([[x], []])






    b = conv([[a], []])



    c = conv([[b], []], path='C:\\d')







    pass; (
        )
    d = conv([[c], []])

    e = conv([[], []])




    return a
from layers import conv, pool
