def add(inputs, amount=0):
    return sum(inputs[0]) + sum(inputs[1]) + amount


class Net:
    """The file has no line that the import could join, so each expansion imports, and a class keeps no name of it."""
    """@nni.mutable_layer(layer_choice=[add(amount=1), add(amount=2)], fixed_inputs=[1], layer_output=one)"""
    two = 2
    """@nni.mutable_layers(
        {layer_choice: [add(amount=1), add(amount=2)], fixed_inputs: [two], layer_output: three},
        {layer_choice: [add()], fixed_inputs: [three], layer_output: four}
    )"""; five = four

    def build(self):
        """@nni.mutable_layer(
            layer_choice=[add(amount=1), add(amount=2)],
            fixed_inputs=[self.four],
            layer_output=h)"""
        return h

    if two:
        # @nni.mutable_layer(layer_choice=[add(), add(amount=2)], fixed_inputs=[four])
        six = add([[four], []])


"""@nni.mutable_layer(layer_choice=[add(amount=1), add(amount=2)],
    fixed_inputs=[Net().build()], layer_output=result)"""
result += len([name for name in vars(Net) if "nas" in name])
"""@nni.report_final_result(result)"""
