"""Messages: what people say on a ticket.

A *message* is public (customer and team read it) or a *note* (only the team). It comes `in` from a customer or goes
`out` from the team. A reply template is a text an agent starts from.
"""
