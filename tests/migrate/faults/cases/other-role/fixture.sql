do $$
begin
  create role plinth_fault_owner;
exception
  when duplicate_object or unique_violation then null;
end
$$;
grant all on schema app to plinth_fault_owner;
grant all on all tables in schema app to plinth_fault_owner;
