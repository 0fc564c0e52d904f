h = conv([[], []], size=1)
