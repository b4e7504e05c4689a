"""Mail: letters that come in, and how ours go out.

A *mailbox* is an address of ours that is fetched. The *ledger* accounts for every message fetched: what it was and
what became of it. Reading, classifying and threading are pure functions over bytes and values; a child process reads
(`reader`), so that a mail that breaks its limits costs nobody else's.
"""
