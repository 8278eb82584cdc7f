"""The only room with Redis: commits, queues, lease, embedded server, backup."""
