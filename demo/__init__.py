"""The main job with nothing configured: a loopback indexer of public-domain books."""
