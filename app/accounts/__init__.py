"""Accounts: people and how they come in.

A *person* is anyone who acts: every `by` points at one. An *agent* works at the desk, a *contact* is a customer's
person; one human may be both. A *robot* acts when nobody does. A *group* is a team of agents.
"""
