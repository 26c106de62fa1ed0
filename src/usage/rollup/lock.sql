-- Readers go on; another recomputation waits.
lock table analytics.usage_rollups_hour in share row exclusive mode
