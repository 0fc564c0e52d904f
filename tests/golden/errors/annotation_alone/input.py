# @nni.
x = 1
