"""What one recording does to the tables: its entries, the rows that follow from them, and how rows travel."""
