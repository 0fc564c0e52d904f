"""Bodies on the line of their header. Nothing that needs a line of its own fits there."""
def build(x): h = conv([[x], []], size=1); return h
def report(x): pass
class Net: h = conv([[], []], size=1
    )
if build(1): pass; pass
else: pass
for step in range(3): (
    )
from layers import conv
