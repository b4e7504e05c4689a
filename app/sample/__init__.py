"""The sample company that `make run` and the pictures show: Frigal, built with the verbs."""
