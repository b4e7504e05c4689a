"""As on a machine where only the program's own requirements are installed: no driver of PostgreSQL or
Redis, nothing that only the browser of the tests needs."""

import sys

sys.modules.update({"psycopg": None, "psycopg2": None, "redis": None, "greenlet": None})
