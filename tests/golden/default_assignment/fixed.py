"""Comments above assignments: plain Python runs the assignment, a mode runs the layer in its place."""


def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


class Net:
    pass


net, table = Net(), {}


plain = add([[1], []], amount=1)

typed: "int" = add([[plain], []], amount=3)


bracketed: int = add([[typed], []])

# The sum of both, for now.
middle = add([[typed], []], amount=1)



net . total = add([[middle], [plain]])  # what a first architecture gives


table['last'] = add([[net.total], []])




result = plain, typed, bracketed, net.total, table
