"""Every page, as everybody who may open it, in a process of its own; then it says which modules that has loaded.

python -m tests.house.tour <data folder> <database> <secret> <paths as JSON: {email: [path, ...]}>
"""

import json
import sys
from pathlib import Path

from app import create_app
from app.accounts.person import Person
from app.config import Config
from app.lib import db
from tests.browsing import Client


def main(folder: str, database: str, secret: str, paths: str) -> None:
    app = create_app(
        Config(data_dir=Path(folder), database_url=database, secret_key=secret, base_url="http://localhost")
    )
    app.app_context().push()
    db.acquire()
    failed = {}
    for email, wanted in json.loads(paths).items():
        browser = Client(app).sign_in(Person.by_email(email)) if email else Client(app)
        for path in wanted:
            status = browser.http.get(path, buffered=True).status_code
            db.acquire()
            if status >= 400:
                failed[path] = status
    print(json.dumps({"failed": failed, "modules": sorted(name for name, module in sys.modules.items() if module)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
