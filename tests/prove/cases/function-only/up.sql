create function greet(name text) returns text language sql return 'hello ' || name;
