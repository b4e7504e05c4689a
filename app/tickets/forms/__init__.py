"""The forms about tickets, a module a subject."""
