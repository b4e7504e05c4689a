"""Organizations: the companies customers belong to, and the equipment that stands there."""
