"""The formats of exports."""

# By name: the file that a folder of the format holds. One that holds none is
# not replaced, so that a mistyped path cannot remove something else.
FORMATS = {"saved_model": "saved_model.pb"}
