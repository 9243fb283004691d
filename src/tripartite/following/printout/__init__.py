"""What is given to be read outside: calendars for calendar programs, letters for deadlines."""
