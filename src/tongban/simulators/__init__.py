"""Outside systems as separate HTTP programs for demonstrations and tests; they import nothing of this product."""
