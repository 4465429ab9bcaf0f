"""The register, read at a desk."""
