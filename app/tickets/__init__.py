"""Tickets: the hub.

A *ticket* is one customer's matter, from the first word to the last. Its *status* is one of a fixed table
(lifecycle.py); its *turn* says who must act: the team, the customer, or nobody for now. The *requester* is the
customer's person, the *assignee* the agent who has it. A *personal link* opens one ticket for one person.
"""
