"""The electronic seal on PDF files: keys and certificates of seals, putting one on, reading one back."""
