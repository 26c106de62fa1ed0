truncate events restart identity;
