"""d"""

import click


@click.command()
def demo() -> int:
    """x"""
    return 0
