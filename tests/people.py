"""The people of the tests: Ada leads, Ben is an agent, Carol may sign, Dan may not, Eve must never see their things."""

PASSWORD = "a quiet word for tests"
