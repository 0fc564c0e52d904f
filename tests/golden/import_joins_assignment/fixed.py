# Nothing is imported before the first annotation.
SIZE = 3; WIDTH = \
    4
h = conv([[], []], size=SIZE)
import os
from layers import conv
