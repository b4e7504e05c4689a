"""Figures and charts of the desk (SPEC V2).

A *report* answers one question about the tickets within a *scope*: whose eyes, which days, which group, agent or
category. A *panel* is what one person has put together from reports, in their order.
"""
