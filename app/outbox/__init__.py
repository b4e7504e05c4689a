"""Outbox: what is due to leave, as *deliveries*: one row for each letter and each recipient, written by the verb."""
