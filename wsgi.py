"""The application, as the web server and Flask's commands load it."""

import gc
import os
import sys

from peewee import OperationalError

from app.config import Config, ConfigError

try:
    config = Config.from_environment()
    config.insist_writable()  # before anything else opens a file there

    from app import create_app
    from app.lib import jobs, migrations

    app = create_app(config, announce=jobs.announcer(jobs.open_queue(config)))
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # a web server; the commands bring the database up to date
        migrations.insist()
except ConfigError as problem:
    sys.exit(f"Ventanilla cannot start. {problem}")
except OperationalError as problem:
    sys.exit(f"Ventanilla cannot start. The database cannot be used (DATABASE_URL): {str(problem).splitlines()[0]}")

# What is loaded now stays until the end: the collector need not look through it at every request.
gc.collect()
gc.freeze()
gc.set_threshold(2_000, 10, 3)
