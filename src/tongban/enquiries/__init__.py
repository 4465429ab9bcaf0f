"""查询: applications to query the register, taken in at any window, answered and kept in a log by the home registry."""
