"""Timeline: what happened, as *events*.

An event is one thing that was done: by whom, when, to what. It is at once the history of a ticket, the audit
trail, the source of reports and the input of reactions (tasks/reactions.py).
"""
