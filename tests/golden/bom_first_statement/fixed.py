h = conv([[], []], size=1)
from layers import conv
