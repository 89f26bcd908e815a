"""Reports that could not be stored at once: kept on disk, stored later, or counted as refused."""
