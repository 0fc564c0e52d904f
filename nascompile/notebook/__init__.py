"""Notebooks: their code cells are one module to the compiler, and the file is theirs again when it is written."""
