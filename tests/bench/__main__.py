"""Prints the table of docs/benchmarks.md; ends with 1 where a bar does not hold."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from tests.bench.api import api_figures
from tests.bench.differential import differential_figures
from tests.bench.figures import markdown
from tests.bench.importing import import_figures
from tests.bench.memory import memory_figure
from tests.bench.requests import request_figures
from tests.bench.site import site_figures
from tests.bench.start import start_figures
from tests.bench.weight import weight_figures
from tests.integration.moto_server import MotoServer, reached
from tests.support.installation import Installation


def main() -> int:
    logging.getLogger("tacomail").addHandler(logging.NullHandler())  # the table is the only output
    with tempfile.TemporaryDirectory() as folder, MotoServer() as aws, reached(aws, Path(folder)):
        installation = Installation.make(Path(folder))
        figures = [
            *request_figures(aws, installation),
            memory_figure(aws, installation),
            *start_figures(aws, installation),
            *site_figures(aws, installation),
            *api_figures(aws),
            *weight_figures(),
            *import_figures(aws, installation),
            *differential_figures(),
        ]
    print(markdown(figures))  # noqa: T201  the output of this command
    return 1 if any(figure.fails for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
