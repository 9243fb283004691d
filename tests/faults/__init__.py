"""What breaks while the application works: its processes killed, its disk full, its base away, its clock wrong.

The installation of these tests is a real one (`world`), its processes are real (`driver`, and the commands of the
application), and what is read is what the database has committed (`bases`).
"""
