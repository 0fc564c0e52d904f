"""Pictures of search spaces: layers with their candidates, and what flows from one to the next.

graph.py    annotations (and an architecture, whose path is shown) -> nodes and edges
layout.py   sizes and edges -> places: rows from top to bottom, with few crossings
svg.py      a picture for documents and browsers, light and dark
dot.py      the same graph for Graphviz
"""
