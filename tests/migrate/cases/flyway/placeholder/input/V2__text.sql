comment on table t is '${not one}';
