"""What a bench may be asked for: help in the words of its own docstring, and a quick run."""

import argparse


def parser_of(description: str | None, *, quick: str) -> argparse.ArgumentParser:
    """Make the parser of a bench; ``quick`` says what ``--quick`` leaves out."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=quick)
    return parser


def is_quick_asked(description: str | None, quick: str) -> bool:
    """Say whether the command line asks for a quick run."""
    return parser_of(description, quick=quick).parse_args().quick
