"""The grid language and the price: pure. No Django, no clock, no file; the day is always an argument."""
