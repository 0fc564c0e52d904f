"""One annotation in a loop is one layer: every turn builds on the same choice."""


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


result = 0
for step in range(4):
    result = add([[result], [step]], amount=10)

else:
    result = add([[result], []], amount=0.5)
while result < 100:
    result *= 2

