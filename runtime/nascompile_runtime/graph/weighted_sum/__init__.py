"""What darts is made of.

| file | what it is about |
|---|---|
| `relaxation` | from architecture weights to what paths are multiplied with, and back to an architecture |
| `weights` | the architecture weights of a graph, and the gates that they open |
| `update` | a step on the architecture weights, by their gradient as it is (first order) |
| `unrolled` | the same, seen through a step of the model's own weights (second order) |
| `adam` | what the step does with the gradient |
| `selection` | the sub-architecture that a session runs, if one was given |
| `reading`, `history` | what the weights are and are read as, and the record of it |
"""
