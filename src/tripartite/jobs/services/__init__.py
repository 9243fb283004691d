"""Starting, doing, stopping the jobs. A unit is one transaction: its act and its mark, or neither."""
