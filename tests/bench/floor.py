"""The floor of a page: a bare Flask application of as many bytes, with a session cookie and three indexed queries."""

from flask import Flask, render_template, request, session
from peewee import CharField, DatabaseProxy, IntegerField, Model, SqliteDatabase, TextField
from playhouse.db_url import connect

from app.config import Config

database = DatabaseProxy()


class Row(Model):
    class Meta:
        database = database


class Ticket(Row):
    number = IntegerField(unique=True)
    subject = CharField()
    status = CharField()

    class Meta:
        table_name = "ticket"


class Person(Row):
    name = CharField()
    email = CharField()

    class Meta:
        table_name = "person"


class Company(Row):
    name = CharField()
    theme = CharField()

    class Meta:
        table_name = "company"


class Kept(Row):
    words = TextField()

    class Meta:
        table_name = "floor_row"


def create(config: Config) -> Flask:
    """What no page of a Flask application can do without, over the same database."""
    floor = Flask("floor", template_folder="templates", root_path=__file__.rpartition("/")[0])
    floor.secret_key = "only for the bench"
    if config.uses_postgres:
        database.initialize(connect(config.database_url, prefer_psycopg3=True, autoconnect=False))
    else:
        database.initialize(SqliteDatabase(config.database_file, pragmas={"journal_mode": "wal"}, autoconnect=False))
    with database.connection_context():
        database.create_tables([Kept])

    @floor.post("/row")
    def row() -> str:
        """One row, safe on the disk, from a form."""
        if database.is_closed():
            database.connect()
        if not config.uses_postgres:
            database.execute_sql("PRAGMA synchronous = 2")
        Kept.create(words=request.form["strokes"])
        return "kept"

    @floor.get("/page")
    def page() -> str:
        session["seen"] = session.get("seen", 0) + 1
        if database.is_closed():
            database.connect()
        return render_template(
            "floor.html",
            ticket=Ticket.get(Ticket.number == int(request.args["number"])),
            person=Person.get_by_id(1),
            company=Company.get_by_id(1),
            filling="x" * int(request.args["bytes"]),
        )

    return floor
