"""What institutions say to each other: one module per subject, published as JSON Schema; see `kinds`."""
