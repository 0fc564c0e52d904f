from net import elu, relu, x
# @nni.variable(nni.choice(0.1, 0.01), name=lr)
lr = 0.1
# @nni.function_choice(relu(x), elu(x), name=relu)
y = relu(x)
"""@nni.variable(nni.choice("adam", "sgd", True), name=name)"""
name = "adam"
