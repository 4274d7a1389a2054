"""What training minimises: scalars, mean over the batch. Each names the plain loss that it falls back to."""
