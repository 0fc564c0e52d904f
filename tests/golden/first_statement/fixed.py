# An annotation may be the first statement. It is no docstring.
h = len([[0], []])



import os

print(h, os.getpid())
