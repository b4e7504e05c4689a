"""The children that read mail (app/mail/reader.py is what runs in them): for a web process, no more than their name."""

from app.lib.child import Pool

IDLE = 60.0  # seconds
MEMORY = 1024 * 1024 * 1024  # bytes; the largest mail is held several times: raw, decoded, its HTML as a tree

pool = Pool("app.mail.reader", idle=IDLE, memory=MEMORY)
