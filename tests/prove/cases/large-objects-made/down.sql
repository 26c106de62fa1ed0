-- plinth: keep=off reason="the texts are the notes’ own"
select lo_unlink(content)
from notes
where exists (select from pg_largeobject_metadata where oid = content);
alter table notes drop column content;
