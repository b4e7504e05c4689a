"""Conditions: what has to be so for a rule to act. A *fact* is something known of a mail or a ticket (its subject, its
sender); a condition compares one fact; several are joined by all or by any. Import rules, assignment rules, SLA
policies and views say what they know, and share everything else.
"""
