def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


class Net:
    """The file has no line that the import could join, so each expansion imports, and a class keeps no name of it."""
    one = add([[1], []], amount=1)
    two = 2
    three = add([[two], []], amount=1

        ); four = add([[three], []]
        ); five = four

    def build(self):
        h = add([[self.four], []], amount=1)



        return h

    if two:

        six = add([[four], []])


result = add([[Net().build()], []], amount=1)

result += len([name for name in vars(Net) if "nas" in name])

