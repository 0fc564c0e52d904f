"""Where a report shares its lines, mode fixed leaves something that does nothing in as many lines."""
x = 1; pass
(
    ); y = 2
if x: (

    )
  # said about the report

print(x, y)
