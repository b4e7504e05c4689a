"""Attachments: files that people sent or that came in a mail.

An *original* is only ever downloaded; a *preview* is a picture that we made of it. A *draft's* file waits for its form.
"""
