"""The command line of Tingchao (听潮): puts the parts together; nothing imports it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import NoReturn

import typer

import commands
from schemas.errors import UserError

app = typer.Typer(
    name="tingchao",
    help="听潮: public-opinion software that an agency runs itself.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _root() -> None:
    """听潮: public-opinion software that an agency runs itself."""


def _register(asked: str) -> None:
    """Each file of `commands/` with a `register` adds its commands: the one that is asked for
    where it has a file of its own, since some load much; else all."""
    names = {found.name.replace("_", "-") for found in pkgutil.iter_modules(commands.__path__)}
    for name in [asked] if asked in names else sorted(names):
        module = importlib.import_module(f"commands.{name.replace('-', '_')}")
        if hasattr(module, "register"):
            module.register(app)


def main() -> None:
    _register(sys.argv[1] if len(sys.argv) > 1 else "")
    try:
        app()
    except BrokenPipeError:  # the reader of our output has gone (… | head)
        sys.stderr.close()
        sys.exit(1)
    except UserError as error:
        _fail(error)
    except Exception as error:
        from infra.explain import explain

        known = explain(error)
        if known is None:
            raise
        _fail(known)


def _fail(error: UserError) -> NoReturn:
    print(f"tingchao: {error}", file=sys.stderr)
    sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
