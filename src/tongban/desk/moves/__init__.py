"""What officers do with a case, each on its page."""
