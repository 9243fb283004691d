"""The printed convention: its text as data, the frozen value of all that it says, how it is built and worded."""
