"""The law as tables: pure Python, no Django, no I/O, no clock, no chance.  The modules are the public surface."""
