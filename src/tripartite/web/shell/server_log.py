"""The logs of gunicorn, written as the others: no secret of an address, no control."""

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger

from tripartite.web.shell.log_lines import masked, visible


class Masked(logging.Formatter):
    """What another formatter writes, masked."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return masked(visible(self.inner.format(record)))


class ServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's own logger, whose every handler masks."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(Masked(handler.formatter or logging.Formatter()))
