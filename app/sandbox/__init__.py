"""The mail sandbox: an installation starts in it. Mail goes to an embedded receiver, and sample people answer."""
