"""Branding: our own companies, and how they look."""
