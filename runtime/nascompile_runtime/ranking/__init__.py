"""What deriving is made of: where architectures come from, their scores in order, and what is told of them."""
