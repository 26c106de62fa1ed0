alter table builds rename column private_plan to engine_metadata;
