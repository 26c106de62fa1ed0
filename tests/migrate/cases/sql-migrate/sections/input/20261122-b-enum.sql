-- +migrate Up notransaction
create type mood as enum ('calm');
alter type mood add value 'wild';

-- +migrate Down
drop type mood;
