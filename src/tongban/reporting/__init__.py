"""What is reported upward: recordings to the national platform, licences to the licence libraries."""
