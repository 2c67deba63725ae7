"""The page in the browser: its own files and its kernels."""
