"""What enas is made of: n-way conditionals in the graph itself. `build` is where to begin.

| file | what it is about |
|---|---|
| `build` | the conditional as a whole: candidates in, one merged output out |
| `fork`, `branch`, `switching`, `routes` | forward: switches, the operations of one candidate, the merge |
| `inputs`, `needs` | optional inputs, and producers that nobody chose |
| `single` | layers of one candidate, which are plain unless they can be skipped |
| `outputs`, `side_effects` | what candidates return, and what they leave in collections |
| `captures`, `carry`, `backward`, `gradients` | backward: what candidates take from outside, and its gradients |
| `differentiation`, `reach`, `presence`, `outside` | in which architectures a loss has a gradient for a variable |
| `isolation`, `assignments` | optimizers: updates gated by that, of processors and of assignments |
| `origins`, `kept`, `mixtures` | what gradients were made of, such as were kept, and such as are sparse at times |
| `runs`, `lost_steps` | what is looked at when a session runs: layers that do not, and steps that did nothing |
| `guard` | the uses that would go wrong without a word, refused |
"""
