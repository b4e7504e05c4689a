"""Ventanilla: a self-hosted support-ticket portal.

The map of the house. Features live in packages of their own, on shelves: `lib` knows no word of support; `timeline`,
`attachments` and `outbox` are what every feature writes; then `settings`, `organizations`, `branding`, `catalog`,
`accounts`; then what a ticket can do (`messages`, `authorizations`, `surveys`); then the hub, `tickets`; then what
works on tickets (`mail`, `sandbox`, `notifications`). Imports point down that list.

Rooms (`desk.py`, `portal.py`, `public.py` of a feature) show it to agents, to customers and to anybody. They stand
behind three doors, `app/desk.py`, `app/portal.py` and `app/public.py`, one guard each. `tasks/` works in the
background. The words of each feature are explained in its `__init__.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config


def create_app(config: Config | None = None, announce: Callable[[Any], None] | None = None) -> Flask:
    """Assembles the application: settings, libraries, doors. Touches no table and opens no connection.

    `announce` is told of each event after its commit: the tasks' reactions, or nobody.
    """
    # Imported here, so that `import app.lib.db` alone, or a child that reads mail, does not load the whole house.
    from flask import Flask
    from flask_wtf.csrf import CSRFProtect
    from werkzeug.middleware.proxy_fix import ProxyFix

    from app import cli, desk, frame, letters, portal, public, refusing
    from app.accounts import signin
    from app.config import Config
    from app.lib import assets, db, files, framing, inbound, limits, links, logs, pages, safety, secrets, turns
    from app.timeline.event import announce_to

    config = config or Config.from_environment()
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    keys = secrets.load(config)
    app.config.update(config.flask())
    app.secret_key = keys.derive("session").hex()
    app.config["SECRET_KEY_FALLBACKS"] = [key.hex() for key in keys.derive_all("session")[1:]]
    app.extensions["ventanilla"] = config
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies, x_host=0
        )

    if config.database_file:
        app.wsgi_app = turns.InTurn(app.wsgi_app)  # type: ignore[method-assign]

    logs.configure(config)
    secrets.use(keys)
    links.use(config.base_url)
    files.use(files.Store(config.data_dir / "files"))
    db.use(config.database_url, threads=config.web_threads)
    app.before_request(db.acquire)
    app.teardown_request(lambda _: db.release())

    logs.init_app(app)
    pages.init_app(app, config.templates_folder)
    inbound.init_app(app)
    assets.init_app(app)
    CSRFProtect(app)
    framing.init_app(app)
    signin.init_app(app)
    limits.init_app(app, config)
    safety.init_app(app, is_https=config.is_https)
    frame.init_app(app, config)
    refusing.init_app(app)
    letters.register_all()
    for door in (desk.desk, portal.portal, public.public):
        app.register_blueprint(door)
    cli.register(app)
    announce_to(announce)
    return app
