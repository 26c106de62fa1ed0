create table public.rooms (
  id int4range not null,
  at tstzrange not null,
  constraint rooms_pk primary key (id, at without overlaps)
);

create table public.stays (
  room int4range,
  at tstzrange,
  constraint stays_fk foreign key (room, period at) references public.rooms(id, period at)
);
