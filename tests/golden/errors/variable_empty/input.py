# @nni.variable()
x = 1
