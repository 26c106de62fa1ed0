-- What:  drops the record of where caps have bitten. The rollups keep what they have folded.
-- Locks: access exclusive on the table that goes.

drop table analytics.rollup_caps;
