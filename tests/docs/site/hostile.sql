-- Names and comments that would break a page that takes them for markup.
create schema "<script>window.broken=1</script>";
create table "<script>window.broken=1</script>"."</title><img src=x onerror=window.broken=2>" (
  "'""><svg onload=window.broken=3>" int primary key,
  "javascript:window.broken=4" text default '</td></table><script>window.broken=5</script>',
  "&lt;b&gt;" text check ("&lt;b&gt;" <> '<!--'),
  "a b/c?d#e%20" int
);
comment on table "<script>window.broken=1</script>"."</title><img src=x onerror=window.broken=2>" is
  E'<script>window.broken=6</script>\n\n`<img src=x onerror=window.broken=7>` --> ]]> \u2028 </script> & &amp;';
comment on column "<script>window.broken=1</script>"."</title><img src=x onerror=window.broken=2>"."&lt;b&gt;" is
  '</script><script>window.broken=8</script> zebra';
create table "<script>window.broken=1</script>"."a'b" (
  id int primary key references "<script>window.broken=1</script>"."</title><img src=x onerror=window.broken=2>"
);
comment on constraint "a'b_id_fkey" on "<script>window.broken=1</script>"."a'b" is '<b onclick=window.broken=9>meaning</b>';
create index "<i>""index" on "<script>window.broken=1</script>"."a'b" (id) where id <> 0;
comment on index "<script>window.broken=1</script>"."<i>""index" is '<u>serves</u>';
create type "<script>window.broken=1</script>"."enum<x>" as enum ('<script>window.broken=10</script>', '"');
create view "<script>window.broken=1</script>"."view&" as select '<script>window.broken=11</script>'::text as "<a href=x>";
create function "<script>window.broken=1</script>"."f<g>"() returns int language sql as 'select 1';
comment on function "<script>window.broken=1</script>"."f<g>"() is '<script>window.broken=12</script>';
