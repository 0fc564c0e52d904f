"""Two annotations on one line, also where the first ends and the second begins in mid-line."""
def build(x):
    a = conv([[], []]); b = conv([[], []])
    c = conv([[], []]

        ); d = pool([[c], []]


            )
    pass; pass
    return a, b, c, d
from layers import conv, pool
