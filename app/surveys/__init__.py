"""Surveys: what customers thought of it.

A *survey* is a list of *questions*: the generic one, and one per category where wanted. An *invitation* asks one
person about one ticket; it is answered once.
"""
