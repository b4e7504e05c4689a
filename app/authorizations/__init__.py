"""Authorizations: a customer's signed yes or no.

A *request* is the exact text somebody is asked to agree to, asked of one person. A *decision* is their answer, kept
with everything that shows later who gave it, how and when (SPEC W6). A *signature* is drawn or typed.
"""
