"""What `reinforce` is made of: distributions over the values of a decision, given by logits, and what trains logits."""
