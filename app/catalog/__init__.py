"""Catalog: the lists an administrator keeps (SPEC T5): types, categories, services, priorities, origins, tags,
products and justifications. A shipped entry has a key and is shown in the reader's language until it is renamed.
"""
