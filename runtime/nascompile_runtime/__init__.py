"""What compiled trials import: graphs of the search modes, the choice of architectures, reports of results."""
