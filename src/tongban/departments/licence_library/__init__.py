"""The licence libraries (证照库) of county and province: they keep every licence with its state."""
