"""Documents: a ticket as a PDF.

A *document* is the PDF of one revision of a ticket, for one face, language and zone: asked for on a page, made by the
worker, kept. It holds the public conversation and the evidence of authorizations, never a note.
"""
