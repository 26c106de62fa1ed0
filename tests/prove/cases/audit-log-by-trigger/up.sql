update accounts set name = upper(name);
