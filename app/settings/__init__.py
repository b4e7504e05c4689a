"""Settings: choices of the installation, each declared once with its type, default and sentence."""
