"""What generated code calls: one module a mode, named after the graph that it builds."""
