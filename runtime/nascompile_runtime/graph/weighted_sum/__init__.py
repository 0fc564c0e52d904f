"""What darts is made of.

| file | what it is about |
|---|---|
| `relaxation` | from architecture weights to what paths are multiplied with, and back to an architecture |
| `weights` | the architecture weights of a graph, and the gates that they open |
| `adam`, `update` | a step on the architecture weights |
| `selection` | the sub-architecture that a session runs, if one was given |
| `history` | the record of the architecture weights |
"""
