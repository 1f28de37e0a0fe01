"""Connection to the district's system: queue, sender, puller, reconciler and gateway."""
