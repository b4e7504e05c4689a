"""What the bench's web server serves: the real application, and under /floor the bare one."""

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.bench import floor
from wsgi import app as real

# Behind the desk's door, and nothing else: what a poll that finds nothing new is held against.
real.add_url_rule("/desk/bench-empty", "desk.bench_empty", lambda: ("", 204))
app = DispatcherMiddleware(real.wsgi_app, {"/floor": floor.create(real.extensions["ventanilla"])})
