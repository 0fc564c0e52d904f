def build(x):

    y = 1
    pass; return min(x, y)


class Net:

    size = 3
    (
        ); value = abs(size) + abs(size)


result = build(1) + Net.value
