-- What:  drops the trigger function. No trigger may still call it.
-- Locks: none on any table.

drop function platform.touch_updated_at();
