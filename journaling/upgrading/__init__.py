"""From one version to the next: what is done, and what people have to do afterwards."""
