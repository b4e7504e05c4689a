"""Structured logs: one line an event, for people or for machines, each with the id of its request."""

import logging
import re
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.config import Config

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SLOW = 1.0  # seconds

log = structlog.get_logger("web")


def configure(config: Config) -> None:
    """Sends our own events and those of every library through one format, to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.format_exc_info if config.log_format == "json" else _as_it_is,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(config)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.log_level.upper())
    for name in ("huey", "gunicorn.error", "gunicorn.access"):  # they brought handlers of their own
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("peewee").setLevel(logging.INFO)  # at debug it writes every statement with its values
    logging.getLogger("xhtml2pdf").setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of every connection


def _renderer(config: Config) -> structlog.typing.Processor:
    if config.log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def _as_it_is(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return event  # the console renderer writes tracebacks itself


def init_app(app: Flask) -> None:
    """Gives each request an id, returned in X-Request-ID, and one line in the log if it is worth reading."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _: clear_contextvars())


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if SANE_ID.fullmatch(given) else secrets.token_hex(8)
    g.request_began = time.perf_counter()
    bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    if "request_id" not in g:  # refused before it began, such as an untrusted host
        return response
    response.headers["X-Request-ID"] = g.request_id
    seconds = time.perf_counter() - g.request_began
    # A page that was read without trouble is noise; what changed something, failed or dragged is not.
    worth = response.status_code >= 400 or seconds > SLOW or request.method not in ("GET", "HEAD")
    if not worth and not logging.getLogger().isEnabledFor(logging.DEBUG):
        return response
    write = log.info if worth else log.debug
    write("request", method=request.method, path=shown_path(), status=response.status_code, ms=round(seconds * 1000))
    return response


def shown_path() -> str:
    """The path asked for; where it carries words (a link's token is one) only the rule, since logs are read by many."""
    if request.url_rule is None:  # no address of ours, but perhaps one with a token and a slash too many
        first, slash, rest = request.path[1:].partition("/")
        return f"/{first[:40]}/…" if rest else f"/{first[:40]}{slash}"
    carries_words = any(isinstance(value, str) for value in (request.view_args or {}).values())
    return str(request.url_rule) if carries_words else request.path
