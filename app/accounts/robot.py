"""Who acts when nobody does: rules, clocks, mail."""

from app.accounts.person import Person


class Robot:
    """The robots, each a person row made on first use."""

    NAMES = ("system", "mail", "clock", "rules")

    @classmethod
    def named(cls, name: str) -> Person:
        robot = Person.find(robot=name)
        return robot or Person.create(name="Ventanilla", robot=name)

    @classmethod
    def system(cls) -> Person:
        return cls.named("system")

    @classmethod
    def mail(cls) -> Person:
        return cls.named("mail")

    @classmethod
    def clock(cls) -> Person:
        return cls.named("clock")
