import torch
from torch import nn


class Net(nn.Module):
    def forward(self, x):
        # @nni.mutable_layer(layer_choice=[abs(), len()], fixed_inputs=[x])
        h = torch.relu(x)
        # @nni.mutable_layer(layer_choice=[abs(), len()], fixed_inputs=[h])
        y = torch.relu(h)
        return y
