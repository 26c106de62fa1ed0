-- The letters' case is lost to SQL; the engine kept the rows.
select 'nothing to do';
