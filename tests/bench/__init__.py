"""`make bench`: each figure beside its floor, measured in the same run; one JSON object a line."""
