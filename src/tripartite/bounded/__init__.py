"""Reading a stranger's file in a process of its own, with little time, memory and room: whatever a library does."""
