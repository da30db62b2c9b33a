"""The example county （示例县）, which does not exist: its definitions for the program."""
