"""Annotations on a line with other statements: these stay where they are, before and behind."""
import os; pass; import sys

def build(x):
    x += 1; h = conv([[x], []], size=1); x = 2
    y = 1; h = conv([[x], []], size=1



        ); out = pool([[h], []]



        ); y = out ; z = 3  # the line of y and z
    x = 1; \
    pass; \
    z = y
    x = 2; (

        )
    pass; # a semicolon ends the line
    (

        ); return (x,
                  h)
from layers import conv, pool
