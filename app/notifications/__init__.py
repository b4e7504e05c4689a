"""Notifications: telling agents what happened on their tickets.

A *notification* is a letter to one agent about one event; each agent is told of an event once, and never of their own.
"""
