"""As on a machine where only the program's own requirements are installed: no PostgreSQL and no Redis driver."""

import sys

sys.modules.update({"psycopg": None, "psycopg2": None, "redis": None})
