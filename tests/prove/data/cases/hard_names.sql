create schema "Sch ""ema";
create type "Sch ""ema"."Mo od" as enum ('a''b', 'C');
create table "Sch ""ema"."Ta.ble" (
  "Id" integer generated always as identity primary key,
  "se lect" text not null,
  "mo""od" "Sch ""ema"."Mo od" not null,
  "plinth number" integer not null,
  t integer not null,
  constraint "Chk x" check ("plinth number" > 3 and t < "plinth number")
);
create table "Sch ""ema".child ("Parent Id" integer not null references "Sch ""ema"."Ta.ble");
