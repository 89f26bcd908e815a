"""The portal as its operator sees it: readiness, metrics, queues."""
