alter table builds rename column engine_metadata to private_plan;
