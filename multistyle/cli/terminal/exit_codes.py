"""The exit codes of every verb."""

DONE = 0
SOME_FAILED = 1
WRONG_USE = 2
# What shells give a program that ended by Ctrl-C, and one whose reader left:
# 128, and the number of the signal.
INTERRUPTED = 130
READER_LEFT = 141
