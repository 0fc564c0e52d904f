"""What `nascompile` and `python -m nascompile` run. It imports nothing at first: Ctrl-C may come in that time, too."""

import sys


def main() -> None:
    """Run the command line; one that is interrupted while it is still imported says so like any other."""
    try:
        from nascompile.cli import main as run
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
